"""How complete a number is: which screens have told everything, which are off line, and what is missing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import msgspec
from sqlalchemy.orm import Session

from core.db import from_ms, to_ms
from core.paths import ROOT
from measure.queries import Heard, heard, lost_plays, plays_per_hour
from signage.queries import FleetRow, fleet

UP_TO_DATE = timedelta(minutes=15)


class SilentScreen(msgspec.Struct, frozen=True):
    """A screen that has not told everything: up to when we know what it played (None: never heard of)."""

    screen: str
    name: str
    location: str
    location_name: str
    heard_to: datetime | None
    missing_plays: int


class Completeness(msgspec.Struct, frozen=True):
    """At a moment: how many screens there are, how many have told all up to `complete_to`, and what is missing.

    `missing_plays` is an estimate (each silent screen's own usual pace); `lost_plays` were declared lost by the
    players themselves; `refused_plays` could not be read and were put aside.
    """

    at: datetime
    screens: int
    heard: int
    complete_to: datetime
    silent: list[SilentScreen]
    missing_plays: int
    lost_plays: int
    refused_plays: int

    @property
    def share(self) -> float:
        """The share of screens that have told all; 1 where there is none."""
        return self.heard / self.screens if self.screens else 1.0


def completeness(
    s: Session, begin: datetime, at: datetime, *, under: Sequence[str] = (ROOT,), exactly: bool = False
) -> Completeness:
    """How complete the plays between `begin` and `at` are, as known now.

    A screen counts as heard when its log is told up to `UP_TO_DATE` before `at`, or later. `exactly`: only what
    lies in these areas themselves, not in those below them, which answer for their own.
    """
    known = {each.screen: each for each in heard(s, under)}
    screens = [row for row in fleet(s, under) if not exactly or row.location.area_path in under]
    quiet = [row for row in screens if not _told(known.get(row.screen.id), at - UP_TO_DATE)]
    told = [known[row.screen.id] for row in screens if row not in quiet]
    pace = plays_per_hour(s, [row.screen.id for row in quiet], to_ms(at))
    silent = [_silent(row, known.get(row.screen.id), pace, begin, at) for row in quiet]
    lost, refused = lost_plays(s, to_ms(begin), to_ms(at), under, exactly=exactly)
    return Completeness(
        at=at,
        screens=len(screens),
        heard=len(told),
        complete_to=min([at, *(from_ms(each.to) for each in told if each.to is not None)]),
        silent=silent,
        missing_plays=sum(each.missing_plays for each in silent),
        lost_plays=lost,
        refused_plays=refused,
    )


def _told(known: Heard | None, since: datetime) -> bool:
    return known is not None and known.to is not None and from_ms(known.to) >= since


def _silent(
    row: FleetRow, known: Heard | None, pace: Mapping[str, float], begin: datetime, at: datetime
) -> SilentScreen:
    to = from_ms(known.to) if known and known.to is not None else None
    unknown_hours = (at - max(to, begin)).total_seconds() / 3600 if to else 0.0
    missing = round(pace.get(row.screen.id, 0.0) * max(0.0, unknown_hours))
    return SilentScreen(row.screen.id, row.screen.name, row.location.code, row.location.name, to, missing)
