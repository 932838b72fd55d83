"""Closed hours in which plays are missing and nothing explains it: looked for once an hour, and remembered.

The fleet is large and hardly ever short: so an hour is first judged by location, from counts that exist anyway, and
only the screens of a location that fell short are looked at one by one. An hour whose log has not come is kept and
looked at again once it has.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from core.db import EPOCH, to_ms
from measure.screen_queries import delivered, plays_at
from places.hours import open_at
from playlists.index import Profile, index_of
from playlists.programme import World
from playlists.queries import load_world
from playlists.resolve import resolve
from signage.board import Card, card_of
from signage.gaps import NOT_TOLD, UNEXPLAINED, allowed
from signage.models import Shortfall
from signage.story import HOUR, one_hour, planned_plays
from signage.watch_queries import shortfalls, watched

SETTLES = timedelta(minutes=15)  # players deliver at least every few minutes
LOOKED_BACK = 6  # hours: as long as the job process may have been away
KEPT = timedelta(hours=48)


class Finding(NamedTuple):
    """What is known of a screen's hour now; ``why`` is None where nothing is missing or all is explained."""

    screen_id: str
    start: datetime
    planned: int
    played: int
    why: str | None


def look(s: Session, now: datetime) -> list[Finding]:
    """Judges the hours that have closed lately, and anew those whose log had not come. Only reads: it takes a while."""
    last = (now - SETTLES).astimezone(UTC).replace(minute=0, second=0, microsecond=0) - HOUR
    told = delivered(s)
    found = [one for back in range(LOOKED_BACK) for one in _judge(s, last - back * HOUR, told)]
    waiting = shortfalls(s, since=now - KEPT, before=last - (LOOKED_BACK - 1) * HOUR)
    come = [row for row in waiting if _has_come(told, row.screen_id, row.hour)]
    return found + [_closely(s, row.screen_id, row.hour, row.planned) for row in come]


def keep(s: Session, found: Iterable[Finding], now: datetime) -> None:
    """Writes down what is not explained, and forgets what is."""
    for old in shortfalls(s, since=EPOCH, before=now - KEPT):
        s.delete(old)
    for one in found:
        if one.why in (NOT_TOLD, UNEXPLAINED):
            facts = {"planned": one.planned, "played": one.played, "why": one.why}
            s.merge(Shortfall(screen_id=one.screen_id, hour=one.start, **facts))
        elif held := s.get(Shortfall, (one.screen_id, one.start)):
            s.delete(held)


def _judge(s: Session, start: datetime, told: dict[str, int]) -> Iterator[Finding]:
    cards = list(_counted(s, start))
    planned = _planned(_worlds(s, start), cards, start)
    held = {row.screen_id for row in shortfalls(s, since=start, before=start + HOUR)}
    for card in _short(cards, planned, plays_at(s, to_ms(start)), start):
        screen_id = card.facts.id
        held.discard(screen_id)
        if _has_come(told, screen_id, start):
            yield _closely(s, screen_id, start, planned[screen_id])
        else:
            yield Finding(screen_id, start, planned[screen_id], 0, NOT_TOLD)
    yield from (Finding(screen_id, start, 0, 0, None) for screen_id in held)  # its place has caught up


def _has_come(told: dict[str, int], screen_id: str, start: datetime) -> bool:
    return told.get(screen_id, 0) >= to_ms(start + HOUR)


def _closely(s: Session, screen_id: str, start: datetime, planned: int) -> Finding:
    hour = one_hour(s, screen_id, start, planned)
    return Finding(screen_id, start, planned, hour.played if hour else 0, hour.why if hour else None)


def _worlds(s: Session, start: datetime) -> list[World]:
    """What was published when the hour began, and when it was over."""
    first, last = load_world(s, start), load_world(s, start + HOUR)
    return [first] if first == last else [first, last]


def _counted(s: Session, start: datetime) -> Iterator[Card]:
    """The screens of which plays are expected: open, not under test, heard of lately, in a place that was open."""
    for row in watched(s, heard_since=start - KEPT, made_before=start):
        middle = (start + HOUR / 2).astimezone(ZoneInfo(row.facts.timezone))
        if open_at(row.hours, middle):
            yield card_of(row.facts)


def _planned(worlds: Iterable[World], cards: Sequence[Card], start: datetime) -> dict[str, int]:
    """Planned plays by screen, worked out once for all with one programme; of two publications, the fewer."""
    found: dict[str, int] = {}
    for world in worlds:
        index, known = index_of(world), dict[Profile, int]()
        for card in cards:
            profile = index.profile(card.spot)
            if profile not in known:
                known[profile] = planned_plays(resolve(world, card.spot, start, start + HOUR))
            found[card.facts.id] = min(found.get(card.facts.id, known[profile]), known[profile])
    return found


def _short(cards: Iterable[Card], planned: dict[str, int], played: dict[str, int], start: datetime) -> Iterator[Card]:
    """The screens of locations that lack more plays than one screen alone may, or whose counts do not say."""
    here, wanted = defaultdict[str, list[Card]](list), Counter[str]()
    for card in cards:
        here[card.facts.location].append(card)
        wanted[card.facts.location] += planned[card.facts.id]
    for location, some in here.items():
        least = min(allowed(planned[card.facts.id]) for card in some)
        if wanted[location] - played.get(location, 0) > least or not _whole_hours(some[0].facts.timezone, start):
            yield from some


def _whole_hours(timezone: str, start: datetime) -> bool:
    offset = start.astimezone(ZoneInfo(timezone)).utcoffset()
    return offset is not None and offset % HOUR == timedelta(0)
