"""Our kinds of place and the OpenOOH taxonomy."""

import pytest

from places.venues import VENUES


def test_it_works() -> None:
    station = VENUES["train_station"]
    assert (station.name("vi"), station.name("en")) == ("Ga tàu hỏa", "Train station")
    assert (station.openooh, station.openooh_1_1) == (10604, 106)


def test_kinds_and_names_are_unique() -> None:
    for names in ([v.kind for v in VENUES.values()], [v.vi for v in VENUES.values()], [v.en for v in VENUES.values()]):
        assert len(set(names)) == len(names)


@pytest.mark.parametrize("kind", ["train_station", "port", "metro_station", "market", "hospital", "public_square"])
def test_what_1_1_does_not_know_falls_back_to_something_it_does(kind: str) -> None:
    newer = {10604, 10703, 10503, 216, 504, 304}
    assert VENUES[kind].openooh in newer
    assert VENUES[kind].openooh_1_1 not in newer


def test_every_id_is_at_least_a_child_category() -> None:
    assert all(v.openooh is None or v.openooh >= 101 for v in VENUES.values())


def test_a_place_without_a_word_there_keeps_ours() -> None:
    assert VENUES["commune_office"].openooh is None
    assert VENUES["commune_office"].name("ko") == "People's Committee office"
