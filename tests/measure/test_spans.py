"""Which rows of the rollups add up to a span of days: each day once, and few rows."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from measure.spans import Grain, Part, begin_of, parts_of

DAY = timedelta(days=1)
some_day = st.dates(date(2023, 1, 1), date(2025, 1, 1))


def days_of(part: Part) -> list[date]:
    first, last = part.span
    return [first + DAY * n for n in range((last - first).days + 1)]


def rows_of(part: Part) -> int:
    """How many periods a part has to read."""
    return len({begin_of(day, part.grain) for day in days_of(part)})


def test_it_works() -> None:
    """A year from the tenth of January: twelve months, less nine days before it and a dekad and two days behind it."""
    parts = parts_of(date(2026, 1, 10), date(2026, 12, 18))
    assert sorted(parts, key=str) == sorted(
        [
            Part(Grain.MONTH, (date(2026, 1, 1), date(2026, 12, 31))),
            Part(Grain.DEKAD, (date(2026, 1, 1), date(2026, 1, 10)), -1),
            Part(Grain.DAY, (date(2026, 1, 10), date(2026, 1, 10))),
            Part(Grain.DEKAD, (date(2026, 12, 21), date(2026, 12, 31)), -1),
            Part(Grain.DAY, (date(2026, 12, 19), date(2026, 12, 20)), -1),
        ],
        key=str,
    )


def test_a_calendar_year_is_twelve_months() -> None:
    assert parts_of(date(2026, 1, 1), date(2026, 12, 31)) == [Part(Grain.MONTH, (date(2026, 1, 1), date(2026, 12, 31)))]


@given(some_day, st.integers(0, 800))
def test_every_day_counts_once(first: date, more: int) -> None:
    last = first + DAY * more
    counted: Counter[date] = Counter()
    for part in parts_of(first, last):
        for day in days_of(part):
            counted[day] += part.sign
    assert {day: n for day, n in counted.items() if n} == {first + DAY * n: 1 for n in range(more + 1)}


@given(some_day, st.integers(0, 800))
def test_periods_are_whole(first: date, more: int) -> None:
    """A dekad or a month is read as one row, so a part begins with one and ends before the next."""
    for part in parts_of(first, first + DAY * more):
        begin, behind = part.span[0], part.span[1] + DAY
        assert (begin_of(begin, part.grain), begin_of(behind, part.grain)) == (begin, behind)


@given(some_day, st.integers(0, 800))
def test_few_rows_are_read(first: date, more: int) -> None:
    """Besides whole months, seven rows at either end: one dekad, and six days (five in the middle of a month)."""
    parts = parts_of(first, first + DAY * more)
    assert sum(rows_of(part) for part in parts if part.grain is not Grain.MONTH) <= 14
    assert sum(rows_of(part) for part in parts) <= more + 1


def test_a_span_that_ends_before_it_begins_is_empty() -> None:
    assert parts_of(date(2026, 3, 2), date(2026, 3, 1)) == []
