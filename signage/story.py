"""A screen's last day, hour by hour: planned, played, displayed, and why something is missing."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from sqlalchemy.orm import Session

from core.db import from_ms, to_ms
from measure.screen_queries import Log, Played, declared_losses, logs, played_by_hour
from playlists.programme import Programme
from playlists.queries import load_world, publications
from playlists.resolve import resolve
from playlists.simulate import plan
from signage import queries
from signage.board import card_of
from signage.gaps import Evidence, Hour, Span, why

HOURS = 24
HOUR = timedelta(hours=1)
MOST_LINES = 500  # publications that are looked through for changes within the day


def last_day(s: Session, screen_id: str, now: datetime) -> list[Hour]:
    """The last 24 whole hours, newest first. Raises KeyError for a screen that is not open."""
    facts, hung = queries.hung_facts(s, screen_id), queries.hung(s, screen_id)
    if facts is None or hung is None:
        raise KeyError(screen_id)
    until = now.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    begin = until - HOURS * HOUR
    played = played_by_hour(s, screen_id, to_ms(begin), to_ms(until))
    evidence = _evidence(s, screen_id, begin, hung)
    world, spot = load_world(s, begin), card_of(facts).spot
    published = [line.at for line in publications(s, limit=MOST_LINES)]
    found = []
    for number in range(HOURS):
        start = begin + number * HOUR
        if any(start - HOUR < at <= start for at in published):
            world = load_world(s, start)
        planned = planned_plays(resolve(world, spot, start, start + HOUR))
        hour = Hour(start, start + HOUR, planned, *played.get(to_ms(start), Played(0, 0)))
        found.append(replace(hour, why=why(hour, evidence)))
    return found[::-1]


def one_hour(s: Session, screen_id: str, start: datetime, planned: int) -> Hour | None:
    """An hour whose planned plays are known; None for a screen that is not open."""
    hung = queries.hung(s, screen_id)
    if hung is None:
        return None
    found = played_by_hour(s, screen_id, to_ms(start), to_ms(start + HOUR))
    hour = Hour(start, start + HOUR, planned, *found.get(to_ms(start), Played(0, 0)))
    return replace(hour, why=why(hour, _evidence(s, screen_id, start, hung)))


def planned_plays(programme: Programme) -> int:
    """How many plays a programme plans in its window."""
    return sum(part.plays for segment in programme.segments for _, part in plan(segment))


def _evidence(s: Session, screen_id: str, begin: datetime, hung: queries.Hung) -> Evidence:
    kept = logs(s, screen_id)
    told = [log.heard_to for log in kept if log.heard_to is not None]
    return Evidence(
        hung.screen.created_at,
        hung.location.timezone,
        hung.location.operating_hours,
        from_ms(max(told)) if told else None,
        [(from_ms(after), from_ms(before)) for after, before in declared_losses(s, screen_id, to_ms(begin))],
        list(_wiped(kept)),
        queries.silences(s, screen_id, begin),
    )


def _wiped(kept: Sequence[Log]) -> Iterator[Span]:
    """Between what one log last told and what the next one told first."""
    for before, after in pairwise(kept):
        if before.last_at is not None and after.first_at is not None and before.last_at < after.first_at:
            yield from_ms(before.last_at), from_ms(after.first_at)
