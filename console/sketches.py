"""From rows of results to the marks of a picture: names, numbers and shares as the reader's language writes them."""

from collections.abc import Callable, Iterable, Sequence
from zoneinfo import ZoneInfo

from babel.dates import get_day_names
from babel.numbers import format_percent
from sqlalchemy.orm import Session

from console import ui
from console.asked import Asked
from core.db import from_ms
from core.i18n import current_language
from core.i18n import gettext as _
from measure.hour_queries import HourCount
from places import queries as places
from places.models import DEFAULT_TIMEZONE
from reports.locations import LocationRow
from reports.pictures import Mark, Spot, bars, chart_map, funnel, heat
from reports.rates import Rate, wilson
from reports.standings import Standing

WIDTH = 480
TOP = 10
Count = Callable[[LocationRow], float]


def share(value: float | None) -> str:
    """A fraction as a percentage with one decimal, two below ten per cent; a dash for none."""
    if value is None:
        return "–"
    return str(format_percent(value, "0.00 %" if value < 0.1 else "0.0 %", locale=current_language()))


def sure(rate: Rate) -> str:
    """A rate with its interval: `7.50 % (6.10 % – 9.20 %)`."""
    return f"{share(rate.value)} ({span(rate)})"


def span(rate: Rate) -> str:
    """The interval alone."""
    return f"{share(rate.low)} – {share(rate.high)}"


def screen_funnel(at: Asked, row: Standing) -> str:
    """From plays to the store, the rates between people's steps with their intervals."""
    to_store = row.scan_stores + row.landing_stores
    steps = [
        Mark(_("Plays"), row.plays, ui.count(row.plays), href=rows_href(at, "plays")),
        _step(at, _("Scans on screens"), row.screen_scans, wilson(row.screen_scans, row.plays), "scans", "screen"),
        _step(at, _("Scans, every channel"), row.scans, None, "scans"),
        _step(at, _("To a store"), to_store, wilson(to_store, row.scans), "scan_stores,landing_stores"),
    ]
    return funnel(_("From plays to the store"), steps, WIDTH)


def landing_funnel(at: Asked, row: Standing) -> str:
    """From the landing page, which devices see that have no store of their own, to a store chosen there."""
    steps = [
        Mark(_("Landing pages seen"), row.landings, ui.count(row.landings), href=rows_href(at, "landings")),
        _step(at, _("To a store"), row.landing_stores, wilson(row.landing_stores, row.landings), "landing_stores"),
    ]
    return funnel(_("From the landing page to the store"), steps, WIDTH)


def wifi_funnel(at: Asked, row: Standing) -> str:
    """From the greeting to the store."""
    steps = [
        Mark(_("Wifi greetings"), row.splash_views, ui.count(row.splash_views), href=rows_href(at, "splash_views")),
        _step(at, _("Let on line"), row.grants, wilson(row.grants, row.splash_views), "grants"),
        _step(at, _("To a store"), row.splash_stores, wilson(row.splash_stores, row.grants), "splash_stores"),
    ]
    return funnel(_("From the wifi greeting to the store"), steps, WIDTH)


def _step(at: Asked, name: str, n: int, rate: Rate | None, metrics: str, channel: str = "") -> Mark:
    faint = bool(rate and rate.small)
    return Mark(name, n, ui.count(n), sure(rate) if rate else "", faint, rows_href(at, metrics, channel=channel))


def rows_href(at: Asked, metrics: str, **more: object) -> str:
    """The page with the rows behind a figure."""
    return at.href("result_rows", metric=metrics, **more)


def top_locations(at: Asked, rows: Sequence[LocationRow], metric: str, count: Count) -> str:
    """The locations with the most of something."""
    most = sorted(rows, key=lambda row: (-count(row), row.location_name))[:TOP]
    marks = [
        Mark(row.location_name, count(row), ui.count(count(row)), row.area_name, href=_of(at, row, metric))
        for row in most
        if count(row)
    ]
    return bars(_("Locations with the most"), marks, WIDTH) if marks else ""


def _of(at: Asked, row: LocationRow, metric: str) -> str:
    return rows_href(at, metric, location=row.location)


def lying_bars(
    title: str, rows: Iterable[Standing], name: Callable[[str], str], metric: str, href: Callable[[str], str]
) -> str:
    """One bar a row, for what rows are called by something else than their own name."""
    marks = [Mark(name(row.key), n, ui.count(n), href=href(row.key)) for row in rows if (n := getattr(row, metric))]
    return bars(title, sorted(marks, key=lambda each: -each.value), WIDTH) if marks else ""


def week(at: Asked, counts: Iterable[HourCount], metrics: Sequence[str], timezone: str) -> str:
    """The hours of the week, Monday first, in the time of `timezone`."""
    zone, cells = ZoneInfo(timezone), dict[tuple[int, int], int]()
    for each in counts:
        if each.metric in metrics:
            local = from_ms(each.hour).astimezone(zone)
            key = local.weekday(), local.hour
            cells[key] = cells.get(key, 0) + each.n
    names = get_day_names("abbreviated", locale=current_language())

    def href(day: int, hour: int) -> str:
        return rows_href(at, ",".join(metrics), hour=hour, weekday=day, zone=timezone)

    marks = {
        (day, hour): Mark(f"{names[day]}, {hour}:00", n, ui.count(n), href=href(day, hour))
        for (day, hour), n in cells.items()
    }
    return heat(_("Hours of the week"), [names[day] for day in range(7)], marks, WIDTH)


def ground(db: Session, at: Asked, rows: Sequence[LocationRow], metric: str, count: Count) -> str:
    """Where things happened, for locations whose coordinates are known."""
    known = places.locations_by_code(db, (row.location for row in rows))
    spots = [
        Spot(place.latitude, place.longitude, row.area_name, _dot(at, row, metric, count))
        for row in rows
        if (place := known.get(row.location)) and place.latitude is not None and place.longitude is not None
    ]
    return chart_map(_("Map of locations"), spots, WIDTH, 360) if spots else ""


def _dot(at: Asked, row: LocationRow, metric: str, count: Count) -> Mark:
    return Mark(row.location_name, count(row), ui.count(count(row)), href=_of(at, row, metric))


HOME = DEFAULT_TIMEZONE
