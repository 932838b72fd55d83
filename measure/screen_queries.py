"""What the ledger tells of one screen's day. Each takes a session and never commits."""

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from measure.models import Gap, HourlyCount, Play, PlayAck, Slice

HOUR_MS = 3_600_000
TOLD = "told"  # the log of what a screen tells without numbers (`measure.told`); no player can name one of its own so
_OFF = 2  # measure.ledger: what a player said of its panel


class Played(NamedTuple):
    """Plays of an hour, and those whose panel did not say that it was off."""

    plays: int
    displayed: int


class Log(NamedTuple):
    """One local log of a screen: when its first and last play began, and up to when it has been delivered."""

    first_at: int | None
    last_at: int | None
    heard_to: int | None


def played_by_hour(s: Session, screen: str, begin_ms: int, end_ms: int) -> dict[int, Played]:
    """Plays by the (UTC) hour in which they began, in ms."""
    hour = Play.at.op("/")(HOUR_MS)
    query = select(hour, Play.display, func.count()).join(PlayAck, PlayAck.stream == Play.stream)
    query = query.where(PlayAck.screen == screen, Play.at >= begin_ms, Play.at < end_ms)
    counts: dict[int, list[int]] = defaultdict(lambda: [0, 0])
    for at, display, n in s.execute(query.group_by(hour, Play.display)):
        counts[int(at) * HOUR_MS][0] += n
        counts[int(at) * HOUR_MS][1] += n if display != _OFF else 0
    return {at: Played(*both) for at, both in counts.items()}


def logs(s: Session, screen: str) -> Sequence[Log]:
    """The screen's logs, oldest first; a second one means that the first was lost."""
    first = select(func.min(Play.at)).where(Play.stream == PlayAck.stream).scalar_subquery()
    query = select(first, PlayAck.last_at, PlayAck.heard_to).where(PlayAck.screen == screen)
    return [Log(*row) for row in s.execute(query.order_by(PlayAck.stream))]


def numbers_held(s: Session, stream: int, numbers: Sequence[int]) -> set[int]:
    """Which of these numbers (at most some thousands) are plays of this log."""
    held: set[int] = set()
    for start in range(0, len(numbers), 500):
        some = Play.seq.in_(numbers[start : start + 500])
        held |= set(s.scalars(select(Play.seq).where(Play.stream == stream, some)))
    return held


def plays_at(s: Session, hour_ms: int) -> dict[str, int]:
    """Plays of each location in an hour (UTC, ms) of all its screens; of places whose clocks have whole hours."""
    query = select(Slice.location, func.sum(HourlyCount.n)).join(Slice, Slice.id == HourlyCount.slice)
    query = query.where(HourlyCount.hour == hour_ms, Slice.metric == "plays").group_by(Slice.location)
    return {location: int(n) for location, n in s.execute(query)}


def delivered(s: Session) -> dict[str, int]:
    """Up to when (ms) the log of each screen has been delivered."""
    query = select(PlayAck.screen, func.max(PlayAck.heard_to)).group_by(PlayAck.screen)
    return {screen: heard_to for screen, heard_to in s.execute(query) if heard_to is not None}


def declared_losses(s: Session, screen: str, begin_ms: int) -> Sequence[tuple[int, int]]:
    """Stretches (ms) within which the player says that it lost plays."""
    query = select(Gap.after, Gap.before).join(PlayAck, PlayAck.stream == Gap.stream)
    rows = s.execute(query.where(PlayAck.screen == screen, Gap.before >= begin_ms))
    return [(after if after is not None else 0, before) for after, before in rows]
