"""The rows behind every figure: hourly counts, a page at a time, and the same and the plays themselves as files."""

from collections.abc import Iterable, Iterator
from typing import Any

from flask import Response, request, stream_with_context
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from console import ui
from console.asked import Asked, asked
from console.narrowed import narrowed
from console.pages import page, show
from console.standings import complete_until
from core.db import from_ms
from core.http import stamp
from core.services import services
from measure.hour_queries import CountRow, Hours, count_rows
from measure.metrics import METRICS
from measure.names import latest_names
from places import queries as places
from places.models import DEFAULT_TIMEZONE
from reports.evidence import Evidence
from reports.exports import csv_rows
from reports.proof import PLAY_COLUMNS
from reports.queries import hours_on_clocks, timezones

PER_PAGE = 200
FILTERS = ("location", "area_path", "campaign", "creative", "language", "channel", "measure", "venue_kind")
CLOCK = ("hour", "weekday", "zone")
COLUMNS = (
    "hour_utc",
    "metric",
    "location",
    "area",
    "campaign",
    "creative",
    "language",
    "channel",
    "measure",
    "count",
    "late",
)


@page("/results/rows")
def result_rows() -> ResponseReturnValue:
    """``?metric=`` (several with commas), any of FILTERS and of CLOCK; ``?after=`` is where the page before ended."""
    with services().db.read() as db:
        at = asked(db)
        wish = _wish(db, at)
        found = list(count_rows(db, at.span.first, at.span.last, **wish, after=_after(), limit=PER_PAGE + 1))
        shown = found[:PER_PAGE]
        refs = _refs(shown)
        names = {(kind, ref): ref for kind, ref in refs} | latest_names(db, refs)
        kept = _kept(db, at)
        areas = (
            {area.path: area.name for area in places.areas(db, at.under, closed=True)} if "area_path" in kept else {}
        )
        until = complete_until(db, at)
    last = shown[-1] if len(found) > PER_PAGE else None
    return show(
        "result_rows.html",
        at=at,
        rows=[(row, from_ms(row.hour)) for row in shown],
        names=names,
        kept={name: value for name, value in kept.items() if name != "campaign"},
        only=narrowed(kept, names, areas),
        total=sum(row.n for row in shown),
        further=at.href("result_rows", **kept, after=f"{last.hour}-{last.slice}") if last else None,
        file=at.href("result_rows_file", **kept),
        plays=at.href("plays_file"),
        metric_names=metric_names(),
        complete_to=until,
    )


def _kept(db: Session, at: Asked) -> dict[str, str]:
    """What of the address narrows the rows; numbers, zones and metrics that cannot be do not."""
    kept = {name: request.args[name] for name in ("metric", *FILTERS, *CLOCK) if request.args.get(name)}
    metrics = [each for each in kept.pop("metric", "").split(",") if each in METRICS]
    for name, most in (("hour", 23), ("weekday", 6), ("measure", 10)):
        if name in kept and kept[name] != "-" and _number(name, most) is None:
            del kept[name]
    kept |= {"zone": _zone(db, at)} if "zone" in kept else {}
    return ({"metric": ",".join(metrics)} if metrics else {}) | kept


def metric_names() -> dict[str, str]:
    """How metrics are called."""
    return {metric: ui.metric_name(metric) for metric in METRICS}


def _refs(rows: Iterable[CountRow]) -> set[tuple[str, str]]:
    return {(kind, ref) for row in rows for kind in ("location", "campaign", "creative") if (ref := getattr(row, kind))}


def _after() -> tuple[int, int] | None:
    parts = request.args.get("after", "").split("-")
    return (
        (int(parts[0]), int(parts[1]))
        if len(parts) == 2 and all(p.isdecimal() and len(p) < 20 for p in parts)
        else None
    )


def _wish(db: Session, at: Asked) -> dict[str, Any]:
    """What `count_rows` is asked for; `-` stands for an empty value."""
    where: dict[str, Any] = {}
    for name in FILTERS:
        if name in request.args and name not in ("campaign", "venue_kind"):
            where[name] = "" if request.args[name] == "-" else request.args[name]
    if "measure" in where:
        where["measure"] = int(where["measure"]) if str(where["measure"]).isdecimal() else -1
    if kind := request.args.get("venue_kind"):
        where["location"] = [
            each.code for each in places.locations(db, at.under, closed=True) if each.venue_kind == kind
        ]
    metrics = [each for each in request.args.get("metric", "").split(",") if each in METRICS]
    return {"under": at.under, "campaign": _campaign(at), "metrics": metrics, "where": where, "hours": _hours(db, at)}


def _hours(db: Session, at: Asked) -> list[Hours]:
    """``?hour=`` (0-23) on each location's own clock or on that of ``?zone=``, perhaps of one ``?weekday=`` (0-6)."""
    hour, weekday = _number("hour", 23), _number("weekday", 6)
    if hour is None:
        return []
    return hours_on_clocks(db, at.span.first, at.span.last, hour, weekday=weekday, timezone=_zone(db, at))


def _zone(db: Session, at: Asked) -> str:
    """The time zone that is asked for; empty for one where we have no location."""
    zone = request.args.get("zone", "")
    return zone if zone in (DEFAULT_TIMEZONE, *timezones(db, at.under)) else ""


def _number(name: str, most: int) -> int | None:
    text = request.args.get(name, "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 4 and int(text) <= most else None


def _campaign(at: Asked) -> str | None:
    return "" if at.campaign == "-" else at.campaign or None


@page("/results/rows.csv")
def result_rows_file() -> ResponseReturnValue:
    """The same rows, all of them, as CSV."""
    with services().db.read() as db:
        at = asked(db)
        wish = _wish(db, at)

    def rows() -> Iterator[tuple[Any, ...]]:
        with services().db.read() as db:
            for row in count_rows(db, at.span.first, at.span.last, **wish):
                yield _line(row)

    return as_csv(COLUMNS, rows(), f"counts-{at.span.first}-{at.span.last}.csv")


def _line(row: CountRow) -> tuple[Any, ...]:
    area = row.area_path.rstrip("/").rsplit("/", 1)[-1]
    what = (row.campaign, row.creative, row.language, row.channel, row.measure)
    return (stamp(from_ms(row.hour)), row.metric, row.location, area, *what, row.n, row.late)


@page("/results/plays.csv")
def plays_file() -> ResponseReturnValue:
    """Every play of the days asked for, while its raw facts are kept, as CSV."""
    with services().db.read() as db:
        at = asked(db, 1)

    def rows() -> Iterator[tuple[Any, ...]]:
        with services().db.read() as db:
            yield from Evidence(db, at.span.first, at.span.last, at.campaign or None, list(at.under)).plays()

    return as_csv(PLAY_COLUMNS, rows(), f"plays-{at.span.first}-{at.span.last}.csv")


def as_csv(columns: Iterable[str], rows: Iterable[Iterable[Any]], name: str) -> Response:
    """A CSV file that is sent while it is written: memory stays the same however long it gets."""
    body = stream_with_context(csv_rows(columns, rows))
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(body, content_type="text/csv; charset=utf-8", headers=headers)
