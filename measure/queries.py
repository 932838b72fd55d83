"""What reports ask: counts by location and day, and up to when a screen has told us what it played."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, func, select, union_all
from sqlalchemy.orm import Session

from core.paths import ROOT, below
from measure.metrics import METRICS
from measure.models import DayCount, Link, MonthCount, PlayAck

_COUNTED = (*METRICS, "late")


def link(s: Session, code: str) -> Link | None:
    """The link of a code as `parse_code` gives it."""
    return s.get(Link, code)


def links(
    s: Session,
    *,
    under: Sequence[str] = (ROOT,),
    campaign: str | None = None,
    location: str | None = None,
    after: str | None = None,
    limit: int | None = None,
) -> list[Link]:
    """Tracked links below these paths in order of their codes; those that were passed on are left out."""
    query = select(Link).where(below(Link.area_path, under), Link.shared_from == "").order_by(Link.code).limit(limit)
    if campaign is not None:
        query = query.where(Link.campaign == campaign)
    if location is not None:
        query = query.where(Link.location == location)
    if after is not None:
        query = query.where(Link.code > after)
    return list(s.scalars(query))


class PlaceCounts(NamedTuple):
    """A location's counts by metric over a span, or on one local day; `area_path` as it was then."""

    location: str
    area_path: str
    day: date | None
    counts: dict[str, int]


def location_counts(
    s: Session,
    first: date,
    last: date,
    *,
    under: Sequence[str] = (ROOT,),
    campaign: str | None = None,
    by_day: bool = False,
) -> list[PlaceCounts]:
    """Counts of every location that had any from `first` to `last` (local dates, both included).

    Whole months come from the monthly rollup, so that a year costs no more than twelve rows a location.
    """
    keys = ("location", "area_path", "day") if by_day else ("location", "area_path")
    parts = [_part(model, key, spans, under, campaign) for model, key, spans in _sources(first, last, by_day)]
    every = union_all(*parts).subquery()
    sums = [func.sum(every.c[name]).label(name) for name in _COUNTED]
    grouped = select(*(every.c[key] for key in keys), *sums).group_by(*(every.c[key] for key in keys))
    return [_place_counts(row, by_day) for row in s.execute(grouped)]


def _place_counts(row: Any, by_day: bool) -> PlaceCounts:
    values = tuple(row)
    counts = {name: int(n) for name, n in zip(_COUNTED, values[3 if by_day else 2 :], strict=True)}
    return PlaceCounts(values[0], values[1], values[2] if by_day else None, counts)


Span = tuple[date, date]


def _sources(first: date, last: date, by_day: bool) -> Iterator[tuple[type[DayCount | MonthCount], Any, list[Span]]]:
    if by_day:
        yield DayCount, DayCount.local_date, [(first, last)]
        return
    months, days = whole_months(first, last)
    if days or not months:
        yield DayCount, DayCount.local_date, days or [(first, last)]
    if months:
        yield MonthCount, MonthCount.month, [months]


def whole_months(first: date, last: date) -> tuple[Span | None, list[Span]]:
    """The calendar months (by their first days) that lie wholly within the span, and the days that are left over."""
    begin = first if first.day == 1 else _next_month(first)
    end = _next_month(last) if (last + timedelta(days=1)).day == 1 else last.replace(day=1)
    if begin >= end:
        return None, [(first, last)] if first <= last else []
    days = []
    if first < begin:
        days.append((first, begin - timedelta(days=1)))
    if last >= end:
        days.append((end, last))
    return (begin, end - timedelta(days=1)), days


def _next_month(day: date) -> date:
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1)


def _part(
    model: type[DayCount | MonthCount], key: Any, spans: list[Span], under: Sequence[str], campaign: str | None
) -> Select[Any]:
    columns = [getattr(model, name) for name in _COUNTED]
    query = select(model.location, model.area_path, key.label("day"), *columns).where(_in_spans(key, spans))
    if campaign is not None:
        query = query.where(model.campaign == campaign)
    return query if ROOT in under else query.where(below(model.area_path, under))


def _in_spans(key: Any, spans: list[Span]) -> ColumnElement[bool]:
    tests = [key.between(begin, end) for begin, end in spans]
    whole = tests[0]
    for test in tests[1:]:
        whole = whole | test
    return whole  # type: ignore[no-any-return]


class Heard(NamedTuple):
    """Up to when (ms since 1970) a screen has told us everything it played; None if it never has."""

    screen: str
    location: str
    area_path: str
    to: int | None


def heard(s: Session, under: Sequence[str] = (ROOT,)) -> list[Heard]:
    """Every screen that ever sent plays from below these paths, and up to when its log is complete."""
    query = select(PlayAck.screen, PlayAck.location, PlayAck.area_path, PlayAck.heard_to).order_by(PlayAck.stream)
    found: dict[str, Heard] = {}
    for screen, location, area_path, to in s.execute(query.where(below(PlayAck.area_path, under))):
        before = found.get(screen)
        newest = max(to or 0, (before.to if before else 0) or 0) or None
        found[screen] = Heard(screen, location, area_path, newest)
    return list(found.values())
