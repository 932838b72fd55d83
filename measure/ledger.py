"""The ledger: facts go in once, and the counts with them, in the caller's transaction."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from core.db import to_ms
from measure.channels import SCREEN, SPLASH
from measure.metrics import LATE_AFTER_MS, Tally, What, cell_at, digest_id
from measure.models import Gap, Play, PlayAck, RefusedPlay, Showing, VisitEvent
from measure.names import Named, remember
from measure.playlog import MOST_PLAYS, Admission, BadRow, Hole, PlayBatch, PlayRow, PlayTime, admit, play_times
from measure.uniques import SPLASH_SESSION, Place, Sight, see_all
from measure.writes import add_tally, insert_all, insert_fresh, insert_new

__all__ = ["Hole", "PlayOutcome", "PlayPlace", "VisitFact", "record_plays", "record_visit", "record_visits"]

_ENDED = {"complete": 0, "cut": 1, "error": 2}
_DISPLAY = {"unknown": 0, "on": 1, "off": 2}
SPLASH_METRICS = {"splash_view": "splash_views", "grant": "grants", "store_click": "splash_stores"}


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


def record_plays(s: Session, place: PlayPlace, batch: PlayBatch, received: datetime) -> PlayOutcome:
    """Takes what is new of a batch into the ledger, exactly once.

    Raises `Hole` for an undeclared hole; then nothing of the batch may be kept.
    """
    received_ms = to_ms(received)
    held = _stream(s, place, batch)
    taken = admit(batch.rows.order, batch.first, held.ack)
    last_at = _take(s, place, batch, held, taken, received_ms) if taken.ack > held.ack else held.last_at
    heard_to = received_ms if len(batch.plays) < MOST_PLAYS else last_at  # a full batch: more of the log is to come
    now_at = {"location": place.location_id, "area_path": place.area_path}
    news = now_at | {"ack": taken.ack, "last_at": last_at, "heard_to": max(heard_to or 0, held.heard_to or 0) or None}
    s.execute(update(PlayAck).where(PlayAck.stream == held.stream).values(news))
    remember(s, place.names, received)
    return PlayOutcome(taken.ack, tuple((bad.seq, bad.reason) for bad in batch.rows.bad.values()))


def _stream(s: Session, place: PlayPlace, batch: PlayBatch) -> PlayAck:
    """The log's row, made at first sight and locked. A log that counts from 0 starts one lower."""
    query = select(PlayAck).where(PlayAck.screen == place.screen_id, PlayAck.epoch == batch.epoch).with_for_update()
    query = query.execution_options(populate_existing=True)
    found = s.scalar(query)
    if found is None:
        start = {"screen": place.screen_id, "location": place.location_id, "area_path": place.area_path}
        insert_new(s, PlayAck, [start | {"epoch": batch.epoch, "ack": -1 if batch.first == 0 else 0}])
        found = s.scalars(query).one()
    return found


def _take(
    s: Session, place: PlayPlace, batch: PlayBatch, held: PlayAck, taken: Admission, received_ms: int
) -> int | None:
    """Writes what is new; returns when the newest play of this log began."""
    rows = [batch.rows.good[seq] for seq in taken.new if seq in batch.rows.good]
    times = play_times(rows, batch.now, received_ms, held.last_at)
    if taken.lost:
        before = times[0].at_ms if times else received_ms
        _declare_gap(s, place, held, taken.lost, before)
    _put_aside(s, held.stream, [batch.rows.bad[seq] for seq in taken.new if seq in batch.rows.bad], received_ms)
    _keep_plays(s, place, held.stream, rows, times, received_ms)
    return max((time.at_ms for time in times), default=held.last_at)


def _declare_gap(s: Session, place: PlayPlace, held: PlayAck, lost: tuple[int, int], before: int) -> None:
    row = {"stream": held.stream, "from_seq": lost[0], "to_seq": lost[1], "after": held.last_at, "before": before}
    insert_all(s, Gap, [row | {"location": place.location_id, "area_path": place.area_path}])


def _put_aside(s: Session, stream: int, bad: Iterable[BadRow], received_ms: int) -> None:
    rows = [
        {"stream": stream, "seq": each.seq, "reason": each.reason, "raw": each.raw, "received": received_ms}
        for each in bad
    ]
    insert_all(s, RefusedPlay, rows)


def _keep_plays(
    s: Session, place: PlayPlace, stream: int, rows: list[PlayRow], times: list[PlayTime], received_ms: int
) -> None:
    showings: dict[int, dict[str, Any]] = {}
    plays, tally = [], Tally.empty()
    for row, time in zip(rows, times, strict=True):
        showing = _showing(place, row)
        id_ = digest_id(showing.values())
        showings[id_] = showing | {"id": id_}
        late = received_ms - time.at_ms > LATE_AFTER_MS
        plays.append(_play(stream, id_, row, time, received_ms, late))
        tally.add(cell_at(time.at_ms, place.timezone, _what_played(showing)), late=late)
    insert_new(s, Showing, [showings[id_] for id_ in sorted(showings)])
    insert_all(s, Play, plays)
    add_tally(s, tally)


def _showing(place: PlayPlace, row: PlayRow) -> dict[str, Any]:
    placement = row.placement or ""
    return {
        "location": place.location_id,
        "area_path": place.area_path,
        "timezone": place.timezone,
        "campaign": place.campaigns.get(placement, ""),
        "placement": placement,
        "creative": row.creative,
        "language": place.languages.get(row.entry, ""),
        "entry": row.entry,
        "sha256": row.sha256 or "",
        "revision": row.revision,
    }


def _what_played(showing: Mapping[str, Any]) -> What:
    shared = {name: showing[name] for name in What._fields if name in showing}
    return What(metric="plays", channel=SCREEN, measure=10, **shared)


def _play(stream: int, showing: int, row: PlayRow, time: PlayTime, received_ms: int, late: bool) -> dict[str, int]:
    return {
        "stream": stream,
        "seq": row.seq,
        "showing": showing,
        "at": time.at_ms,
        "delay_ms": received_ms - time.at_ms,
        "duration_ms": row.duration_ms,
        "expected_ms": row.expected_ms,
        "ended": _ENDED[row.end],
        "display": _DISPLAY[row.display],
        "sure": int(time.sure),
        "late": int(late),
    }


@dataclass(frozen=True, slots=True)
class VisitFact:
    """Something that happened in a visit to a splash page: `splash_view`, `grant` or `store_click`.

    `person` tells this visitor from others for today, and `told_by` says how (a kind of `measure.uniques`); neither
    is kept with the fact, and `person` nowhere.
    """

    kind: str
    visit_id: str
    location_id: str
    area_path: str
    timezone: str
    hotspot: str
    campaign_id: str
    creative_id: str
    language: str
    person: str = ""
    told_by: str = SPLASH_SESSION


def record_visit(s: Session, fact: VisitFact, at: datetime) -> bool:
    """Counts a fact of a visit; False, and nothing done, where this visit has had its one of that kind."""
    return record_visits(s, [(fact, at)])[0]


def record_visits(s: Session, seen: Sequence[tuple[VisitFact, datetime]]) -> list[bool]:
    """Counts many facts at once, each once for its visit; for each, whether it was new."""
    first: dict[tuple[str, str], int] = {}
    for number, (fact, _) in enumerate(seen):
        first.setdefault((fact.visit_id, fact.kind), number)
    rows = [_visit_row(*seen[first[key]]) for key in sorted(first)]  # in key order, so that writers never cross
    new = {first[key] for key in insert_fresh(s, VisitEvent, rows)}
    _count_visits(s, [seen[number] for number in sorted(new)])
    return [number in new for number in range(len(seen))]


def _count_visits(s: Session, seen: Sequence[tuple[VisitFact, datetime]]) -> None:
    tally, people = Tally.empty(), []
    for fact, at in seen:
        cell = cell_at(to_ms(at), fact.timezone, _what_visited(fact))
        tally.add(cell)
        people.append(Sight(Place(cell.day, fact.location_id, fact.area_path), fact.told_by, fact.person))
    add_tally(s, tally)
    see_all(s, people)


def _what_visited(fact: VisitFact) -> What:
    return What(
        metric=SPLASH_METRICS[fact.kind],
        location=fact.location_id,
        area_path=fact.area_path,
        campaign=fact.campaign_id,
        creative=fact.creative_id,
        language=fact.language,
        placement="",
        channel=SPLASH,
        measure=5,
    )


def _visit_row(fact: VisitFact, at: datetime) -> dict[str, Any]:
    return {
        "visit": fact.visit_id,
        "kind": fact.kind,
        "at": to_ms(at),
        "location": fact.location_id,
        "area_path": fact.area_path,
        "timezone": fact.timezone,
        "hotspot": fact.hotspot,
        "campaign": fact.campaign_id,
        "creative": fact.creative_id,
        "language": fact.language,
    }
