"""Time zones as stretches of constant offset, so that wall-clock rules become plain arithmetic.

All in integers: ``utc`` in ms since 1970; ``local`` in ms since 1970 on the wall clock.
"""

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

SECOND_MS = 1_000
MINUTE_MS = 60 * SECOND_MS
HOUR_MS = 60 * MINUTE_MS
DAY_MS = 24 * HOUR_MS
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_EPOCH_DAY = date(1970, 1, 1).toordinal()


class Stretch(NamedTuple):
    """In [start, until) the wall clock shows utc + offset."""

    start: int
    until: int
    offset: int


def is_zone(name: str) -> bool:
    """Whether this is the name of a time zone in the IANA database."""
    try:
        return bool(name) and ZoneInfo(name).key == name
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False


def day_number(day: date) -> int:
    """Days since 1970."""
    return day.toordinal() - _EPOCH_DAY


def day_of(number: int) -> date:
    """The date that many days after 1970."""
    return date.fromordinal(number + _EPOCH_DAY)


def offset_at(zone: str, utc: int) -> int:
    """ms that the wall clock is ahead of UTC."""
    moment = (_EPOCH + timedelta(milliseconds=utc)).astimezone(ZoneInfo(zone))
    return int((moment.utcoffset() or timedelta()) / timedelta(milliseconds=1))


def local_of(zone: str, utc: int) -> int:
    """What the wall clock shows."""
    return utc + offset_at(zone, utc)


def stretches(zone: str, start: int, until: int) -> list[Stretch]:
    """The stretches of constant offset that cover [start, until), cut to it."""
    first, last = start // _YEAR_MS, (until - 1) // _YEAR_MS
    found = [
        Stretch(max(one.start, start), min(one.until, until), one.offset)
        for year in range(first, last + 1)
        for one in _year(zone, year)
        if one.start < until and start < one.until
    ]
    return _joined(found)


_YEAR_MS = 366 * DAY_MS


@lru_cache(maxsize=4096)
def _year(zone: str, year: int) -> tuple[Stretch, ...]:
    """The stretches of one span of 366 days, found by looking at each midnight UTC and halving in between."""
    found: list[Stretch] = []
    end = (year + 1) * _YEAR_MS
    begun = day = year * _YEAR_MS
    offset = offset_at(zone, begun)
    while day < end:
        after = day + DAY_MS
        if offset_at(zone, after) != offset:
            cut = _change(zone, day, after)
            found.append(Stretch(begun, cut, offset))
            begun, offset = cut, offset_at(zone, after)
        day = after
    if begun < end:
        found.append(Stretch(begun, end, offset))
    return tuple(found)


def _change(zone: str, before: int, after: int) -> int:
    """The first ms with the later offset; both ends given, the change lies in (before, after]."""
    offset = offset_at(zone, before)
    while after - before > 1:
        middle = (before + after) // 2
        if offset_at(zone, middle) == offset:
            before = middle
        else:
            after = middle
    return after


def _joined(found: list[Stretch]) -> list[Stretch]:
    joined: list[Stretch] = []
    for one in found:
        if joined and joined[-1].offset == one.offset:
            joined[-1] = joined[-1]._replace(until=one.until)
        else:
            joined.append(one)
    return joined
