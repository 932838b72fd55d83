"""Plays that are told without a number, by players whose protocols have none.

What tells such a play from all others is what was played, and when it began, on which screen. So its number in the
ledger is made of these: told again, in whatever file or batch, it is the same row. All that a screen tells this way
is one log, in order of time like any other, whichever dialect it spoke. What is older than facts are kept is refused:
whether it was counted before could not be known any more.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import NamedTuple

from sqlalchemy.orm import Session

from core.db import to_ms
from measure.logs import logs_of, move_on
from measure.metrics import digest_id
from measure.models import RefusedPlay
from measure.names import remember
from measure.playlog import PlayRow, PlayTime
from measure.plays import REFUSED, Entries, PlayPlace
from measure.retention import KEEP
from measure.rows import put
from measure.screen_queries import TOLD, numbers_held

AHEAD = timedelta(minutes=5)  # how far a player's clock may be fast before its plays are not believed
_CONTENT_BITS = 21


class Aside(NamedTuple):
    """A row that could not be a play: what is wrong, and the row as it came (at most 2,000 characters are kept)."""

    reason: str
    raw: str


class Told(NamedTuple):
    """How many plays were new, how many had been counted before, and how many rows were put aside."""

    new: int
    known: int
    aside: int


def number_of(content: str, started: datetime) -> int:
    """The number of a play that began then: 42 bits of milliseconds, so in order of time, and 21 of the content."""
    mark = int.from_bytes(blake2b(content.encode(), digest_size=4).digest()) >> (32 - _CONTENT_BITS)
    return to_ms(started) << _CONTENT_BITS | mark


def unbelievable(started: datetime, received: datetime) -> str | None:
    """Why a play cannot have begun then, or cannot be counted any more; None where it can."""
    if started > received + AHEAD:
        return "it began in the future"
    if started < received - KEEP:
        return f"it began more than {KEEP.days} days ago"
    return None


def record_told(
    s: Session, place: PlayPlace, rows: Sequence[PlayRow], aside: Sequence[Aside], received: datetime
) -> Told:
    """Takes plays into the ledger, each once however often it is told, and keeps what is put aside beside them.

    ``rows`` are believable, and numbered by `number_of`; ``wall`` is when each began. In the caller's transaction.
    """
    key, received_ms = (place.screen_id, TOLD), to_ms(received)
    log = logs_of(s, {key: (place.location_id, place.area_path, 0)})[key]
    told = {row.seq: row for row in sorted(rows, key=lambda row: row.seq)}
    held = numbers_held(s, log.stream, list(told))
    new = [row for seq, row in told.items() if seq not in held]
    entries = Entries()
    times = [PlayTime(min(received_ms, to_ms(row.wall)), False) for row in new]
    entries.note(log.stream, place, new, times, received_ms)
    entries.write(s)
    put(s, RefusedPlay, REFUSED, [_refused(log.stream, one, received_ms) for one in aside], new=False)
    if told:
        log.last_at = max(log.last_at or 0, *(to_ms(row.wall) for row in told.values()))
        log.stand(place.location_id, place.area_path, max(log.ack, *told), min(log.last_at, received_ms))
    move_on(s, [log] if log.moved else [])
    remember(s, place.names, received)
    return Told(len(new), len(rows) - len(new), len(aside))


def _refused(stream: int, bad: Aside, received_ms: int) -> tuple[object, ...]:
    """Told again, it is the same row too."""
    return stream, digest_id((bad.reason, bad.raw)), bad.reason, bad.raw[:2000], received_ms
