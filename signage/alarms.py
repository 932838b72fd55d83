"""When screens with which something is wrong are told of: one alert for an area and a trouble, however many. Pure.

A link that fails takes many screens along within a minute or two, so an alert waits until their number has settled; it
is told once, again only when it has grown much, and once more when all are back. Outside a location's operating hours
silence is no news.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal
from zoneinfo import ZoneInfo

from places.areas import ancestors
from places.hours import open_at
from signage.liveness import LATE_AFTER

AFTER = timedelta(minutes=15)
SETTLES = timedelta(minutes=2)
AGAIN = timedelta(minutes=30)
GROWN_BY, GROWN_TIMES = 5, 2

SILENT, DIFFERS, UNEXPLAINED = "silent", "differs", "unexplained"
SUBJECTS = (SILENT, DIFFERS, UNEXPLAINED)
REMEMBERED = timedelta(hours=24)  # a photograph, or an hour without a reason, is news for so long
Kind = Literal["opened", "grown", "recovered"]


@dataclass(frozen=True, slots=True)
class Watched:
    """A screen as the watch sees it."""

    id: str
    area_path: str
    seen_at: datetime
    timezone: str
    hours: Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Opened:
    """An alert that is not over."""

    opened_at: datetime
    members: frozenset[str]
    told_at: datetime | None = None
    told_count: int = 0


@dataclass(frozen=True, slots=True)
class Verdict:
    """What becomes of an alert: who is in it, and what is told now, if anything."""

    members: frozenset[str]
    tell: Kind | None = None
    over: bool = False


def is_silent(one: Watched, now: datetime, after: timedelta) -> bool:
    """Whether it has not spoken for so long, all within its location's hours."""
    if now - one.seen_at < after:
        return False
    zone = ZoneInfo(one.timezone)
    return all(open_at(one.hours, moment.astimezone(zone)) for moment in (now, now - after))


def is_back(one: Watched, now: datetime) -> bool:
    """Whether it has spoken lately."""
    return now - one.seen_at < LATE_AFTER


def found_silent(
    fleet: Mapping[str, Watched], members: frozenset[str], now: datetime, after: timedelta
) -> tuple[frozenset[str], frozenset[str]]:
    """Who is silent, and which ``members`` of an alert are back or watched no more."""
    silent = frozenset(ref for ref, one in fleet.items() if is_silent(one, now, after))
    return silent, frozenset(ref for ref in members if ref not in fleet or is_back(fleet[ref], now))


def alerting_area(path: str, alerting: Mapping[str, str]) -> str | None:
    """The code of the nearest area upward that wants to be told; ``alerting``: path to code."""
    return next((alerting[each] for each in ancestors(path) if each in alerting), None)


def judge(held: Opened | None, silent: frozenset[str], back: frozenset[str], now: datetime) -> Verdict | None:
    """What becomes of an area's alert; None where there is none and none is needed.

    ``back`` are members that speak again, or are watched no more.
    """
    if held is None:
        return Verdict(silent) if silent else None
    members = (held.members - back) | silent
    if not members:
        return Verdict(members, "recovered" if held.told_at else None, over=True)
    if held.told_at is None:
        return Verdict(members, "opened" if now - held.opened_at >= SETTLES else None)
    much = len(members) >= max(held.told_count * GROWN_TIMES, held.told_count + GROWN_BY)
    return Verdict(members, "grown" if much and now - held.told_at >= AGAIN else None)
