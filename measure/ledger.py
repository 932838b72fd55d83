"""The ledger: facts go in once, and the counts with them, in the caller's transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from core.db import to_ms
from measure.channels import SPLASH
from measure.metrics import Tally, What, cell_at
from measure.models import VisitEvent
from measure.playlog import Hole
from measure.plays import PlayOutcome, PlayPlace, PlayReport, record_plays, record_reports
from measure.uniques import SPLASH_SESSION, Place, Sight, see_all
from measure.writes import add_tally, insert_fresh

__all__ = [
    "Hole",
    "PlayOutcome",
    "PlayPlace",
    "PlayReport",
    "VisitFact",
    "record_plays",
    "record_reports",
    "record_visit",
    "record_visits",
]

SPLASH_METRICS = {"splash_view": "splash_views", "grant": "grants", "store_click": "splash_stores"}


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
