"""Results at a glance: the funnel, the course, the week, who is ahead, where; every figure leads to its rows."""

from collections.abc import Sequence
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from console import sketches
from console.asked import Asked, asked
from console.pages import page, show
from core.http import answer
from core.i18n import current_language
from core.i18n import gettext as _
from core.paths import widest
from core.services import services
from measure.channels import MEASURES
from measure.hour_queries import HourCount, hour_counts
from measure.hours import HOUR_MS
from places import queries as places
from reports.funnel import funnel, whole
from reports.locations import LocationReport, location_days
from reports.queries import newest_installs, timezones
from reports.standings import standing, standings

STORES = ("scan_stores", "landing_stores", "splash_stores")
SHOWN = {
    "scans": (("scans",), lambda row: row.scans),
    "plays": (("plays",), lambda row: row.plays),
    "splash_views": (("splash_views",), lambda row: row.splash_views),
    "stores": (STORES, lambda row: row.store_clicks + row.scan_stores),
}  # fmt: skip


def shown_names() -> dict[str, str]:
    """What the pictures can be of."""
    return {
        "scans": _("Scans"),
        "plays": _("Plays"),
        "splash_views": _("Wifi greetings"),
        "stores": _("Store visits"),
    }


@page("/results")
def results() -> ResponseReturnValue:
    """The days asked for, or the last seven; ``?of=`` chooses what the week, the ranking and the map show."""
    of = request.args.get("of", "scans")
    of = of if of in SHOWN else "scans"
    now = services().clock.now()
    with services().db.read() as db:
        at = asked(db)
        report = location_days(db, at.span.first, at.span.last, now=now, under=at.under, campaign=at.campaign or None)
        pictures = _pictures(db, at, report, of)
    return show(
        "results.html",
        at=at,
        report=report,
        of=of,
        names=shown_names(),
        most=MOST_LISTED,
        stores=",".join(STORES),
        **pictures,
    )


def _pictures(db: Session, at: Asked, report: LocationReport, of: str) -> dict[str, Any]:
    span, wish = (at.span.first, at.span.last), {"under": at.under, "campaign": at.campaign or None}
    metrics, count = SHOWN[of]
    total = standing(whole(funnel(db, *span, "channel", **wish)), "", None, "channel")  # type: ignore[arg-type]
    measures = standings(db, *span, "measure", **wish)  # type: ignore[arg-type]
    zones = timezones(db, at.under)
    return {
        "total": total,
        "screen_funnel": sketches.screen_funnel(at, total),
        "landing_funnel": sketches.landing_funnel(at, total),
        "installs": _installed(db, at),
        "wifi_funnel": sketches.wifi_funnel(at, total),
        "top": sketches.top_locations(at, report.items, ",".join(metrics), count),
        "week": sketches.week(at, hour_counts(db, *span, **wish), metrics, zones[0] if zones else sketches.HOME),  # type: ignore[arg-type]
        "map": sketches.ground(db, at, report.items, ",".join(metrics), count),
        "measures": sketches.lying_bars(
            _("Store visits by measure"),
            measures,
            measure_name,
            "stores",
            lambda key: sketches.rows_href(at, ",".join(STORES), measure=key),
        ),
    }


def _installed(db: Session, at: Asked) -> int:
    """Installs told by the last day: of the highest areas in sight that told any, for a province's hold its wards'."""
    paths, told = {each.path: each.code for each in places.areas(db, at.under)}, newest_installs(db, at.span.last)
    return sum(told[paths[path]].total for path in widest(path for path, code in paths.items() if code in told))


def measure_name(key: str) -> str:
    """A measure by its number: `5. Public wifi …`."""
    names = MEASURES.get(int(key))
    return f"{key}. {names[0 if current_language() == 'vi' else 1]}" if names else _("none")


MOST_LISTED = 100
SERIES = ("plays", "scans", "splash_views", "stores")


@page("/results/series")
def result_series() -> ResponseReturnValue:
    """The course by the hour as columns: `t` in seconds since 1970, then one for each of SERIES."""
    with services().db.read() as db:
        at = asked(db)
        counts = hour_counts(db, at.span.first, at.span.last, under=at.under, campaign=at.campaign or None)
    return answer(_columns(counts))


def _columns(counts: Sequence[HourCount]) -> dict[str, list[int]]:
    """Hours in which nothing happened are there with zeros, so that no line is drawn across a night."""
    hours: dict[int, dict[str, int]] = {}
    if counts:
        every = range(counts[0].hour, counts[-1].hour + HOUR_MS, HOUR_MS)
        hours = {hour: dict.fromkeys(SERIES, 0) for hour in every}
    for each in counts:
        name = "stores" if each.metric in STORES else each.metric
        row = hours.setdefault(each.hour, dict.fromkeys(SERIES, 0))
        if name in row:
            row[name] += each.n
    times = sorted(hours)
    return {"t": [each // 1000 for each in times]} | {name: [hours[at][name] for at in times] for name in SERIES}
