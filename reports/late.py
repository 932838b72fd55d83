"""Who has not added anything to today's report, and who did after its closing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

import msgspec
from sqlalchemy.orm import Session

from core.paths import ROOT
from places.queries import areas
from reports import queries
from reports.closing import UNIT, closings

WAITING, LATE, MISSING = "waiting", "late", "missing"


class LateUnit(msgspec.Struct, frozen=True):
    """A unit that has not reported in time: `waiting` (it has not closed yet), `late` or `missing`."""

    area: str
    name: str
    state: str
    closes_at: datetime
    told_at: datetime | None


def late_units(s: Session, day: date, now: datetime, *, under: Sequence[str] = (ROOT,)) -> list[LateUnit]:
    """The units below these paths that have nothing in time for this day, in Vietnamese order."""
    names = {each.code: each.name for each in areas(s, under)}
    notes = queries.notes(s, day)
    found = []
    for each in queries.reporting_areas(s, under):
        closes_at = next(one.closes_at for one in closings(each, day) if one.kind == UNIT)
        note = notes.get(each.code)
        if note is not None and note.first_at <= closes_at:
            continue
        state = LATE if note else WAITING if now < closes_at else MISSING
        found.append(LateUnit(each.code, names[each.code], state, closes_at, note.first_at if note else None))
    return found
