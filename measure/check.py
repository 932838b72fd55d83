"""Facts against counts: the sum of the rollups has to be the number of the facts, hour by hour."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from core.db import to_ms
from measure.hours import QUARTER_MS, local_hour
from measure.ledger import SPLASH_METRICS
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
    VisitEvent,
)
from measure.scans import metrics_of
from measure.screen_queries import TOLD
from measure.spans import Grain, begin_of

MOST_TOLD = 20


class HourOf(NamedTuple):
    """An hour of a metric at a location."""

    hour_ms: int
    location: str
    metric: str


@dataclass(frozen=True, slots=True)
class Finding:
    """How many facts were looked at, and in words where they differ from the counts (at most MOST_TOLD)."""

    facts: int
    differences: tuple[str, ...]


def compare(s: Session, since: datetime) -> Finding:
    """Compares everything from the hour of `since` on, which must lie within the time that raw facts are kept."""
    since_ms = to_ms(since)
    facts = facts_by_hour(s, since_ms)
    counted = _counts_by_hour(s, since_ms)
    wrong = [
        f"{each.metric} at {each.location} in the hour {each.hour_ms}: {facts[each]} facts, {counted[each]} counted"
        for each in sorted(facts.keys() | counted.keys())
        if facts[each] != counted[each]
    ]
    wrong += _sums_that_differ(s, since) + _logs_that_do_not_add_up(s)
    return Finding(sum(facts.values()), tuple(wrong[:MOST_TOLD]))


def facts_by_hour(s: Session, since_ms: int) -> Counter[HourOf]:
    """The facts themselves, counted anew. Grouped by quarters of an hour in the database, by local hours here."""
    found: Counter[HourOf] = Counter()
    for each in (_plays, _visits, _scans):
        for quarter, location, timezone, metric, n in each(s, since_ms - 4 * QUARTER_MS):
            hour = local_hour(quarter * QUARTER_MS, timezone).start_ms
            if hour >= since_ms:
                found[HourOf(hour, location, metric)] += n
    return found


_Counted = Iterator[tuple[int, str, str, str, int]]


def _plays(s: Session, since_ms: int) -> _Counted:
    quarter = Play.at.op("/")(QUARTER_MS)
    inner = (
        select(Play.showing, quarter.label("quarter"), func.count().label("n"))
        .where(Play.at >= since_ms)
        .group_by(Play.showing, quarter)
        .subquery()
    )
    keys = (inner.c.quarter, Showing.location, Showing.timezone)
    query = select(*keys, func.sum(inner.c.n)).join(Showing, Showing.id == inner.c.showing).group_by(*keys)
    for at, location, timezone, n in s.execute(query):
        yield at, location, timezone, "plays", int(n)


def _visits(s: Session, since_ms: int) -> _Counted:
    quarter = VisitEvent.at.op("/")(QUARTER_MS)
    keys = (quarter, VisitEvent.location, VisitEvent.timezone, VisitEvent.kind)
    for at, location, timezone, kind, n in s.execute(
        select(*keys, func.count()).where(VisitEvent.at >= since_ms).group_by(*keys)
    ):
        yield at, location, timezone, SPLASH_METRICS[kind], n


def _scans(s: Session, since_ms: int) -> _Counted:
    quarter = Scan.at.op("/")(QUARTER_MS)
    how = (Scan.stage, Scan.verdict, Scan.to_store, Link.channel)
    keys = (quarter, Link.location, Link.timezone, *how)
    query = select(*keys, func.count()).join(Link, Link.code == Scan.code).where(Scan.at >= since_ms)
    for at, location, timezone, stage, verdict, to_store, channel, n in s.execute(query.group_by(*keys)):
        for metric in metrics_of(stage, verdict, bool(to_store), channel):
            yield at, location, timezone, metric, n


def _counts_by_hour(s: Session, since_ms: int) -> Counter[HourOf]:
    keys = (HourlyCount.hour, Slice.location, Slice.metric)
    query = select(*keys, func.sum(HourlyCount.n)).join(Slice, Slice.id == HourlyCount.slice)
    rows = s.execute(query.where(HourlyCount.hour >= since_ms).group_by(*keys))
    return Counter({HourOf(hour, location, metric): int(n) for hour, location, metric, n in rows})


def _sums_that_differ(s: Session, since: datetime) -> list[str]:
    """Days against hours, dekads against days and months against dekads, from the beginning of this month on."""
    first = since.date().replace(day=1)
    hours, days = _hours_by_day(s, first), _wide(s, DayCount.local_date, first)
    dekads, months = _wide(s, DekadCount.dekad, first), _wide(s, MonthCount.month, first)
    return [
        *_differences("day", hours, days),
        *_differences("dekad", _in_periods(days, Grain.DEKAD), dekads),
        *_differences("month", _in_periods(dekads, Grain.MONTH), months),
    ]


DayMetric = tuple[date, str]


def _in_periods(parts: Counter[DayMetric], grain: Grain) -> Counter[DayMetric]:
    found: Counter[DayMetric] = Counter()
    for (day, metric), n in parts.items():
        found[begin_of(day, grain), metric] += n
    return found


def _differences(what: str, parts: Counter[DayMetric], whole: Counter[DayMetric]) -> Iterator[str]:
    for day, metric in sorted(parts.keys() | whole.keys()):
        if parts[day, metric] != whole[day, metric]:
            yield f"{metric} in the {what} of {day}: {parts[day, metric]} in its parts, {whole[day, metric]} counted"


def _hours_by_day(s: Session, first: date) -> Counter[DayMetric]:
    keys = (HourlyCount.local_date, Slice.metric)
    query = select(*keys, func.sum(HourlyCount.n)).join(Slice, Slice.id == HourlyCount.slice)
    rows = s.execute(query.where(HourlyCount.local_date >= first).group_by(*keys))
    return Counter({(day, metric): int(n) for day, metric, n in rows if n})


def _wide(s: Session, key: InstrumentedAttribute[date], first: date) -> Counter[DayMetric]:
    sums = [func.sum(getattr(key.class_, metric)) for metric in METRICS]
    query = select(key, *sums).where(key >= first).group_by(key)
    found: Counter[DayMetric] = Counter()
    for day, *sums in s.execute(query):
        found.update({(day, metric): int(n) for metric, n in zip(METRICS, sums, strict=True) if n})
    return found


def _logs_that_do_not_add_up(s: Session) -> list[str]:
    """Every number from the oldest play that is still kept to the ack is a play, declared lost, or put aside.

    Not so in the log of what is told without numbers, whose numbers are made of the plays themselves.
    """
    held = select(Play.stream, func.count().label("n"), func.min(Play.seq).label("low"))
    kept = held.group_by(Play.stream).subquery()
    lost = select(func.coalesce(func.sum(Gap.to_seq - Gap.from_seq + 1), 0)).where(
        Gap.stream == kept.c.stream, Gap.from_seq > kept.c.low
    )
    aside = select(func.count()).where(RefusedPlay.stream == kept.c.stream, RefusedPlay.seq > kept.c.low)
    missing = PlayAck.ack - kept.c.low + 1 - kept.c.n - lost.scalar_subquery() - aside.scalar_subquery()
    query = select(PlayAck.screen, PlayAck.epoch, missing).join(kept, kept.c.stream == PlayAck.stream)
    rows = s.execute(query.where(missing != 0, PlayAck.epoch != TOLD).order_by(PlayAck.stream).limit(MOST_TOLD))
    return [f"the log {epoch} of {screen} misses {n} acknowledged plays" for screen, epoch, n in rows]
