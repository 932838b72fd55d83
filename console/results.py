"""One location's numbers, day by day."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from console.asked import Span
from console.bars import Chart, Series, chart
from core.i18n import gettext as _
from core.services import services
from reports.locations import LocationRow, location_days

DAYS_SHOWN = 14


@dataclass(frozen=True)
class LocationNumbers:
    """One location day by day, as a table and as two pictures: plays are of another size than the rest."""

    rows: list[LocationRow]
    total: LocationRow
    plays: Chart
    people: Chart


def of_location(db: Session, code: str, area_path: str, span: Span) -> LocationNumbers:
    """The numbers of one location; days without anything are there with zeros."""
    now = services().clock.now()
    report = location_days(db, span.first, span.last, now=now, under=[area_path], by_day=True)
    by_day = {row.date: row for row in report.items if row.location == code}
    rows = [by_day.get(day.isoformat()) or _nothing(code, day) for day in span.days]
    return LocationNumbers(rows[::-1], _sum(rows, code), _plays(rows), _people(rows))


def _nothing(code: str, day: date) -> LocationRow:
    return LocationRow(location=code, location_name="", area="", area_name="", venue_kind="", date=day.isoformat())


COUNTED = ("plays", "splash_views", "grants", "scans", "store_clicks", "scan_stores")


def _sum(rows: list[LocationRow], code: str) -> LocationRow:
    total = LocationRow(location=code, location_name="", area="", area_name="", venue_kind="")
    for name in COUNTED:
        setattr(total, name, sum(getattr(row, name) for row in rows))
    return total


def _labels(rows: list[LocationRow]) -> list[str]:
    return [f"{day.day}/{day.month}" for row in rows if (day := date.fromisoformat(row.date or ""))]


def _plays(rows: list[LocationRow]) -> Chart:
    return chart(_("Plays a day"), _labels(rows), [Series(_("Plays"), [row.plays for row in rows])])


def _people(rows: list[LocationRow]) -> Chart:
    series = [
        Series(_("Scans"), [row.scans for row in rows]),
        Series(_("Wifi greetings"), [row.splash_views for row in rows]),
        Series(_("Let on line"), [row.grants for row in rows]),
        Series(_("Store visits"), [stores(row) for row in rows]),
    ]
    return chart(_("What people did, a day"), _labels(rows), series)


def stores(row: LocationRow) -> int:
    """Everyone who went on to a store: by a tap, or straight from a scan."""
    return row.store_clicks + row.scan_stores
