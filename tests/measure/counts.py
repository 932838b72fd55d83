"""Reading facts and counts back, as plainly as can be."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select

from core.db import Base, Database
from measure.metrics import METRICS
from measure.models import DayCount, DekadCount, HourlyCount, MonthCount, Slice


def rows(db: Database, model: type[Base]) -> list[Any]:
    with db.read() as s:
        return list(s.scalars(select(model)))


def hourly(db: Database) -> dict[str, int]:
    """Metric -> sum of the hourly counts, without the zeros."""
    with db.read() as s:
        query = select(Slice.metric, func.sum(HourlyCount.n)).join(Slice, Slice.id == HourlyCount.slice)
        found = {metric: int(n) for metric, n in s.execute(query.group_by(Slice.metric))}
    return {metric: n for metric, n in found.items() if n}


def totals(db: Database, model: type[DayCount | DekadCount | MonthCount] = DayCount) -> dict[str, int]:
    """Metric -> sum over all days, dekads or months, without the zeros."""
    with db.read() as s:
        sums = s.execute(select(*(func.sum(getattr(model, metric)) for metric in METRICS))).one()
    return {metric: int(n) for metric, n in zip(METRICS, sums, strict=True) if n}
