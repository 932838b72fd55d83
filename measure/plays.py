"""Plays go into the ledger: many screens' reports at once, each play exactly once.

What is new in each report is judged against how far its log has been taken over; then everything goes in with one
statement for each table, whatever the number of reports.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from sqlalchemy.orm import Session

from core.db import to_ms
from measure.channels import SCREEN
from measure.hours import QUARTER_MS
from measure.logs import Log, logs_of, move_on
from measure.metrics import LATE_AFTER_MS, Tally, What, cell_at, digest_id
from measure.models import Gap, Play, RefusedPlay, Showing
from measure.names import Named, remember
from measure.playlog import MOST_PLAYS, Admission, Hole, PlayBatch, PlayRow, PlayTime, admit, play_times
from measure.rows import put
from measure.writes import add_tally

_ENDED = {"complete": 0, "cut": 1, "error": 2}
_DISPLAY = {"unknown": 0, "on": 1, "off": 2}


@dataclass(frozen=True, slots=True)
class PlayPlace:
    """Where a screen hangs, and what its log's references mean, as known when the batch came.

    `campaigns`: placement id -> campaign id. `languages`: entry id -> language. What neither names is counted
    with an empty campaign or language. `names` are kept as they were.
    """

    screen_id: str
    location_id: str
    area_path: str
    timezone: str
    campaigns: Mapping[str, str] = field(default_factory=dict)
    languages: Mapping[str, str] = field(default_factory=dict)
    names: Sequence[Named] = ()


@dataclass(frozen=True, slots=True)
class PlayOutcome:
    """The ack that goes back to the player, and the rows of this batch that were put aside: (seq, reason)."""

    ack: int
    refused: tuple[tuple[int, str], ...]


class PlayReport(NamedTuple):
    """A batch, where it comes from, and when it came."""

    place: PlayPlace
    batch: PlayBatch
    received: datetime

    @property
    def key(self) -> tuple[str, str]:
        """Which log it continues."""
        return self.place.screen_id, self.batch.epoch

    @property
    def start(self) -> int:
        """What counts as taken over of a log that nobody has seen; one that counts from 0 starts one lower."""
        return -1 if self.batch.first == 0 else 0


def record_plays(s: Session, place: PlayPlace, batch: PlayBatch, received: datetime) -> PlayOutcome:
    """Takes what is new of a batch into the ledger, exactly once.

    Raises `Hole` for an undeclared hole; then nothing of the batch is kept.
    """
    (outcome,) = record_reports(s, [PlayReport(place, batch, received)])
    if isinstance(outcome, Hole):
        raise outcome
    return outcome


def record_reports(s: Session, reports: Sequence[PlayReport]) -> list[PlayOutcome | Hole]:
    """Takes what is new of many batches into the ledger; for each its outcome, or the hole in it."""
    starts = {each.key: (each.place.location_id, each.place.area_path, each.start) for each in reversed(reports)}
    logs, entries = logs_of(s, starts), Entries()
    outcomes = [_judge(logs[each.key], each, entries) for each in reports]
    entries.write(s)
    move_on(s, [log for log in logs.values() if log.moved])
    if names := [name for report in reports for name in report.place.names]:
        remember(s, names, max(report.received for report in reports))
    return outcomes


def _judge(log: Log, report: PlayReport, entries: Entries) -> PlayOutcome | Hole:
    """Notes what a report brings; the log stands behind it afterwards."""
    batch, place = report.batch, report.place
    try:
        taken = admit(batch.rows.order, batch.first, log.ack)
    except Hole as hole:
        return hole
    received_ms = to_ms(report.received)
    if taken.ack > log.ack:
        log.last_at = _note(log, report, taken, received_ms, entries)
    full = len(batch.rows.order) >= MOST_PLAYS  # then more of the log is to come
    log.stand(place.location_id, place.area_path, taken.ack, log.last_at if full else received_ms)
    return PlayOutcome(taken.ack, tuple((bad.seq, bad.reason) for bad in batch.rows.bad.values()))


def _note(log: Log, report: PlayReport, taken: Admission, received_ms: int, entries: Entries) -> int | None:
    """Notes what is new; returns when the newest play of this log began."""
    batch, place = report.batch, report.place
    good, bad = batch.rows.good, batch.rows.bad
    rows = [good[seq] for seq in taken.new if seq in good]
    times = play_times(rows, batch.now, received_ms, log.last_at)
    if taken.lost:
        before = times[0].at_ms if times else received_ms
        entries.gaps.append((log.stream, *taken.lost, place.location_id, place.area_path, log.last_at, before))
    for seq in taken.new:
        if seq in bad:
            entries.refused.append((log.stream, seq, bad[seq].reason, bad[seq].raw, received_ms))
    entries.note(log.stream, place, rows, times, received_ms)
    return max((time.at_ms for time in times), default=log.last_at)


class _Shown(NamedTuple):
    """What a play showed: its row under a digest of itself, and what it counts as."""

    id: int
    row: tuple[str, ...]
    what: What


_PLAY = (
    "stream", "seq", "showing", "at", "delay_ms", "duration_ms", "expected_ms", "ended", "display", "sure", "late"
)  # fmt: skip
_GAP = ("stream", "from_seq", "to_seq", "location", "area_path", "after", "before")
REFUSED = ("stream", "seq", "reason", "raw", "received")
_SHOWING = (
    "id", "location", "area_path", "timezone", "campaign", "placement", "creative", "language", "entry", "sha256",
    "revision",
)  # fmt: skip


class Entries:
    """Rows for the ledger, gathered from many reports."""

    def __init__(self) -> None:
        self.plays: list[tuple[int, ...]] = []
        self.gaps: list[tuple[object, ...]] = []
        self.refused: list[tuple[object, ...]] = []
        self._showings: dict[int, _Shown] = {}
        self._tally = Tally.empty()

    def note(
        self, stream: int, place: PlayPlace, rows: Sequence[PlayRow], times: Sequence[PlayTime], received_ms: int
    ) -> None:
        """The plays of one log, with what they showed and what they count as."""
        shown: dict[tuple[str | None, ...], _Shown] = {}
        counts: dict[tuple[int, int, int], int] = {}
        append, timezone = self.plays.append, place.timezone
        for row, (at, sure) in zip(rows, times, strict=True):
            key = (row.entry, row.creative, row.placement, row.sha256, row.revision)
            id_ = (shown.get(key) or shown.setdefault(key, self._shown(place, row))).id
            delay = received_ms - at
            late = 1 if delay > LATE_AFTER_MS else 0
            ended, display = _ENDED[row.end], _DISPLAY[row.display]
            append((stream, row.seq, id_, at, delay, row.duration_ms, row.expected_ms, ended, display, int(sure), late))
            cell = (id_, at // QUARTER_MS, late)
            counts[cell] = counts.get(cell, 0) + 1
        for (id_, quarter, late), n in counts.items():
            self._tally.add(cell_at(quarter * QUARTER_MS, timezone, self._showings[id_].what), n, late=late > 0)

    def _shown(self, place: PlayPlace, row: PlayRow) -> _Shown:
        placement = row.placement or ""
        campaign, language = place.campaigns.get(placement, ""), place.languages.get(row.entry, "")
        where, link = (place.location_id, place.area_path), (campaign, placement, row.creative, language)
        facts = (*where, place.timezone, *link, row.entry, row.sha256 or "", row.revision)
        what = What("plays", *where, campaign, row.creative, language, placement, SCREEN, 10)
        made = _Shown(digest_id(facts), facts, what)
        return self._showings.setdefault(made.id, made)

    def write(self, s: Session) -> None:
        """Everything noted, with one statement for each table; rows in key order, so that writers never cross."""
        put(s, Showing, _SHOWING, [(one.id, *one.row) for _, one in sorted(self._showings.items())], new=False)
        put(s, Gap, _GAP, self.gaps)
        put(s, RefusedPlay, REFUSED, self.refused)
        put(s, Play, _PLAY, self.plays)
        add_tally(s, self._tally)
