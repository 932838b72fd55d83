"""Operating hours in local time."""

from datetime import datetime

import pytest

from places.hours import faults, minutes, open_at

MARKET = [{"days": ["mon", "tue"], "from": "05:00", "to": "11:30"}]
NIGHT = [{"days": ["sat"], "from": "18:00", "to": "02:00"}]


def local(day: int, time: str) -> datetime:
    """2026-11-<day>; the 23rd is a Monday."""
    return datetime.fromisoformat(f"2026-11-{day}T{time}")


def test_it_works() -> None:
    assert open_at(MARKET, local(23, "05:00"))
    assert open_at(MARKET, local(23, "11:29"))
    assert not open_at(MARKET, local(23, "11:30"))
    assert not open_at(MARKET, local(25, "06:00"))


def test_no_hours_are_all_hours() -> None:
    assert open_at([], local(23, "03:00"))


def test_past_midnight_belongs_to_the_day_before() -> None:
    assert open_at(NIGHT, local(28, "23:59"))
    assert open_at(NIGHT, local(29, "01:59"))
    assert not open_at(NIGHT, local(29, "02:00"))
    assert not open_at(NIGHT, local(28, "01:00"))


def test_a_whole_day_ends_at_24() -> None:
    assert open_at([{"days": ["mon"], "from": "00:00", "to": "24:00"}], local(23, "23:59"))


def test_good_hours_have_no_faults() -> None:
    assert faults(MARKET + NIGHT) == []


@pytest.mark.parametrize(
    ("window", "said"),
    [
        ({"days": [], "from": "05:00", "to": "06:00"}, "days must be some of"),
        ({"days": ["funday"], "from": "05:00", "to": "06:00"}, "days must be some of"),
        ({"days": "mon", "from": "05:00", "to": "06:00"}, "days must be some of"),
        ({"days": ["mon"], "from": "5am", "to": "06:00"}, "from must be a time of day"),
        ({"days": ["mon"], "from": "05:00"}, "to must be a time of day"),
        ({"days": ["mon"], "from": "24:00", "to": "06:00"}, "from must be before 24:00"),
        ({"days": ["mon"], "from": "05:00", "to": "06:00", "note": "x"}, "unknown member 'note'"),
    ],
)
def test_a_fault_says_what_is_wrong(window: dict[str, object], said: str) -> None:
    assert said in "; ".join(faults([window]))


@pytest.mark.parametrize("text", ["24:01", "7:30", "07:60", "٠٧:٣٠", ""])
def test_what_is_no_time_of_day_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a time of day"):
        minutes(text)
