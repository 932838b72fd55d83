"""The players' logs by time: which numbers of a log fall into a span, without reading the rest of it.

A log is in order of time but for the seconds that a request was under way, so where a moment falls is found as a
name is in a telephone book; what is read reaches SLACK_MS beyond either end.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from measure.hours import QUARTER_MS
from measure.models import Play, PlayAck, Showing
from measure.rows import in_rows
from measure.screen_queries import TOLD

SLACK_MS = 3_600_000
_TYPES = ("BIGINT", "BIGINT", "BIGINT")
_IN_QUARTERS = f"""SELECT showing, at / {QUARTER_MS} AS quarter, count(*) FROM (VALUES {{rows}}) AS part
    CROSS JOIN play WHERE stream = part.column1 AND seq >= part.column2 AND seq < part.column3 GROUP BY 1, 2"""
_MISSING = """SELECT part.column1, part.column3 - part.column2
    - (SELECT count(*) FROM play WHERE stream = part.column1 AND seq >= part.column2 AND seq < part.column3)
    - (SELECT coalesce(sum(to_seq - from_seq + 1), 0) FROM play_gap
        WHERE stream = part.column1 AND from_seq >= part.column2 AND from_seq < part.column3)
    - (SELECT count(*) FROM refused_play WHERE stream = part.column1 AND seq >= part.column2 AND seq < part.column3)
    FROM (VALUES {rows}) AS part"""


class Stretch(NamedTuple):
    """The numbers of a log from `first` to the one before `behind`; it begins and ends beside plays that are kept."""

    stream: int
    first: int
    behind: int


def stretches(s: Session, since_ms: int, until_ms: int | None = None) -> list[Stretch]:
    """Of every log the numbers of the plays that began in this span, and of few more; to the log's end without one."""
    oldest = select(func.min(Play.seq)).where(Play.stream == PlayAck.stream).scalar_subquery()
    query = select(PlayAck.stream, oldest, PlayAck.ack).where(PlayAck.last_at >= since_ms - SLACK_MS)
    found = []
    for stream, low, ack in s.execute(query.order_by(PlayAck.stream)).all():
        if low is None:
            continue
        first = _number_at(s, stream, low, ack + 1, since_ms - SLACK_MS)
        behind = ack + 1 if until_ms is None else _number_at(s, stream, first, ack + 1, until_ms + SLACK_MS)
        found.append(Stretch(stream, first, behind))
    return [each for each in found if each.first < each.behind]


def _number_at(s: Session, stream: int, low: int, high: int, at_ms: int) -> int:
    """The number behind the last play that began before that moment, from `low` on."""
    connection = s.connection()
    query = select(Play.seq, Play.at).where(Play.stream == stream).order_by(Play.seq).limit(1)
    while low < high:
        middle = (low + high) // 2
        next_one = connection.execute(query.where(Play.seq >= middle)).first()
        if next_one is None or next_one.at >= at_ms:
            high = middle
        else:
            low = next_one.seq + 1
    return low


class Quarter(NamedTuple):
    """Plays of a location that began in one quarter of an hour since 1970."""

    quarter: int
    location: str
    timezone: str
    n: int


def plays_in_quarters(s: Session, parts: Sequence[Stretch]) -> Iterator[Quarter]:
    """The plays of these stretches; those of test mode, which belong to no location, among them."""
    places: dict[int, tuple[str, str]] = {}
    for result in in_rows(s, _IN_QUARTERS, parts, _TYPES):
        counted = [tuple(row) for row in result]
        places |= _places(s, sorted({showing for showing, _, _ in counted} - places.keys()))
        for showing, quarter, n in counted:
            yield Quarter(int(quarter), *places[showing], int(n))


def _places(s: Session, showings: Sequence[int]) -> dict[int, tuple[str, str]]:
    found: dict[int, tuple[str, str]] = {}
    for start in range(0, len(showings), 500):
        query = select(Showing.id, Showing.location, Showing.timezone)
        for id_, *place in s.execute(query.where(Showing.id.in_(showings[start : start + 500]))):
            found[id_] = (place[0], place[1])
    return found


def missing_numbers(s: Session, parts: Sequence[Stretch]) -> Iterator[tuple[str, str, int]]:
    """Screen, log and how many of its acknowledged numbers are neither play, nor declared lost, nor put aside.

    Not so in the log of what is told without numbers, whose numbers are made of the plays themselves.
    """
    for result in in_rows(s, _MISSING, parts, _TYPES):
        short = {stream: int(n) for stream, n in (tuple(row) for row in result) if n}
        query = select(PlayAck.stream, PlayAck.screen, PlayAck.epoch).where(PlayAck.stream.in_(short))
        for stream, screen, epoch in s.execute(query.order_by(PlayAck.stream)) if short else ():
            if epoch != TOLD:
                yield screen, epoch, short[stream]
