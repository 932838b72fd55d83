"""The chain shows every change to the log."""

from dataclasses import replace
from datetime import UTC, datetime

from people.chain import BEFORE_THE_FIRST, Line, first_broken, line_hash

Link = tuple[Line, str, str]


def log(length: int = 5) -> list[Link]:
    links: list[Link] = []
    previous = BEFORE_THE_FIRST
    for seq in range(1, length + 1):
        at = datetime(2026, 11, 22, 2, seq, tzinfo=UTC)
        line = Line(seq, at, "user", "usr_1", "Lan", "area.create", "area", str(seq), "/", {})
        links.append((line, previous, line_hash(previous, line)))
        previous = links[-1][2]
    return links


def test_it_works() -> None:
    assert first_broken(log()) is None
    assert first_broken([]) is None


def test_a_changed_line_shows() -> None:
    links = log()
    links[2] = (replace(links[2][0], actor_name="Minh"), *links[2][1:])
    assert first_broken(links) == 3


def test_a_changed_line_with_a_fitting_hash_shows_at_the_next() -> None:
    links = log()
    forged = replace(links[2][0], actor_name="Minh")
    links[2] = (forged, links[2][1], line_hash(links[2][1], forged))
    assert first_broken(links) == 4


def test_a_dropped_line_shows() -> None:
    links = log()
    del links[2]
    assert first_broken(links) == 4


def test_a_dropped_beginning_shows() -> None:
    assert first_broken(log()[1:]) == 2


def test_a_changed_order_shows() -> None:
    links = log()
    links[1], links[2] = links[2], links[1]
    assert first_broken(links) == 3
