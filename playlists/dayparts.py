"""Hours of a placement: weekdays, times of the local day, date ranges, holidays.

A daypart belongs to the day on which it starts: Friday 22:00–02:00 also covers Saturday's first two hours, and the
date range and the holidays are those of Friday. What counts is the wall clock at the location: an hour that daylight
saving repeats is played twice, one that it skips is not played. Every window is half-open.
"""

from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Literal

from playlists.zones import DAY_MS, MINUTE_MS, day_number, day_of, stretches

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MINUTES_A_DAY = 24 * 60
OnHolidays = Literal["play", "skip", "only"]


@dataclass(frozen=True, slots=True)
class Daypart:
    """From minute ``start`` to minute ``end`` of the days named; an ``end`` before ``start`` is on the next day.

    ``days`` empty means every day. ``first_date`` and ``last_date`` are both included.
    """

    start: int = 0
    end: int = MINUTES_A_DAY
    days: tuple[str, ...] = ()
    first_date: date | None = None
    last_date: date | None = None

    @property
    def minutes(self) -> int:
        """How long it lasts, on the wall clock."""
        return (self.end - self.start) % MINUTES_A_DAY or (MINUTES_A_DAY if self.end != self.start else 0)

    def starts_on(self, day: date) -> bool:
        """Whether the daypart has a window that belongs to this date."""
        if self.days and DAYS[day.weekday()] not in self.days:
            return False
        return (self.first_date is None or self.first_date <= day) and (self.last_date is None or day <= self.last_date)


@dataclass(frozen=True, slots=True)
class Holiday:
    """Days that are not as others, first and last included; ``area`` empty means everywhere."""

    name: str
    first: date
    last: date
    area: str = ""


@dataclass(frozen=True, slots=True)
class Hours:
    """When a placement plays within its campaign's dates; no daypart means round the clock."""

    dayparts: tuple[Daypart, ...] = ()
    on_holidays: OnHolidays = "play"

    def belongs(self, day: date, holidays: tuple[Holiday, ...]) -> bool:
        """Whether windows may begin on this date, as far as holidays are concerned."""
        if self.on_holidays == "play":
            return True
        held = any(one.first <= day <= one.last for one in holidays)
        return held == (self.on_holidays == "only")


WHOLE_DAY = (Daypart(),)
ALWAYS = Hours()


@lru_cache(maxsize=8192)
def windows(hours: Hours, zone: str, start: int, until: int, holidays: tuple[Holiday, ...] = ()) -> "array[int]":
    """All windows within [start, until) in ms since 1970: begin, end, begin, end …, sorted, apart from each other."""
    if not hours.dayparts and hours.on_holidays == "play":
        return array("q", (start, until) if start < until else ())
    return _merged(sorted(_pieces(hours, zone, start, until, holidays)))


def _pieces(
    hours: Hours, zone: str, start: int, until: int, holidays: tuple[Holiday, ...]
) -> Iterator[tuple[int, int]]:
    for begun, ended, offset in stretches(zone, start, until):
        first = (begun + offset) // DAY_MS - 1  # the evening before may reach into this stretch
        last = (ended - 1 + offset) // DAY_MS
        for number in range(first, last + 1):
            for opens, closes in _on(hours, number, holidays):
                opens, closes = max(opens - offset, begun), min(closes - offset, ended)
                if opens < closes:
                    yield opens, closes


def _on(hours: Hours, number: int, holidays: tuple[Holiday, ...]) -> Iterator[tuple[int, int]]:
    """The windows that belong to one date, in ms of the wall clock."""
    day = day_of(number)
    if not hours.belongs(day, holidays):
        return
    for part in hours.dayparts or WHOLE_DAY:
        if part.starts_on(day):
            opens = number * DAY_MS + part.start * MINUTE_MS
            yield opens, opens + part.minutes * MINUTE_MS


def _merged(pieces: list[tuple[int, int]]) -> "array[int]":
    flat = array("q")
    for opens, closes in pieces:
        if flat and opens <= flat[-1]:
            flat[-1] = max(flat[-1], closes)
        else:
            flat.extend((opens, closes))
    return flat


def minute_of(text: str) -> int | None:
    """Minutes since midnight of ``HH:MM``, 24:00 included; None if it is no time of day."""
    hours, colon, minutes = text.partition(":")
    if not (
        colon and len(hours) == 2 and len(minutes) == 2 and (hours + minutes).isascii() and (hours + minutes).isdigit()
    ):
        return None
    value = int(hours) * 60 + int(minutes)
    return value if int(minutes) < 60 and value <= MINUTES_A_DAY else None


def clock_of(minute: int) -> str:
    """``HH:MM`` of minutes since midnight."""
    return f"{minute // 60:02}:{minute % 60:02}"


def overlap(first: Daypart, second: Daypart) -> bool:
    """Whether two dayparts ever cover the same minute (by weekday, the week wrapping round)."""
    if _apart(first, second) or _apart(second, first):
        return False
    return any(a < d and c < b for a, b in _week(first) for c, d in _week(second))


def _apart(first: Daypart, second: Daypart) -> bool:
    """The first one's dates, and the night after, lie before the second one's."""
    if first.last_date is None or second.first_date is None:
        return False
    spill = 1 if first.start + first.minutes > MINUTES_A_DAY else 0
    return day_number(first.last_date) + spill < day_number(second.first_date)


def _week(part: Daypart) -> Iterator[tuple[int, int]]:
    """Its minutes of the week; what passes Sunday's midnight comes again at Monday's."""
    for number, name in enumerate(DAYS):
        if not part.days or name in part.days:
            opens = number * MINUTES_A_DAY + part.start
            closes = opens + part.minutes
            yield opens, closes
            if closes > 7 * MINUTES_A_DAY:
                yield opens - 7 * MINUTES_A_DAY, closes - 7 * MINUTES_A_DAY
