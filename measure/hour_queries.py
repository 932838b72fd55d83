"""The hourly counts: summed by what is counted, by the hour, by campaign, and as the rows that figures are sums of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import ColumnElement, Select, func, not_, null, or_, select, tuple_
from sqlalchemy.orm import Session

from core.paths import ROOT, below
from measure.models import DayCount, HourlyCount, Slice

EPOCH_DAY = date(1970, 1, 1)


class SliceCount(NamedTuple):
    """How often something happened: `hour` is ms since 1970 where it was asked for."""

    metric: str
    location: str
    area_path: str
    campaign: str
    creative: str
    language: str
    channel: str
    measure: int
    hour: int | None
    n: int
    late: int


def slice_counts(
    s: Session,
    first: date,
    last: date,
    *,
    under: Sequence[str] = (ROOT,),
    campaign: str | None = None,
    by_hour: bool = False,
    placement: str | None = None,
) -> list[SliceCount]:
    """The hourly counts from `first` to `last` (local dates, both included), summed over placements, and over the
    hours unless `by_hour`."""
    cells = select(HourlyCount.slice, func.sum(HourlyCount.n).label("n"), func.sum(HourlyCount.late).label("late"))
    cells = cells.add_columns((HourlyCount.hour if by_hour else null()).label("hour"))
    summed = within(cells, first, last).group_by(HourlyCount.slice, *([HourlyCount.hour] if by_hour else [])).subquery()
    what = (Slice.metric, Slice.location, Slice.area_path, Slice.campaign, Slice.creative, Slice.language)
    keys = (*what, Slice.channel, Slice.measure, summed.c.hour)
    query = select(*keys, func.sum(summed.c.n), func.sum(summed.c.late)).join(summed, summed.c.slice == Slice.id)
    query = of(query, under, campaign)
    if placement is not None:
        query = query.where(Slice.placement == placement)
    return [SliceCount._make((*row[:-2], int(row[-2]), int(row[-1]))) for row in s.execute(query.group_by(*keys))]


class HourCount(NamedTuple):
    """How often a metric was counted in the hour that begins at `hour` (ms since 1970)."""

    hour: int
    metric: str
    n: int


def hour_counts(
    s: Session, first: date, last: date, *, under: Sequence[str] = (ROOT,), campaign: str | None = None
) -> list[HourCount]:
    """Every hour's counts by metric over the whole scope, from `first` to `last` (local dates, both included)."""
    keys = (HourlyCount.hour, Slice.metric)
    query = select(*keys, func.sum(HourlyCount.n)).join(Slice, Slice.id == HourlyCount.slice)
    query = of(within(query, first, last), under, campaign).group_by(*keys).order_by(*keys)
    return [HourCount(hour, metric, int(n)) for hour, metric, n in s.execute(query)]


def campaign_plays(s: Session, first: date, last: date, *, under: Sequence[str] = (ROOT,)) -> dict[str, int]:
    """Campaign -> plays of these local days; the empty campaign stands for what belonged to none."""
    query = select(DayCount.campaign, func.sum(DayCount.plays)).where(DayCount.local_date.between(first, last))
    query = query.where(below(DayCount.area_path, under)).group_by(DayCount.campaign)
    return {campaign: int(n) for campaign, n in s.execute(query) if n}


class CountRow(NamedTuple):
    """One hour's count of one slice: what every figure is a sum of. `hour` is ms since 1970."""

    hour: int
    slice: int
    metric: str
    location: str
    area_path: str
    campaign: str
    creative: str
    language: str
    channel: str
    measure: int
    n: int
    late: int


class Hours(NamedTuple):
    """Hours by when they begin (ms since 1970), at these locations, or at all but these."""

    begin: list[int]
    locations: list[str]
    elsewhere: bool


def count_rows(
    s: Session,
    first: date,
    last: date,
    *,
    under: Sequence[str] = (ROOT,),
    campaign: str | None = None,
    metrics: Sequence[str] = (),
    where: Mapping[str, Any] = {},
    hours: Sequence[Hours] = (),
    after: tuple[int, int] | None = None,
    limit: int | None = None,
) -> Iterator[CountRow]:
    """The hourly counts behind a figure, by hour and slice, as they are read from the database.

    `where`: column of `Slice` -> the value, or a list of values. `hours`: only those among any of these. `after`:
    (hour, slice) of the last row seen.
    """
    what = (Slice.metric, Slice.location, Slice.area_path, Slice.campaign, Slice.creative, Slice.language)
    keys: tuple[Any, ...] = (HourlyCount.hour, HourlyCount.slice, *what, Slice.channel, Slice.measure)
    query: Select[Any] = select(*keys, HourlyCount.n, HourlyCount.late).join(Slice, Slice.id == HourlyCount.slice)
    query = of(within(query, first, last), under, campaign).where(HourlyCount.n != 0)
    if metrics:
        query = query.where(Slice.metric.in_(list(metrics)))
    for name, value in where.items():
        column = getattr(Slice, name)
        query = query.where(column.in_(value) if isinstance(value, list) else column == value)
    if hours:
        query = query.where(or_(*(_is_among(each) for each in hours)))
    if after is not None:
        query = query.where(tuple_(HourlyCount.hour, HourlyCount.slice) > after)
    ordered = query.order_by(HourlyCount.hour, HourlyCount.slice).limit(limit)
    for row in s.execute(ordered.execution_options(yield_per=1_000)):
        yield CountRow._make(row)


def _is_among(hours: Hours) -> ColumnElement[bool]:
    here = Slice.location.in_(hours.locations)
    return HourlyCount.hour.in_(hours.begin) & (not_(here) if hours.elsewhere else here)


Q = TypeVar("Q", bound=Select[*tuple[Any, ...]])


def within(query: Q, first: date, last: date) -> Q:
    """Only the hours of these local days, both included."""
    return query.where(HourlyCount.local_date.between(first, last), HourlyCount.hour.between(*hours_of(first, last)))


def of(query: Q, under: Sequence[str], campaign: str | None) -> Q:
    """Only the slices below these paths, and of this campaign where one is named."""
    query = query if ROOT in under else query.where(below(Slice.area_path, under))
    return query if campaign is None else query.where(Slice.campaign == campaign)


def hours_of(first: date, last: date) -> tuple[int, int]:
    """Hours (ms since 1970) that hold these local dates in any zone: the primary key begins with the hour."""
    day_ms = 86_400_000
    return ((first - EPOCH_DAY).days - 1) * day_ms, ((last - EPOCH_DAY).days + 2) * day_ms
