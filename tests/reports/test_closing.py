"""When reports are due: each day at their local times, and after an absence what was missed, once."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest

from reports.closing import AGGREGATE, UNIT, ReportingArea, due, read_time

ZONE = "Asia/Ho_Chi_Minh"
PROVINCE = ReportingArea("93", "/93/", ZONE, has_children=True)
WARD = ReportingArea("31321", "/93/31321/", ZONE, has_children=False)
DAY = date(2026, 11, 22)


def at(hour: int, minute: int = 0, day: int = 22) -> datetime:
    """A time in Hậu Giang, as the server sees it."""
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC) - timedelta(hours=7)


def names(now: datetime, made: set[tuple[str, date, str]] | None = None) -> list[tuple[str, int, str]]:
    return [(each.area, each.day.day, each.kind) for each in due([PROVINCE, WARD], frozenset(made or set()), now)]


def test_it_works() -> None:
    assert names(at(14, 59)) == []
    assert names(at(15, 0)) == [("93", 22, UNIT), ("31321", 22, UNIT)]
    assert names(at(16, 30)) == [("93", 22, UNIT), ("31321", 22, UNIT), ("93", 22, AGGREGATE)]


def test_what_is_made_is_not_due_again() -> None:
    assert names(at(16, 30), {("93", DAY, UNIT), ("31321", DAY, UNIT)}) == [("93", 22, AGGREGATE)]


def test_an_absence_is_made_good() -> None:
    yesterday = {("31321", date(2026, 11, 20), UNIT)}
    assert names(at(9, 0, day=22), yesterday) == [("31321", 21, UNIT)]


def test_a_long_absence_is_made_good_for_a_week() -> None:
    found = names(at(15, 0), {("31321", date(2026, 10, 1), UNIT), ("93", DAY, UNIT)})
    assert [day for code, day, _ in found if code == "31321"] == [15, 16, 17, 18, 19, 20, 21, 22]


def test_the_hours_are_those_of_the_area() -> None:
    tokyo = ReportingArea("t", "/t/", "Asia/Tokyo", has_children=False)
    assert [each.area for each in due([tokyo], frozenset(), at(13, 0))] == ["t"]


def test_numbers_end_with_the_last_whole_hour() -> None:
    early = ReportingArea("e", "/e/", ZONE, has_children=False, unit_closes=time(14, 20))
    (closing,) = due([early], frozenset(), at(14, 20))
    assert closing.counted_to == at(14, 0)


def test_a_parent_never_closes_before_its_units() -> None:
    odd = ReportingArea("o", "/o/", ZONE, has_children=True, aggregate_closes=time(9, 0))
    assert {each.closes_at for each in due([odd], frozenset(), at(15, 0))} == {at(15, 0)}


@pytest.mark.parametrize(("text", "read"), [("14:30", time(14, 30)), ("half past two", time(15)), (None, time(15))])
def test_a_setting_that_cannot_be_read_is_the_default(text: object, read: time) -> None:
    assert read_time(text, time(15)) == read
