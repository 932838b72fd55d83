"""The local hour and day in which something happened.

Every offset in use is a multiple of fifteen minutes and every change of offset falls on one, so the
answer is the same for the whole quarter of an hour and is remembered for it.
"""

from __future__ import annotations

from datetime import date, datetime, time
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

QUARTER_MS = 900_000
HOUR_MS = 3_600_000


class LocalHour(NamedTuple):
    """A local hour: when it began (ms since 1970, UTC) and the local date it belongs to."""

    start_ms: int
    day: date


@lru_cache(maxsize=512)
def zone(name: str) -> ZoneInfo:
    """The IANA zone of that name."""
    return ZoneInfo(name)


@lru_cache(maxsize=65_536)
def _hour_of_quarter(timezone: str, quarter: int) -> LocalHour:
    local = datetime.fromtimestamp(quarter * QUARTER_MS / 1000, zone(timezone))
    into_hour_ms = (local.minute * 60 + local.second) * 1000
    return LocalHour(quarter * QUARTER_MS - into_hour_ms, local.date())


def local_hour(at_ms: int, timezone: str) -> LocalHour:
    """The local hour of an instant (ms since 1970) in an IANA zone."""
    return _hour_of_quarter(timezone, at_ms // QUARTER_MS)


def day_bounds_ms(day: date, timezone: str) -> tuple[int, int]:
    """When a local day begins and ends, in ms since 1970; the end is the next day's beginning."""
    tz = zone(timezone)
    begin, end = (datetime.combine(each, time(), tz) for each in (day, date.fromordinal(day.toordinal() + 1)))
    return int(begin.timestamp() * 1000), int(end.timestamp() * 1000)


def hours_of_day(first: date, last: date, timezone: str, hour: int, weekday: int | None = None) -> list[int]:
    """When that local hour (0-23) of each of these days began (ms since 1970), or of those on a weekday (Monday 0).

    An hour that a change of clocks repeats is there twice, one that it leaves out is not.
    """
    tz, found = zone(timezone), set()
    for number in range(first.toordinal(), last.toordinal() + 1):
        day = date.fromordinal(number)
        if weekday is None or day.weekday() == weekday:
            for fold in (0, 1):
                at_ms = int(datetime.combine(day, time(hour, fold=fold), tz).timestamp() * 1000)
                if datetime.fromtimestamp(at_ms / 1000, tz).hour == hour:
                    found.add(local_hour(at_ms, timezone).start_ms)
    return sorted(found)
