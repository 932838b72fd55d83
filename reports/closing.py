"""When a unit's day closes, and when its parent's: local times that are settings of the area."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

UNIT, AGGREGATE = "unit", "aggregate"
UNIT_CLOSES, AGGREGATE_CLOSES = time(15, 0), time(16, 30)
REMIND_BEFORE = timedelta(minutes=30)
MOST_DAYS_BACK = 7


@dataclass(frozen=True, slots=True)
class Closing:
    """A report that is due: whose, of which local day, of which kind, and from when on.

    `counted_to` is the end of the last whole hour before the unit's closing: counts are kept by the hour.
    """

    area: str
    area_path: str
    day: date
    kind: str
    closes_at: datetime
    counted_to: datetime


@dataclass(frozen=True, slots=True)
class ReportingArea:
    """What decides an area's closings. `has_children`: open areas lie below it, so it also aggregates."""

    code: str
    path: str
    timezone: str
    has_children: bool
    unit_closes: time = UNIT_CLOSES
    aggregate_closes: time = AGGREGATE_CLOSES


def read_time(text: object, default: time) -> time:
    """A setting such as `15:00`; what cannot be read is the default."""
    try:
        return time.fromisoformat(str(text))
    except ValueError:
        return default


def moment(day: date, at: time, timezone: str) -> datetime:
    """A local time of a day as an aware moment."""
    return datetime.combine(day, at, ZoneInfo(timezone))


def closings(area: ReportingArea, day: date) -> Iterator[Closing]:
    """The reports of an area for a day, the unit's own first."""
    unit_at = moment(day, area.unit_closes, area.timezone)
    counted_to = unit_at.replace(minute=0, second=0, microsecond=0)
    yield Closing(area.code, area.path, day, UNIT, unit_at, counted_to)
    if area.has_children:
        aggregate_at = moment(day, area.aggregate_closes, area.timezone)
        yield Closing(area.code, area.path, day, AGGREGATE, max(aggregate_at, unit_at), counted_to)


def due(areas: Iterable[ReportingArea], made: frozenset[tuple[str, date, str]], now: datetime) -> list[Closing]:
    """What should have been made by now and is not: today's, and after an absence what was missed, oldest first.

    A day before an area's first report is not missed: `made` has to know an earlier one, or the day is today.
    """
    first_days: dict[str, date] = {}
    for code, day, _ in made:
        first_days[code] = min(day, first_days.get(code, day))
    found = []
    for area in areas:
        today = now.astimezone(ZoneInfo(area.timezone)).date()
        begin = max(first_days.get(area.code, today), today - timedelta(days=MOST_DAYS_BACK))
        for back in range((today - begin).days + 1):
            found += [
                each
                for each in closings(area, begin + timedelta(days=back))
                if each.closes_at <= now and (each.area, each.day, each.kind) not in made
            ]
    return sorted(found, key=lambda each: (each.closes_at, each.kind != UNIT, each.area_path))
