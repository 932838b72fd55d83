"""How a hotspot fares, judged by its days. Pure.

What matters to travellers is that a splash is followed by a grant: where many see the page and few come on line, a
gateway's key, address or firmware has changed. So a hotspot is compared with its own last week, never with others.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal, Protocol

WEEK = 7
MOST_KEPT_DAYS = WEEK + 1
ENOUGH_OF_A_WEEK, ENOUGH_TODAY = 50, 20  # splashes: fewer say nothing
FALLEN_BELOW = 0.5  # of the usual grants for a splash
SILENT_AFTER = timedelta(hours=24)
BAD_SIGNATURES = 5

State = Literal["new", "well", "fallen", "silent", "signatures"]


class Day(Protocol):
    """A local day of a hotspot (`portal.models.HotspotDay`)."""

    day: date
    splashes: int
    grants: int
    bad_signatures: int
    refused_targets: int
    last_seen_at: datetime | None
    clock_ahead_s: int | None


@dataclass(frozen=True, slots=True)
class Health:
    """`ratio` and `usual`: grants for each splash, today and in the week before; None where too few came.

    `clock_ahead_s`: of the gateway's clock, when it last told the time; None for one that never does.
    """

    state: State
    last_seen_at: datetime | None
    splashes: int
    grants: int
    bad_signatures: int
    refused_targets: int
    ratio: float | None
    usual: float | None
    clock_ahead_s: int | None = None


def judge(days: Sequence[Day], today: date, now: datetime) -> Health:
    """The health of a hotspot on its local day `today`."""
    current = next((one for one in days if one.day == today), None)
    week = [one for one in days if today - timedelta(days=WEEK) <= one.day < today]
    seen = max((one.last_seen_at for one in days if one.last_seen_at), default=None)
    splashes, grants = (current.splashes, current.grants) if current else (0, 0)
    bad, refused = (current.bad_signatures, current.refused_targets) if current else (0, 0)
    usual = _ratio(sum(one.grants for one in week), sum(one.splashes for one in week), ENOUGH_OF_A_WEEK)
    ratio = _ratio(grants, splashes, ENOUGH_TODAY)
    state = _state(ratio, usual, seen, bad, splashes, now)
    clocks = [one.clock_ahead_s for one in sorted(days, key=_day) if one.clock_ahead_s is not None]
    return Health(state, seen, splashes, grants, bad, refused, ratio, usual, clocks[-1] if clocks else None)


def _day(one: Day) -> date:
    return one.day


def _ratio(grants: int, splashes: int, enough: int) -> float | None:
    return grants / splashes if splashes >= enough else None


def _state(
    ratio: float | None, usual: float | None, seen: datetime | None, bad: int, splashes: int, now: datetime
) -> State:
    if seen is None:
        return "new"
    if bad >= BAD_SIGNATURES and bad > splashes:
        return "signatures"
    if usual is not None and now - seen >= SILENT_AFTER:
        return "silent"
    fallen = usual is not None and ratio is not None and ratio < usual * FALLEN_BELOW
    return "fallen" if fallen else "well"
