"""Which hours clocks called by a number, in places whose clocks change too."""

from __future__ import annotations

from datetime import date

import pytest

from measure.hours import HOUR_MS, hours_of_day

HOME = "Asia/Ho_Chi_Minh"


def test_it_works() -> None:
    assert hours_of_day(date(2026, 11, 22), date(2026, 11, 23), "UTC", 5) == [1_795_323_600_000, 1_795_410_000_000]


def test_only_of_a_weekday() -> None:
    found = hours_of_day(date(2026, 11, 1), date(2026, 11, 30), HOME, 9, weekday=6)
    assert len(found) == 5
    assert {(later - found[0]) % (7 * 24 * HOUR_MS) for later in found} == {0}


@pytest.mark.parametrize(("hour", "times"), [(2, 2), (3, 1)])
def test_an_hour_that_comes_twice_is_there_twice(hour: int, times: int) -> None:
    assert len(hours_of_day(date(2026, 10, 25), date(2026, 10, 25), "Europe/Berlin", hour)) == times


def test_an_hour_that_is_left_out_is_not_there() -> None:
    assert hours_of_day(date(2026, 3, 29), date(2026, 3, 29), "Europe/Berlin", 2) == []


def test_hours_begin_where_the_zone_begins_them() -> None:
    (found,) = hours_of_day(date(2026, 11, 22), date(2026, 11, 22), "Asia/Kolkata", 9)
    assert found % HOUR_MS == HOUR_MS // 2
