"""Facts against counts: the sum of the rollups has to be the number of the facts, hour by hour."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import chain
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from core.db import to_ms
from measure.hour_queries import within
from measure.hours import HOUR_MS, QUARTER_MS, local_hour
from measure.ledger import SPLASH_METRICS
from measure.log_queries import Stretch, missing_numbers, plays_in_quarters, stretches
from measure.metrics import METRICS
from measure.models import DayCount, DekadCount, HourlyCount, Link, MonthCount, Scan, Slice, VisitEvent
from measure.scans import metrics_of
from measure.spans import Grain, begin_of, last_of_month

_FAR = datetime(2199, 12, 31, tzinfo=UTC)
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


def compare(s: Session, since: datetime, until: datetime | None = None) -> Finding:
    """Compares what began from the hour of `since` on, and before that of `until`, with what was counted of it.

    Reads no more than this span, and the counts of days from the beginning of its month on. The span must lie within
    the time that raw facts are kept.
    """
    span = (to_ms(since), None if until is None else to_ms(until))
    parts = stretches(s, *span)
    facts, counted = facts_by_hour(s, parts, *span), _counts_by_hour(s, *span)
    wrong = [
        f"{each.metric} at {each.location} in the hour {each.hour_ms}: {facts[each]} facts, {counted[each]} counted"
        for each in sorted(facts.keys() | counted.keys())
        if facts[each] != counted[each]
    ]
    wrong += _sums_that_differ(s, since.date(), (until or _FAR).date())
    wrong += [
        f"the log {log} of {screen} misses {n} acknowledged plays" for screen, log, n in missing_numbers(s, parts)
    ]
    return Finding(sum(facts.values()), tuple(wrong[:MOST_TOLD]))


def facts_by_hour(s: Session, parts: Sequence[Stretch], since_ms: int, until_ms: int | None = None) -> Counter[HourOf]:
    """The facts themselves, counted anew. Grouped by quarters of an hour in the database, by local hours here."""
    found: Counter[HourOf] = Counter()
    until_ms = until_ms or to_ms(_FAR)
    span = (since_ms - HOUR_MS, until_ms + HOUR_MS)  # a local hour may begin before the span's first
    plays = ((*each[:3], "plays", each.n) for each in plays_in_quarters(s, parts))
    for quarter, location, timezone, metric, n in chain(plays, _visits(s, *span), _scans(s, *span)):
        hour = local_hour(quarter * QUARTER_MS, timezone).start_ms
        if since_ms <= hour < until_ms:
            found[HourOf(hour, location, metric)] += n
    return found


_Counted = Iterator[tuple[int, str, str, str, int]]


def _visits(s: Session, since_ms: int, until_ms: int) -> _Counted:
    quarter = VisitEvent.at.op("/")(QUARTER_MS)
    keys = (quarter, VisitEvent.location, VisitEvent.timezone, VisitEvent.kind)
    for at, location, timezone, kind, n in s.execute(
        select(*keys, func.count()).where(VisitEvent.at >= since_ms, VisitEvent.at < until_ms).group_by(*keys)
    ):
        yield at, location, timezone, SPLASH_METRICS[kind], n


def _scans(s: Session, since_ms: int, until_ms: int) -> _Counted:
    quarter = Scan.at.op("/")(QUARTER_MS)
    how = (Scan.stage, Scan.verdict, Scan.to_store, Link.channel)
    keys = (quarter, Link.location, Link.timezone, *how)
    query = select(*keys, func.count()).join(Link, Link.code == Scan.code)
    query = query.where(Scan.at >= since_ms, Scan.at < until_ms)
    for at, location, timezone, stage, verdict, to_store, channel, n in s.execute(query.group_by(*keys)):
        for metric in metrics_of(stage, verdict, bool(to_store), channel):
            yield at, location, timezone, metric, n


def _counts_by_hour(s: Session, since_ms: int, until_ms: int | None) -> Counter[HourOf]:
    keys = (HourlyCount.hour, Slice.location, Slice.metric)
    query = select(*keys, func.sum(HourlyCount.n)).join(Slice, Slice.id == HourlyCount.slice)
    query = query.where(HourlyCount.hour >= since_ms, HourlyCount.hour < (until_ms or to_ms(_FAR)))
    rows = s.execute(query.group_by(*keys))
    return Counter({HourOf(hour, location, metric): int(n) for hour, location, metric, n in rows})


def _sums_that_differ(s: Session, first: date, last: date) -> list[str]:
    """Days against hours, and of the months that the span touches dekads against days and months against dekads."""
    begin, end = first.replace(day=1), last_of_month(last)
    hours, days = _hours_by_day(s, first, last), _wide(s, DayCount.local_date, begin, end)
    dekads, months = _wide(s, DekadCount.dekad, begin, end), _wide(s, MonthCount.month, begin, end)
    return [
        *_differences("day", hours, Counter({key: n for key, n in days.items() if first <= key[0] <= last})),
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


def _hours_by_day(s: Session, first: date, last: date) -> Counter[DayMetric]:
    keys = (HourlyCount.local_date, Slice.metric)
    query = select(*keys, func.sum(HourlyCount.n)).join(Slice, Slice.id == HourlyCount.slice)
    rows = s.execute(within(query, first, last).group_by(*keys))
    return Counter({(day, metric): int(n) for day, metric, n in rows if n})


def _wide(s: Session, key: InstrumentedAttribute[date], first: date, last: date) -> Counter[DayMetric]:
    sums = [func.sum(getattr(key.class_, metric)) for metric in METRICS]
    query = select(key, *sums).where(key.between(first, last)).group_by(key)
    found: Counter[DayMetric] = Counter()
    for day, *counts in s.execute(query):
        found.update({(day, metric): int(n) for metric, n in zip(METRICS, counts, strict=True) if n})
    return found
