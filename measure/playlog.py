"""What a player's log says: a batch of plays as it arrives, judged row by row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal, NamedTuple

import msgspec
from msgspec import Meta

_Ref = Annotated[str, Meta(max_length=64)]
_Boot = Annotated[str, Meta(min_length=1, max_length=64)]
_Seq = Annotated[int, Meta(ge=0, le=2**53)]
_Span = Annotated[int, Meta(ge=0, le=7 * 86_400_000)]
_Moment = Annotated[datetime, Meta(tz=True)]
_Monotonic = Annotated[float, Meta(ge=0, le=2**53)]

End = Literal["complete", "cut", "error"]
Display = Literal["on", "off", "unknown"]

MOST_PLAYS = 500
# A player's two clocks are read one after the other; that much disagreement is not an impossibility.
_SLACK_MS = 2_000


class PlayRow(msgspec.Struct, frozen=True, gc=False):
    """One play as the player logged it. Spans in ms; `mono_ms` counts from the start of `boot`."""

    seq: _Seq
    entry: _Ref
    creative: _Ref
    boot: _Boot
    mono_ms: _Monotonic
    wall: _Moment
    duration_ms: _Span
    end: End
    placement: _Ref | None = None
    sha256: Annotated[str, Meta(pattern=r"^[0-9a-f]{64}$")] | None = None
    expected_ms: _Span = 0
    display: Display = "unknown"
    revision: _Ref = ""


class PlayerNow(msgspec.Struct, frozen=True):
    """The player's clocks at the moment it sent the batch."""

    wall: _Moment
    mono_ms: _Monotonic
    boot: _Boot


class _SeqOnly(msgspec.Struct, frozen=True):
    seq: _Seq


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row put aside: its number, what is wrong with it, and the row as it came (at most 2,000 characters)."""

    seq: int
    reason: str
    raw: str


@dataclass(frozen=True, slots=True)
class ReadRows:
    """The rows of a batch by seq, in the order they came."""

    order: tuple[int, ...]
    good: dict[int, PlayRow]
    bad: dict[int, BadRow]


_Epoch = Annotated[str, Meta(pattern=r"^[0-9a-f]{12}$")]


class _GoodBatch(msgspec.Struct):
    epoch: _Epoch
    first: _Seq
    now: PlayerNow
    plays: Annotated[list[PlayRow], Meta(max_length=MOST_PLAYS)]


class _DoubtfulBatch(msgspec.Struct):
    epoch: _Epoch
    first: _Seq
    now: PlayerNow
    plays: Annotated[list[msgspec.Raw], Meta(max_length=MOST_PLAYS)]


_good = msgspec.json.Decoder(_GoodBatch)
_doubtful = msgspec.json.Decoder(_DoubtfulBatch)
_row = msgspec.json.Decoder(PlayRow)
_seq = msgspec.json.Decoder(_SeqOnly)


@dataclass(frozen=True, slots=True)
class PlayBatch:
    """`POST /plays`: rows oldest first; `first` is the lowest seq that the player still holds."""

    epoch: str
    first: int
    now: PlayerNow
    rows: ReadRows


def read_batch(body: bytes) -> PlayBatch:
    """The batch in a request's body, its bad rows apart. Raises msgspec.DecodeError, or ValidationError, its kind.

    A row without a readable `seq` is refused with the whole batch: its place in the log is unknown, so nothing
    after it could be acknowledged.
    """
    try:
        batch = _good.decode(body)
    except msgspec.ValidationError:
        doubtful = _doubtful.decode(body)
        return PlayBatch(doubtful.epoch, doubtful.first, doubtful.now, _read_one_by_one(doubtful.plays))
    rows = batch.plays
    read = ReadRows(tuple([row.seq for row in rows]), {row.seq: row for row in rows}, {})
    return PlayBatch(batch.epoch, batch.first, batch.now, read)


def _read_one_by_one(plays: Sequence[msgspec.Raw]) -> ReadRows:
    order: list[int] = []
    good: dict[int, PlayRow] = {}
    bad: dict[int, BadRow] = {}
    for raw in plays:
        try:
            row = _row.decode(raw)
            good[row.seq] = row
            order.append(row.seq)
        except msgspec.ValidationError as error:
            aside = _bad_row(raw, error)
            bad[aside.seq] = aside
            order.append(aside.seq)
    return ReadRows(tuple(order), good, bad)


def _bad_row(raw: msgspec.Raw, error: msgspec.ValidationError) -> BadRow:
    what, _, where = str(error).partition(" - at `$.")
    reason = f"{where.rstrip('`')}: {what}" if where else what
    try:
        seq = _seq.decode(raw).seq
    except msgspec.ValidationError as lost:
        told = f"a play without a readable seq cannot be placed in the log ({lost})"
        raise msgspec.ValidationError(told) from None
    return BadRow(seq, reason.replace("`", "'"), bytes(raw).decode(errors="replace")[:2000])


class Hole(Exception):
    """An undeclared hole in a player's log; `expect` is the seq that has to come next."""

    def __init__(self, expect: int) -> None:
        super().__init__(f"the log has an undeclared hole; seq {expect} has to come next")
        self.expect = expect


@dataclass(frozen=True, slots=True)
class Admission:
    """What of a batch is new: its numbers, the loss it declares (inclusive, or None), and the ack that follows."""

    new: tuple[int, ...]
    lost: tuple[int, int] | None
    ack: int


def admit(order: Sequence[int], first: int, ack: int) -> Admission:
    """Take what is new of a batch, or raise `Hole`.

    `ack` is the highest number already held, `first` the lowest that the player still has. Numbers at or
    below the ack are repeats and ignored. More than one step from the ack to `first` declares loss.
    """
    new = tuple(seq for seq in order if seq > ack)
    held_from = min(first, new[0]) if new else first
    lost = (ack + 1, held_from - 1) if held_from > ack + 1 else None
    start = held_from if lost else ack + 1
    if any(seq != start + step for step, seq in enumerate(new)):
        raise Hole(ack + 1)
    return Admission(new, lost, new[-1] if new else max(ack, start - 1))


class PlayTime(NamedTuple):
    """When a play began (ms since 1970), and whether that rests on the clock that cannot be set wrong."""

    at_ms: int
    sure: bool


def play_times(rows: Sequence[PlayRow], now: PlayerNow, received_ms: int, after_ms: int | None) -> list[PlayTime]:
    """When each of `rows` (oldest first) began, by the server's clock.

    Rows of the running boot are dated by the monotonic clock alone. Older ones are dated by the wall
    clock, corrected by its present error, and kept between the neighbours that the order of the log proves:
    not before `after_ms` (the newest play already held) and not after the batch was received.
    """
    started_ms, latest = received_ms - now.mono_ms, now.mono_ms + _SLACK_MS  # of the running boot
    if all(row.boot == now.boot and row.mono_ms <= latest for row in rows):
        return [PlayTime(min(received_ms, round(started_ms + row.mono_ms)), True) for row in rows]
    wall_error_ms = received_ms - now.wall.timestamp() * 1000
    times: list[PlayTime] = []
    floor = after_ms if after_ms is not None else -(2**62)
    for row in rows:
        if row.boot == now.boot and row.mono_ms <= latest:
            time = PlayTime(min(received_ms, round(started_ms + row.mono_ms)), True)
        else:
            guess = round(row.wall.timestamp() * 1000 + wall_error_ms)
            time = PlayTime(min(received_ms, max(floor, guess)), False)
        floor = max(floor, time.at_ms)
        times.append(time)
    return _not_after_what_followed(times)


def _not_after_what_followed(times: list[PlayTime]) -> list[PlayTime]:
    ceiling = 2**62
    for index in range(len(times) - 1, -1, -1):
        time = times[index]
        if time.sure:
            ceiling = time.at_ms
        elif time.at_ms > ceiling:
            times[index] = PlayTime(ceiling, False)
    return times
