"""What reports ask: counts by location and day, and up to when a screen has told us what it played."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Select, func, select, union_all
from sqlalchemy.orm import InstrumentedAttribute, Session

from core.paths import ROOT, below
from measure.hour_queries import hours_of
from measure.metrics import METRICS
from measure.models import (
    DayCount,
    DekadCount,
    Gap,
    HourlyCount,
    Link,
    MonthCount,
    Play,
    PlayAck,
    RefusedPlay,
    Scan,
    Showing,
    Slice,
)
from measure.spans import Grain, Part, parts_of

_COUNTED = (*METRICS, "late")
_Kept = tuple[type[DayCount | DekadCount | MonthCount], InstrumentedAttribute[date]]
_KEPT_BY: dict[Grain, _Kept] = {
    Grain.DAY: (DayCount, DayCount.local_date),
    Grain.DEKAD: (DekadCount, DekadCount.dekad),
    Grain.MONTH: (MonthCount, MonthCount.month),
}


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

    A year reads twelve rows a location, and at most a dekad and six days more for each end that cuts through a month.
    """
    keys = ("location", "area_path", "day") if by_day else ("location", "area_path")
    parts = [Part(Grain.DAY, (first, last))] if by_day else parts_of(first, last)
    if not parts:
        return []
    every = union_all(*(_rows_of(part, under, campaign) for part in parts)).subquery()
    sums = [func.sum(every.c[name]).label(name) for name in _COUNTED]
    grouped = select(*(every.c[key] for key in keys), *sums).group_by(*(every.c[key] for key in keys))
    found = (_place_counts(row, len(keys)) for row in map(tuple, s.connection().execute(grouped).all()))
    return [each for each in found if any(each.counts.values())]  # a month less its days may leave nothing


def _place_counts(row: tuple[Any, ...], keys: int) -> PlaceCounts:
    counts = dict(zip(_COUNTED, map(int, row[keys:]), strict=True))
    return PlaceCounts(row[0], row[1], row[2] if keys > 2 else None, counts)


def _rows_of(part: Part, under: Sequence[str], campaign: str | None) -> Select[Any]:
    model, key = _KEPT_BY[part.grain]
    columns = [getattr(model, name) * part.sign if part.sign < 0 else getattr(model, name) for name in _COUNTED]
    named = [column.label(name) for name, column in zip(_COUNTED, columns, strict=True)]
    query = select(model.location, model.area_path, key.label("day"), *named).where(key.between(*part.span))
    if campaign is not None:
        query = query.where(model.campaign == campaign)
    return query if ROOT in under else query.where(below(model.area_path, under))


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


class Tried(NamedTuple):
    """What a screen did in test mode, and what was read off test codes at its location: kept, counted nowhere."""

    plays: int
    scans: int
    last_scan_ms: int | None


def tried(s: Session, screen: str, location: str) -> Tried:
    """What an installer wants to see of a test."""
    plays = select(func.count()).select_from(Play).join(PlayAck, PlayAck.stream == Play.stream)
    plays = plays.join(Showing, Showing.id == Play.showing).where(PlayAck.screen == screen, Showing.location == "")
    scans = select(func.count(), func.max(Scan.at)).join(Link, Link.code == Scan.code)
    scans = scans.where(Link.location == location, Scan.verdict == "test", Scan.stage == "resolved")
    count, last = s.execute(scans).one()
    return Tried(s.scalar(plays) or 0, count, last)


def plays_per_hour(s: Session, screens: Sequence[str], before_ms: int) -> dict[str, float]:
    """The usual pace of these screens: plays an hour over the last day that each has told us of."""
    found: dict[str, float] = {}
    for screen in screens:
        newest = s.execute(
            select(PlayAck.stream, PlayAck.last_at)
            .where(PlayAck.screen == screen, PlayAck.last_at.is_not(None), PlayAck.last_at <= before_ms)
            .order_by(PlayAck.last_at.desc())
            .limit(1)
        ).first()
        if newest is not None and newest.last_at is not None:
            found[screen] = _pace(s, newest.stream, newest.last_at)
    return found


def _pace(s: Session, stream: int, last_at: int) -> float:
    """From the end of the log's range of the primary key: a day of ten-second plays is fewer than 10,000 rows."""
    tail = select(Play.at).where(Play.stream == stream).order_by(Play.seq.desc()).limit(10_000).subquery()
    query = select(func.count(), func.min(tail.c.at)).where(tail.c.at > last_at - 86_400_000)
    n, first_at = s.execute(query).one()
    hours = max(1.0, (last_at - (first_at or last_at)) / 3_600_000)
    return float(n / hours)


def lost_plays(
    s: Session, begin_ms: int, end_ms: int, under: Sequence[str] = (ROOT,), *, exactly: bool = False
) -> tuple[int, int]:
    """Plays of a time that players declared lost, and rows that were put aside.

    `exactly`: only those of these areas themselves, not of what lies below them.
    """
    of = (lambda column: column.in_(list(under))) if exactly else (lambda column: below(column, under))
    lost = select(func.coalesce(func.sum(Gap.to_seq - Gap.from_seq + 1), 0)).where(
        Gap.before > begin_ms, Gap.before <= end_ms, of(Gap.area_path)
    )
    aside = (
        select(func.count())
        .select_from(RefusedPlay)
        .join(PlayAck, PlayAck.stream == RefusedPlay.stream)
        .where(RefusedPlay.received > begin_ms, RefusedPlay.received <= end_ms, of(PlayAck.area_path))
    )
    return int(s.scalar(lost) or 0), int(s.scalar(aside) or 0)


def counts_until(s: Session, day: date, until_ms: int) -> list[PlaceCounts]:
    """Everything counted up to an hour of a local day: whole months, whole days, and the hours before `until_ms`.

    The sum over all times, so that two such sums a day apart differ by the day and by whatever came late.
    """
    first = date(2000, 1, 1)
    found: dict[tuple[str, str], dict[str, int]] = {}
    for each in location_counts(s, first, day - timedelta(days=1)):
        found[each.location, each.area_path] = each.counts
    keys = (Slice.location, Slice.area_path, Slice.metric)
    query = select(*keys, func.sum(HourlyCount.n)).join(Slice, Slice.id == HourlyCount.slice)
    query = query.where(HourlyCount.local_date == day, HourlyCount.hour < until_ms)
    for location, path, metric, n in s.execute(query.where(HourlyCount.hour >= hours_of(day, day)[0]).group_by(*keys)):
        counts = found.setdefault((location, path), {})
        counts[metric] = counts.get(metric, 0) + int(n)
    return [PlaceCounts(location, path, None, counts) for (location, path), counts in sorted(found.items())]
