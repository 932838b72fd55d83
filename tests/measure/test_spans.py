"""Which rows of the rollups add up to a span of days: each day once, and few rows."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from measure.models import DayCount, MonthCount
from measure.queries import Part, parts_of

DAY = timedelta(days=1)


def days_of(part: Part) -> list[date]:
    first, last = part.span
    return [first + DAY * n for n in range((last - first).days + 1)]


def test_it_works() -> None:
    """A year from the tenth of January: twelve months, less nine days before it and nine behind it."""
    assert parts_of(date(2026, 1, 10), date(2026, 12, 22)) == [
        Part(MonthCount, (date(2026, 1, 1), date(2026, 12, 31))),
        Part(DayCount, (date(2026, 1, 1), date(2026, 1, 9)), -1),
        Part(DayCount, (date(2026, 12, 23), date(2026, 12, 31)), -1),
    ]


@given(st.dates(date(2023, 1, 1), date(2025, 1, 1)), st.integers(0, 800))
def test_every_day_counts_once(first: date, more: int) -> None:
    last = first + DAY * more
    counted: Counter[date] = Counter()
    for part in parts_of(first, last):
        for day in days_of(part):
            counted[day] += part.sign
    assert {day: n for day, n in counted.items() if n} == {first + DAY * n: 1 for n in range(more + 1)}


@given(st.dates(date(2023, 1, 1), date(2025, 1, 1)), st.integers(0, 800))
def test_months_are_whole_and_few_days_are_read(first: date, more: int) -> None:
    for part in parts_of(first, first + DAY * more):
        if part.model is MonthCount:
            assert part.span[0].day == (part.span[1] + DAY).day == 1
        else:
            assert len(days_of(part)) <= 15


def test_a_span_that_ends_before_it_begins_is_empty() -> None:
    assert [days_of(part) for part in parts_of(date(2026, 3, 2), date(2026, 3, 1))] == [[]]
