"""Which days, dekads and months add up to a span of days: each day once, and in few rows.

A dekad is a third of a month, as meteorologists count: from the 1st, from the 11th, and from the 21st to its end.
"""

from __future__ import annotations

from datetime import date, timedelta
from enum import Enum
from typing import NamedTuple

_DAY = timedelta(days=1)


class Grain(Enum):
    """How long the periods are that counts are kept by; the beginning of a longer one is that of a shorter one."""

    DAY = "day"
    DEKAD = "dekad"
    MONTH = "month"


_GRAINS = tuple(Grain)


class Part(NamedTuple):
    """The periods that begin in a span (both its days included), to be added or taken off."""

    grain: Grain
    span: tuple[date, date]
    sign: int = 1


def begin_of(day: date, grain: Grain) -> date:
    """The first day of the period that a day lies in."""
    if grain is Grain.DAY:
        return day
    return day.replace(day=1 if grain is Grain.MONTH else _third(day) * 10 + 1)


def last_of_month(day: date) -> date:
    """The last day of the month that a day lies in."""
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1) - _DAY


def _third(day: date) -> int:
    return min((day.day - 1) // 10, 2)


def parts_of(first: date, last: date) -> list[Part]:
    """What sums up to these days, both included: long periods, and the short ones that they lack or have too many."""
    return _parts(first, last + _DAY, _GRAINS)


def _parts(begin: date, end: date, grains: tuple[Grain, ...]) -> list[Part]:
    grain, *longer = grains
    plain = [Part(grain, (begin, end - _DAY))] if begin < end else []
    if not longer or not plain:
        return plain
    head, tail = _nearest(begin, longer[0]), _nearest(end, longer[0])
    ends = [*_between(head, begin, grain, 1), *_between(tail, end, grain, -1)]
    return min(plain, _parts(head, tail, tuple(longer)) + ends, key=_rows)


def _between(mark: date, day: date, grain: Grain, sign: int) -> list[Part]:
    """The periods between a day and the mark that stands for it: too many, or lacking, where a span begins at it."""
    if day == mark:
        return []
    return [Part(grain, (mark, day - _DAY), -sign) if mark < day else Part(grain, (day, mark - _DAY), sign)]


def _nearest(day: date, grain: Grain) -> date:
    """The beginning of a period that is nearest to this day."""
    before = begin_of(day, grain)
    after = begin_of(before + timedelta(days=31 if grain is Grain.MONTH else 11), grain)
    return before if day - before <= after - day else after


def _rows(parts: list[Part]) -> int:
    return sum(_number(last, grain) - _number(first, grain) + 1 for grain, (first, last), _ in parts)


def _number(day: date, grain: Grain) -> int:
    """The number of the period that a day lies in; the next one has the next."""
    months = day.year * 12 + day.month
    return {Grain.DAY: day.toordinal(), Grain.DEKAD: months * 3 + _third(day), Grain.MONTH: months}[grain]
