"""Installs against targets: how far each area is, who is ahead, and the pace that its target asks for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import msgspec
from sqlalchemy.orm import Session

from core.paths import ROOT
from places.models import Area
from places.queries import areas
from reports.actions import OFFICIALS, POPULATION
from reports.queries import installs_between
from reports.rates import progress

WEEK = timedelta(days=7)
LOOK_BACK = timedelta(days=366)


class TargetLine(msgspec.Struct, frozen=True, kw_only=True):
    """An area's installs. Shares are fractions; `pace` is people a day over the last week that was told.

    `rank` is by share of the population among areas of the same kind that have told one, 1 first. `per_day` is the
    pace from tomorrow on that reaches the target by its day; `on_pace` whether the present one does.
    """

    area: str
    name: str
    kind: str
    total: int | None
    day: date | None
    source: str
    population: int | None
    share: float | None
    smartphone_users: int | None
    share_of_smartphones: float | None
    officials: int | None
    officials_total: int | None
    target_share: float | None
    target_by: date | None
    missing: int | None
    per_day: int | None
    pace: float | None
    on_pace: bool | None
    rank: int | None = None


def targets(s: Session, today: date, *, under: Sequence[str] = (ROOT,)) -> list[TargetLine]:
    """A line for each open area, in Vietnamese order, as known on `today`."""
    told = _series(s, today, POPULATION)
    officials = _series(s, today, OFFICIALS)
    lines = [_line(area, told.get(area.code, []), officials.get(area.code, []), today) for area in areas(s, under)]
    ranks = _ranks(lines)
    return [msgspec.structs.replace(line, rank=ranks.get(line.area)) for line in lines]


_Told = list[tuple[date, int, str]]


def _series(s: Session, today: date, who: str) -> dict[str, _Told]:
    """Area -> what was told for its days, in their order."""
    found: dict[str, _Told] = {}
    for each in installs_between(s, today - LOOK_BACK, today, who):
        found.setdefault(each.area, []).append((each.day, each.total, each.source))
    return found


def _line(area: Area, told: _Told, officials: _Told, today: date) -> TargetLine:
    day, total, source = told[-1] if told else (None, None, "")
    target = area.target_population_pct / 100 if area.target_population_pct is not None else None
    so_far = progress(total, area.population or 0, target, area.target_by, today) if total is not None else None
    phones, there = area.smartphone_users, area.settings.get("officials")
    pace = pace_of(told)
    return TargetLine(
        area=area.code,
        name=area.name,
        kind=area.kind,
        total=total,
        day=day,
        source=source,
        population=area.population,
        share=so_far.share if so_far else None,
        smartphone_users=phones,
        share_of_smartphones=total / phones if total is not None and phones else None,
        officials=there if isinstance(there, int) else None,
        officials_total=officials[-1][1] if officials else None,
        target_share=target,
        target_by=area.target_by,
        missing=so_far.missing if so_far else None,
        per_day=so_far.per_day if so_far else None,
        pace=pace,
        on_pace=pace >= so_far.per_day if pace is not None and so_far and so_far.per_day is not None else None,
    )


def pace_of(told: Sequence[tuple[date, int, str]]) -> float | None:
    """People a day, from the first number of the last week to the newest one; None with fewer than two numbers."""
    recent = [each for each in told if each[0] >= told[-1][0] - WEEK]
    if len(recent) < 2:
        return None
    (first, before, _), (last, now, _) = recent[0], recent[-1]
    return (now - before) / (last - first).days


def _ranks(lines: Sequence[TargetLine]) -> dict[str, int]:
    """Equal shares have equal ranks, and the next one counts them all."""
    ranks: dict[str, int] = {}
    for kind in {line.kind for line in lines}:
        shares = [(line.area, line.share) for line in lines if line.kind == kind and line.share is not None]
        for area, share in shares:
            ranks[area] = 1 + sum(other > share for _, other in shares)
    return ranks
