"""What is asked about installs, notes and frozen reports. Each takes a session and never commits."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import func, select, tuple_
from sqlalchemy.orm import Session

from core.paths import ROOT, below
from measure.hour_queries import Hours
from measure.hours import hours_of_day
from places.models import DEFAULT_TIMEZONE, Area, Location
from places.queries import areas
from reports.closing import AGGREGATE_CLOSES, UNIT_CLOSES, ReportingArea, read_time
from reports.models import DayReport, Delivery, Installs, Reminder, UnitNote
from signage.models import Screen

UNIT_SETTING, AGGREGATE_SETTING = "report_closes", "aggregate_closes"


def reporting_areas(s: Session, under: Sequence[str] = (ROOT,)) -> list[ReportingArea]:
    """Every open area with its closing times; a setting holds for an area and what lies below it."""
    every = areas(s, under)
    by_path = {each.path: each for each in (every if ROOT in under else areas(s))}
    parents = {each.parent_code for each in by_path.values()}
    return [
        ReportingArea(
            each.code,
            each.path,
            each.timezone,
            each.code in parents,
            read_time(_nearest(by_path, each.path, UNIT_SETTING), UNIT_CLOSES),
            read_time(_nearest(by_path, each.path, AGGREGATE_SETTING), AGGREGATE_CLOSES),
        )
        for each in every
    ]


def setting_of(s: Session, path: str, name: str) -> object:
    """A setting of the nearest area from `path` upward; None where none has it."""
    return _nearest({each.path: each for each in areas(s)}, path, name)


def _nearest(by_path: dict[str, Area], path: str, name: str) -> object:
    while path != ROOT:
        area = by_path.get(path)
        if area is not None and name in area.settings:
            return area.settings[name]
        path = path.rstrip("/").rpartition("/")[0] + "/"
    return None


def made_reports(s: Session, since: date) -> frozenset[tuple[str, date, str]]:
    """Which reports exist (area, day, kind) from a day on, and the last one before it of each area."""
    recent = select(DayReport.area, DayReport.day, DayReport.kind).where(DayReport.day >= since)
    older = select(DayReport.area, func.max(DayReport.day), DayReport.kind).where(DayReport.day < since)
    return frozenset(
        (area, day, kind)
        for query in (recent, older.group_by(DayReport.area, DayReport.kind))
        for area, day, kind in s.execute(query)
    )


def report(s: Session, area: str, day: date, kind: str) -> DayReport | None:
    """An area's report of a day."""
    return s.scalar(select(DayReport).where(DayReport.area == area, DayReport.day == day, DayReport.kind == kind))


def previous_report(s: Session, area: str, day: date, kind: str) -> DayReport | None:
    """The area's last report before that day."""
    query = select(DayReport).where(DayReport.area == area, DayReport.kind == kind, DayReport.day < day)
    return s.scalar(query.order_by(DayReport.day.desc()).limit(1))


def reports(
    s: Session, under: Sequence[str] = (ROOT,), *, day: date | None = None, kind: str | None = None, limit: int = 200
) -> list[DayReport]:
    """Frozen reports below these paths, the newest day first, then by path."""
    query = select(DayReport).where(below(DayReport.area_path, under))
    if day is not None:
        query = query.where(DayReport.day == day)
    if kind is not None:
        query = query.where(DayReport.kind == kind)
    return list(s.scalars(query.order_by(DayReport.day.desc(), DayReport.kind, DayReport.area_path).limit(limit)))


def report_key(row: DayReport) -> str:
    """A key in whose order the newest day comes first."""
    return f"{99_999_999 - int(f'{row.day:%Y%m%d}'):08d} {row.kind} {row.area_path}"


def reports_after(
    s: Session, under: Sequence[str], *, day: date | None, after: str | None, limit: int
) -> list[DayReport]:
    """Frozen reports in the order of `report_key`, after the one of that key."""
    query = select(DayReport).where(below(DayReport.area_path, under))
    if day is not None:
        query = query.where(DayReport.day == day)
    parts = (after or "").split(" ", 2)
    if len(parts) == 3 and (seen := _day_of(parts[0])) is not None:
        rest = tuple_(DayReport.kind, DayReport.area_path) > (parts[1], parts[2])
        query = query.where((DayReport.day < seen) | ((DayReport.day == seen) & rest))
    return list(s.scalars(query.order_by(DayReport.day.desc(), DayReport.kind, DayReport.area_path).limit(limit)))


def _day_of(reversed_day: str) -> date | None:
    try:
        return date.fromisoformat(str(99_999_999 - int(reversed_day)))
    except ValueError:
        return None


def installs(s: Session, area: str, day: date, who: str = "population") -> Installs | None:
    """The newest number of installs that was told for an area, of this day or an earlier one."""
    query = select(Installs).where(Installs.area == area, Installs.who == who, Installs.day <= day)
    return s.scalar(query.order_by(Installs.day.desc()).limit(1))


def installs_between(s: Session, first: date, last: date, who: str = "population") -> list[Installs]:
    """Every number of installs that was told for these days, by area and day."""
    query = select(Installs).where(Installs.day.between(first, last), Installs.who == who)
    return list(s.scalars(query.order_by(Installs.area, Installs.day)))


def newest_installs(s: Session, until: date, who: str = "population") -> dict[str, Installs]:
    """The newest number of installs that was told for each area, of that day or an earlier one."""
    of = (Installs.who == who, Installs.day <= until)
    newest = select(Installs.area, func.max(Installs.day).label("day")).where(*of).group_by(Installs.area).subquery()
    query = select(Installs).join(newest, (Installs.area == newest.c.area) & (Installs.day == newest.c.day))
    return {each.area: each for each in s.scalars(query.where(Installs.who == who))}


def installs_told(s: Session, area: str) -> list[Installs]:
    """Everything that was told for an area, of either kind, the newest day first."""
    query = select(Installs).where(Installs.area == area)
    return list(s.scalars(query.order_by(Installs.day.desc(), Installs.who.desc())))


def note(s: Session, area: str, day: date) -> UnitNote | None:
    """What a unit added to its report of a day."""
    return s.get(UnitNote, (area, day))


def notes(s: Session, day: date) -> dict[str, UnitNote]:
    """What units added to their reports of a day, by area."""
    return {each.area: each for each in s.scalars(select(UnitNote).where(UnitNote.day == day))}


def reminded(s: Session, day: date) -> frozenset[str]:
    """The units that were reminded of this day's report."""
    return frozenset(s.scalars(select(Reminder.area).where(Reminder.day == day)))


def undelivered(s: Session, now: datetime, limit: int = 50) -> list[Delivery]:
    """Deliveries whose next try is due, the longest waiting first."""
    query = select(Delivery).where(Delivery.delivered_at.is_(None), Delivery.next_at <= now)
    return list(s.scalars(query.order_by(Delivery.next_at).limit(limit)))


def closed_screens(s: Session) -> frozenset[str]:
    """Screens that were taken down: nothing more is to come from them."""
    return frozenset(s.scalars(select(Screen.id).where(Screen.closed_at.is_not(None))))


class PlaceNamed(NamedTuple):
    """What a report says of a location; read as columns, because a report reads thousands."""

    code: str
    name: str
    area_path: str
    venue_kind: str
    audience_multiplier: float
    sort_key: str
    is_open: bool


def places_named(s: Session, under: Sequence[str], also: Iterable[str]) -> dict[str, PlaceNamed]:
    """The locations below these paths by code, and those of `also` that hang elsewhere by now."""
    named = (Location.code, Location.name, Location.area_path, Location.venue_kind, Location.audience_multiplier)
    query = select(*named, Location.sort_key, Location.closed_at.is_(None))
    found = {row[0]: PlaceNamed._make(row) for row in s.execute(query.where(below(Location.area_path, under)))}
    moved = sorted(set(also) - found.keys())
    if moved:
        for row in s.execute(query.where(Location.code.in_(moved))):
            found[row[0]] = PlaceNamed._make(row)._replace(is_open=False)
    return found


def timezones(s: Session, under: Sequence[str] = (ROOT,)) -> list[str]:
    """The time zones of the open locations below these paths, the most frequent first."""
    query = select(Location.timezone).where(below(Location.area_path, under), Location.closed_at.is_(None))
    return list(s.scalars(query.group_by(Location.timezone).order_by(func.count().desc())))


def hours_on_clocks(
    s: Session, first: date, last: date, hour: int, *, weekday: int | None = None, timezone: str = ""
) -> list[Hours]:
    """The hours in which clocks said `hour` (0-23): each location's own, or everywhere that of one time zone."""
    if timezone:
        return [Hours(hours_of_day(first, last, timezone, hour, weekday), [], elsewhere=True)]
    others: dict[str, list[str]] = {}
    for code, zone in s.execute(select(Location.code, Location.timezone).where(Location.timezone != DEFAULT_TIMEZONE)):
        others.setdefault(zone, []).append(code)
    told = [(zone, codes, False) for zone, codes in others.items()]
    told.append((DEFAULT_TIMEZONE, [code for codes in others.values() for code in codes], True))
    return [Hours(hours_of_day(first, last, zone, hour, weekday), codes, elsewhere) for zone, codes, elsewhere in told]
