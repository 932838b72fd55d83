"""Results: the funnel by any cut, who is ahead, the rows behind, different people, shares, and targets."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from flask import Response
from msgspec import Meta, Struct, field
from sqlalchemy.orm import Session

from api import refs
from api.kit import call
from core.db import from_ms
from core.errors import Invalid
from core.http import stamp
from core.services import services
from measure.hour_queries import CountRow, count_rows
from measure.metrics import METRICS
from measure.queries import heard
from measure.uniques import uniques
from people.guards import principal
from places.models import DEFAULT_TIMEZONE
from reports.evidence import Evidence
from reports.exports import csv_rows
from reports.funnel import CUTS
from reports.late import LateUnit, late_units
from reports.locations import complete_to
from reports.proof import PLAY_COLUMNS
from reports.queries import closed_screens, hours_on_clocks, installs_told
from reports.standings import ORDERS, Standing, standings
from reports.targets import TargetLine, targets
from reports.voice import Voice, voices

MOST_DAYS = 366
_Code = Annotated[str, Meta(max_length=64)]


class Days(Struct, kw_only=True, forbid_unknown_fields=True):
    """From the first to the last local day, both included; in one area or all."""

    first: date = field(name="from")
    last: date = field(name="to")
    area: _Code | None = None


class CutQuery(Days, kw_only=True, forbid_unknown_fields=True):
    """`by` is a cut, `order` what comes first; of one campaign or all."""

    by: str = "location"
    order: str = "name"
    campaign: _Code | None = None


class Standings(Struct, kw_only=True):
    """The rows, and up to when every screen has told what it played."""

    items: list[Standing]
    complete_to: datetime


@call("GET", "/reports/funnel", tag="Reports", role="viewer", query=CutQuery, answers=Standings, refuses=(404,))
def report_funnel(query: CutQuery) -> Standings:
    """Cut the funnel by place, kind, creative, language, channel, measure or hour.

    `by` is one of location, area, venue_kind, campaign, creative, language, channel, measure, hour, weekhour
    (`weekday*24 + hour`, Monday 0); `order` one of name, plays, scans, stores, per_1000_plays, per_1000_residents, the
    highest first. Rates are fractions with their 95 % Wilson intervals; `small` ones rest on fewer than 30 cases."""
    _check(query, [("by", query.by, CUTS), ("order", query.order, ORDERS)])
    with services().db.read() as s:
        under = _under(s, query.area)
        rows = standings(s, query.first, query.last, query.by, under=under, campaign=query.campaign, order=query.order)
        return Standings(items=rows, complete_to=_complete_to(s, under))


class RowQuery(Days, kw_only=True, forbid_unknown_fields=True):
    """Which rows: `metric` may name several, with commas; `hour` is one on each location's own clock."""

    metric: Annotated[str, Meta(max_length=200)] = ""
    campaign: _Code | None = None
    location: _Code | None = None
    hour: Annotated[int, Meta(ge=0, le=23)] | None = None


ROW_COLUMNS = ("hour", "metric", "location", "area_path", "campaign", "creative", "language", "channel", "measure")


@call(
    "GET",
    "/reports/rows",
    tag="Reports",
    role="viewer",
    query=RowQuery,
    answers=("text/csv",),
    refuses=(404,),
)
def report_rows(query: RowQuery) -> Response:
    """Export the hourly counts that every figure is a sum of.

    CSV, sent while it is read, however long it is. `late` is how many of `count` came an hour or more after they
    happened."""
    metrics = [each for each in query.metric.split(",") if each]
    _check(query, [("metric", each, METRICS) for each in metrics])
    db = services().db
    with db.read() as s:
        under = _under(s, query.area)

    def rows() -> Iterator[tuple[Any, ...]]:
        where = {"location": query.location} if query.location is not None else {}
        wish = {"under": under, "campaign": query.campaign, "metrics": metrics, "where": where}
        with db.read() as s:
            hours = hours_on_clocks(s, query.first, query.last, query.hour) if query.hour is not None else []
            yield from map(_line, count_rows(s, query.first, query.last, hours=hours, **wish))  # type: ignore[arg-type]

    return csv_file((*ROW_COLUMNS, "count", "late"), rows(), f"counts-{query.first}-{query.last}.csv")


def _line(row: CountRow) -> tuple[Any, ...]:
    return (stamp(from_ms(row.hour)), *(getattr(row, name) for name in ROW_COLUMNS[1:]), row.n, row.late)


class PlayQuery(Days, kw_only=True, forbid_unknown_fields=True):
    """Of one campaign or all."""

    campaign: _Code | None = None


@call(
    "GET",
    "/reports/plays",
    tag="Reports",
    role="viewer",
    query=PlayQuery,
    answers=("text/csv",),
    refuses=(404,),
)
def report_plays(query: PlayQuery) -> Response:
    """Export every play.

    CSV, one row a play, with the fields that buyers of out-of-home time ask for; plays are kept for 35 days."""
    _check(query, [])
    db = services().db
    with db.read() as s:
        under = _under(s, query.area)

    def rows() -> Iterator[tuple[Any, ...]]:
        with db.read() as s:
            yield from Evidence(s, query.first, query.last, query.campaign, list(under)).plays()

    return csv_file(PLAY_COLUMNS, rows(), f"plays-{query.first}-{query.last}.csv")


def csv_file(columns: tuple[str, ...], rows: Iterator[tuple[Any, ...]], name: str) -> Response:
    """A CSV file, sent while it is written."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(csv_rows(columns, rows), content_type="text/csv; charset=utf-8", headers=headers)


class PeopleOut(Struct):
    """About how many different people on a day. `kind` tells what they did and how they were told apart."""

    day: date
    kind: str
    estimate: int
    plus_minus: int


class People(Struct):
    """By day. Days have salts of their own and cannot be merged: a sum of them is no number of different people."""

    items: list[PeopleOut]


@call("GET", "/reports/people", tag="Reports", role="viewer", query=Days, answers=People, refuses=(404,))
def report_people(query: Days) -> People:
    """Estimate different people a day.

    Who was in two wards counts once; `plus_minus` is the standard error of the estimate."""
    _check(query, [])
    with services().db.read() as s:
        found = uniques(s, query.first, query.last, under=_under(s, query.area))
    return People([PeopleOut(*each) for each in found])


class VoicesOut(Struct, kw_only=True):
    """The days that it is of, and a row for each campaign."""

    first: date = field(name="from")
    last: date = field(name="to")
    items: list[Voice]


@call("GET", "/reports/voice", tag="Reports", role="viewer", query=Days, answers=VoicesOut, refuses=(404,))
def report_voice(query: Days) -> VoicesOut:
    """Compare planned and delivered share of voice.

    Of the last seven days asked for; the plan of a day is what stood published at its noon."""
    _check(query, [])
    with services().db.read() as s:
        found = voices(s, query.first, query.last, under=_under(s, query.area), now=services().clock.now())
    return VoicesOut(first=found.first, last=found.last, items=found.items)


class Targets(Struct):
    """A line for each area."""

    items: list[TargetLine]


@call("GET", "/reports/targets", tag="Reports", role="viewer", answers=Targets)
def report_targets() -> Targets:
    """Hold installs against targets, with rank and pace."""
    with services().db.read() as s:
        return Targets(targets(s, today(), under=principal().scope("viewer")))


class InstallsTold(Struct):
    """A number as it was told: for which day, of whom (`population` or `officials`), where from, and when."""

    day: date
    who: str
    total: int
    source: str
    at: datetime


class InstallsOut(Struct):
    """The newest day first."""

    items: list[InstallsTold]


@call("GET", "/areas/<code>/installs", tag="Reports", role="viewer", answers=InstallsOut, refuses=(404,))
def area_installs(code: str) -> InstallsOut:
    """List every number of installs that was told for an area: what its share, rank and pace rest on."""
    with services().db.read() as s:
        told = installs_told(s, refs.area(s, principal(), "viewer", code).code)
    return InstallsOut([InstallsTold(each.day, each.who, each.total, each.source, each.at) for each in told])


class Late(Struct):
    """The units that have told nothing in time."""

    items: list[LateUnit]


@call("GET", "/reports/late", tag="Reports", role="viewer", answers=Late)
def report_late() -> Late:
    """List who is late today."""
    now = services().clock.now()
    with services().db.read() as s:
        return Late(late_units(s, today(), now, under=principal().scope("viewer")))


def today() -> date:
    """The day in the deployment's country."""
    return services().clock.now().astimezone(ZoneInfo(DEFAULT_TIMEZONE)).date()


def _under(s: Session, area: str | None) -> tuple[str, ...]:
    if area is None:
        return tuple(principal().scope("viewer"))
    return (refs.area(s, principal(), "viewer", area).path,)


def _complete_to(s: Session, under: tuple[str, ...]) -> datetime:
    gone = closed_screens(s)
    return complete_to([each for each in heard(s, under) if each.screen not in gone], services().clock.now())


def _check(query: Days, words: list[tuple[str, str, tuple[str, ...]]]) -> None:
    faults = [(name, f"must be one of {', '.join(known)}") for name, word, known in words if word not in known]
    faults += span_faults(query.first, query.last, MOST_DAYS)
    if faults:
        raise Invalid(faults)


def span_faults(first: date, last: date, most_days: int) -> list[tuple[str, str]]:
    """What is wrong with a span of days."""
    faults = [
        (name, "must lie between 2000 and 2100")
        for name, day in (("from", first), ("to", last))
        if not 2000 <= day.year <= 2100
    ]
    if not 0 <= (last - first).days <= most_days:
        faults.append(("to", f"must not be before from, nor {most_days} days after it"))
    return faults
