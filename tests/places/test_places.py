"""Areas and locations as they are kept, on both engines."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy.orm import Session

from core.db import Database
from core.errors import Conflict, Invalid, NotFound
from places import actions, queries
from tests.support.clock import MORNING


@pytest.fixture
def province(db: Database) -> Database:
    def fill(s: Session) -> None:
        actions.create_area(s, code="93", name="Hậu Giang", kind="province", population=733017, now=MORNING)
        actions.create_area(s, code="93-1", name="Phường Vị Thanh", parent="93", kind="ward", now=MORNING)
        actions.create_area(s, code="93-2", name="Xã Ánh Dương", parent="93", kind="commune", now=MORNING)
        actions.create_location(s, code="L1", name="Bến xe", area="93-1", venue_kind="bus_station", now=MORNING)

    db.write(fill)
    return db


def test_it_works(province: Database) -> None:
    with province.read() as s:
        assert queries.area(s, "93-1").path == "/93/93-1/"
        assert [each.code for each in queries.children(s, "93")] == ["93-1", "93-2"]
        assert [each.code for each in queries.areas(s, ["/93/93-1/"])] == ["93-1"]
        assert queries.location(s, "L1").area_path == "/93/93-1/"
        assert queries.open_counts(s, "/93/") == (2, 1)


def test_lists_come_in_vietnamese_order_and_can_be_taken_up_again(province: Database) -> None:
    with province.read() as s:
        everything = queries.areas(s)
        assert [each.name for each in everything] == ["Hậu Giang", "Phường Vị Thanh", "Xã Ánh Dương"]
        first = everything[0]
        assert queries.areas(s, after=(first.sort_key, first.code), limit=1) == [everything[1]]


@pytest.mark.parametrize(("asked", "found"), [("anh duong", ["93-2"]), ("93-1", ["93-1"]), ("%", []), ("", 3)])
def test_a_search_finds_names_and_codes(province: Database, asked: str, found: Any) -> None:
    with province.read() as s:
        codes = [each.code for each in queries.areas(s, search=asked)]
    assert (len(codes) if isinstance(found, int) else codes) == found


def test_codes_that_differ_in_case_are_different_areas(province: Database) -> None:
    for code in ("ab", "AB"):
        province.write(lambda s, code=code: actions.create_area(s, code=code, name=code, now=MORNING))
    with province.read() as s:
        assert [each.code for each in queries.areas(s, ["/ab/"])] == ["ab"]


def test_no_path_sees_nothing(province: Database) -> None:
    with province.read() as s:
        assert queries.areas(s, []) == []


def test_a_setting_holds_below_until_somebody_says_otherwise(province: Database) -> None:
    province.write(lambda s: actions.update_area(s, "93", {"settings": {"four_eyes": True}}, now=MORNING))
    province.write(lambda s: actions.update_area(s, "93-2", {"settings": {"four_eyes": False}}, now=MORNING))
    with province.read() as s:
        assert queries.setting(s, "/93/93-1/", "four_eyes", False) is True
        assert queries.setting(s, "/93/93-2/", "four_eyes", False) is False
        assert queries.setting(s, "/94/", "four_eyes", False) is False


def test_a_branch_moves_with_its_locations(province: Database) -> None:
    province.write(lambda s: actions.create_area(s, code="92", name="Cần Thơ", now=MORNING))
    moved = province.write(lambda s: actions.move_area(s, "93", "92", now=MORNING))
    assert moved == ("/93/", "/92/93/")
    with province.read() as s:
        assert queries.area(s, "93-1").path == "/92/93/93-1/"
        assert queries.location(s, "L1").area_path == "/92/93/93-1/"


def test_what_was_closed_can_be_opened_again(province: Database) -> None:
    province.write(lambda s: actions.close_location(s, "L1", now=MORNING))
    province.write(lambda s: actions.close_area(s, "93-1", now=MORNING))
    with province.read() as s:
        assert queries.locations(s) == []
        assert len(queries.locations(s, closed=True)) == 1
    province.write(lambda s: actions.reopen_area(s, "93-1", now=MORNING))
    province.write(lambda s: actions.reopen_location(s, "L1", now=MORNING))
    with province.read() as s:
        assert len(queries.locations(s)) == 1


def test_names_are_kept_composed_and_on_one_line(province: Database) -> None:
    made = province.write(
        lambda s: actions.create_area(s, code="x", name=" Vi\u0323\n Thanh\u202e ", parent="93", now=MORNING)
    )
    assert made.name == "Vị Thanh"
    assert made.folded == "vi thanh"


REFUSED: list[tuple[type[Exception], Callable[[Session], object]]] = [
    (Conflict, lambda s: actions.create_area(s, code="93", name="again", now=MORNING)),
    (Conflict, lambda s: actions.close_area(s, "93", now=MORNING)),
    (Conflict, lambda s: actions.create_location(s, code="L1", name="x", area="93", venue_kind="port", now=MORNING)),
    (Invalid, lambda s: actions.create_area(s, code="a/b", name="x", now=MORNING)),
    (Invalid, lambda s: actions.create_area(s, code="x", name="  ", now=MORNING)),
    (Invalid, lambda s: actions.create_area(s, code="x", name="x", parent="nowhere", now=MORNING)),
    (Invalid, lambda s: actions.create_area(s, code="x", name="x", population=-1, now=MORNING)),
    (Invalid, lambda s: actions.create_area(s, code="x", name="x", population=True, now=MORNING)),
    (Invalid, lambda s: actions.create_area(s, code="x", name="x", colour="red", now=MORNING)),
    (Invalid, lambda s: actions.move_area(s, "93", "93-1", now=MORNING)),
    (Invalid, lambda s: actions.move_area(s, "93", "93", now=MORNING)),
    (Invalid, lambda s: actions.update_area(s, "93", {"settings": {"colour": 1}}, now=MORNING)),
    (Invalid, lambda s: actions.update_area(s, "93", {"path": "/"}, now=MORNING)),
    (Invalid, lambda s: actions.create_location(s, code="x", name="x", area="93", venue_kind="moon", now=MORNING)),
    (Invalid, lambda s: actions.update_location(s, "L1", {"latitude": 91.0}, now=MORNING)),
    (Invalid, lambda s: actions.update_location(s, "L1", {"tags": "market"}, now=MORNING)),
    (NotFound, lambda s: actions.update_area(s, "nowhere", {}, now=MORNING)),
    (NotFound, lambda s: actions.close_location(s, "nowhere", now=MORNING)),
]


@pytest.mark.parametrize("which", range(len(REFUSED)))
def test_what_cannot_be_is_refused(province: Database, which: int) -> None:
    error, attempt = REFUSED[which]
    with pytest.raises(error):
        province.write(attempt)
    with province.read() as s:
        assert len(queries.areas(s, closed=True)) == 3
        assert len(queries.locations(s, closed=True)) == 1


def test_a_closed_parent_takes_nothing_new(province: Database) -> None:
    province.write(lambda s: actions.close_area(s, "93-2", now=MORNING))
    with pytest.raises(Invalid, match="no open area"):
        province.write(lambda s: actions.create_area(s, code="x", name="x", parent="93-2", now=MORNING))
