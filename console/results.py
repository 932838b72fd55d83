"""What was reached: plays, splash views, grants, scans and store clicks by location, and by day for one of them."""

from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from flask import g, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from console import ui
from console.area_tree import area_options
from console.bars import Chart, Series, chart
from console.forms import Form
from console.pages import page, show
from core.i18n import gettext as _
from core.services import services
from places import queries as places
from playlists import queries as playlists
from reports.locations import LocationRow, location_days

LONGEST = timedelta(days=366)
DAYS_SHOWN = 14


@dataclass(frozen=True)
class Span:
    """Days, both included."""

    first: date
    last: date

    @property
    def days(self) -> list[date]:
        return [self.first + timedelta(days=n) for n in range((self.last - self.first).days + 1)]


@page("/results")
def results() -> ResponseReturnValue:
    """Every location of the area, over the days asked for; the last seven without a wish."""
    span, scope = asked_span(7), g.principal.scope("viewer")
    campaign = request.args.get("campaign") or None
    with services().db.read() as db:
        areas = places.areas(db, scope)
        chosen = next((area for area in areas if area.code == request.args.get("area", "")), None)
        report = location_days(
            db,
            span.first,
            span.last,
            now=services().clock.now(),
            under=[chosen.path] if chosen else scope,
            campaign=campaign,
        )
        campaigns = playlists.campaigns(db, scope)
    form = Form(
        {"from": span.first, "to": span.last, "area": chosen.code if chosen else "", "campaign": campaign or ""}
    )
    return show(
        "results.html",
        report=report,
        form=form,
        areas=[("", _("All areas")), *area_options(areas)],
        campaigns=[("", _("All campaigns")), *((one.id, one.name) for one in campaigns)],
    )


def asked_span(days: int) -> Span:
    """``?from=&to=`` as local dates; what is missing, wrong or too long falls back to the last ``days``."""
    today = services().clock.now().astimezone(ZoneInfo(ui.ZONE)).date()
    last = _date(request.args.get("to", "")) or today
    first = _date(request.args.get("from", "")) or last - timedelta(days=days - 1)
    return Span(first, last) if first <= last <= first + LONGEST else Span(last - timedelta(days=days - 1), last)


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


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
