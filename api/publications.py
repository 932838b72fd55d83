"""What was published and the way back, fallbacks, the calendar of holidays, and a day before it happens."""

from datetime import date, datetime
from typing import Any

from flask import Response
from msgspec import Struct
from sqlalchemy.orm import Session

from api import refs
from api.kit import Listing, Page, call, change, in_order
from api.shapes import Code, Name
from core.errors import Conflict
from core.http import page_args
from core.paths import within_any
from core.services import services
from people.guards import principal
from people.roles import Principal
from playlists import actions, queries
from playlists.actions import Published
from playlists.models import Publication
from playlists.simulate import Simulation, simulate
from signage import queries as signage
from signage.board import card_of

MOST_SCREENS = 200


class PublicationOut(Struct, kw_only=True):
    """One line of the log of what is played; `kind` is campaign, fallback or holiday."""

    seq: int
    at: datetime
    by: str
    action: str
    kind: str
    ref: str
    name: str
    area_path: str


class Restored(Struct, kw_only=True):
    """The new lines that the way back has made; none if this is what plays already."""

    publications: list[int]


class FallbackIn(Struct, kw_only=True, forbid_unknown_fields=True):
    """What shows where nothing is placed, at a location or in an area and below; null gives back what lies above."""

    creative: str | None
    area: Code | None = None
    location: Code | None = None


class FallbackOut(Struct, kw_only=True):
    """What shows where nothing is placed."""

    scope: str
    code: str
    creative: str


class HolidayIn(Struct, kw_only=True, forbid_unknown_fields=True):
    """Days that are not as others, both included; without `last` one day, without `area` everywhere."""

    name: Name
    first: str
    last: str | None = None
    area: Code | None = None


class HolidayOut(Struct, kw_only=True):
    """An entry of the calendar."""

    id: str
    name: str
    first: str
    last: str
    area: str | None


class DayOf(Struct, kw_only=True, forbid_unknown_fields=True):
    """A local day, on the screens of an area, or of all you see."""

    date: date
    area: str | None = None


class PlannedOut(Struct, kw_only=True):
    """What a campaign gets: on so many screens, so many plays, and this part of all air time."""

    campaign: str
    screens: int
    plays: int
    air_ms: int
    share: float


class TroubleOut(Struct, kw_only=True):
    """`silent`: others have its hours; `empty`: nothing is placed; `oversold`: it cannot have its full share."""

    kind: str
    screen: str
    start: datetime
    until: datetime
    placement: str | None
    campaign: str | None
    by: list[str]


class SimulationOut(Struct, kw_only=True):
    """A day before it happens, on as many screens as were looked at."""

    screens: int
    planned: list[PlannedOut]
    troubles: list[TroubleOut]


@call("GET", "/publications", tag="Campaigns", role="viewer", query=Listing, answers=Page[PublicationOut])
def list_publications(query: Listing) -> Response:
    """List what was published in your areas, the newest first."""
    page_args()
    with services().db.read() as s:
        rows = queries.publications(s, principal().scope("viewer"), limit=10_000)
    return in_order(rows, lambda row: f"{10**15 - row.seq:016}", _publication_out)


@call(
    "POST",
    "/publications/<ref>/restore",
    tag="Campaigns",
    role="approver",
    answers=Restored,
    refuses=(404,),
)
def restore_publication(ref: str) -> Restored:
    """Go back to what was published after this line, in the areas where you may approve."""
    if not (ref.isascii() and ref.isdigit() and len(ref) < 16):
        raise refs.missing("publication", ref)
    seq = int(ref)
    done = change(lambda s, who, now: actions.restore(s, seq, by=who, now=now))
    return Restored(publications=[one.seq for one in done])


@call("GET", "/fallbacks", tag="Campaigns", role="viewer", answers=Page[FallbackOut])
def list_fallbacks() -> dict[str, Any]:
    """List what shows where nothing is placed."""
    with services().db.read() as s:
        lines = [line for line in queries.published(s) if line.kind == "fallback" and line.snapshot]
    seen = [line for line in lines if principal().allows("viewer", line.area_path)]
    return {"items": [FallbackOut(**line.snapshot) for line in seen if line.snapshot], "next": None}


@call("PUT", "/fallbacks", tag="Campaigns", role="approver", body=FallbackIn, answers=Restored, refuses=(404, 409))
def set_fallback(body: FallbackIn) -> Restored:
    """Set or clear a fallback."""
    if (body.area is None) == (body.location is None):
        raise Conflict("Name one area, or one location")

    def work(s: Session, who: Principal, now: datetime) -> Published:
        if body.area is not None:
            refs.area(s, who, "approver", body.area)
            return actions.set_fallback(s, "area", body.area, body.creative, by=who, now=now)
        refs.location(s, who, "approver", body.location or "")
        return actions.set_fallback(s, "location", body.location or "", body.creative, by=who, now=now)

    return Restored(publications=[change(work).seq])


@call("GET", "/holidays", tag="Campaigns", role="viewer", answers=Page[HolidayOut])
def list_holidays() -> dict[str, Any]:
    """List the calendar of days that are not as others."""
    with services().db.read() as s:
        lines = [line for line in queries.published(s) if line.kind == "holiday" and line.snapshot]
    return {"items": [_holiday_out(line) for line in lines], "next": None}


@call("POST", "/holidays", tag="Campaigns", role="approver", body=HolidayIn, answers=HolidayOut, status=201)
def add_holiday(body: HolidayIn) -> HolidayOut:
    """Add an entry to the calendar."""
    return _set_holiday(body, None)


@call("PUT", "/holidays/<ref>", tag="Campaigns", role="approver", body=HolidayIn, answers=HolidayOut, refuses=(404,))
def change_holiday(ref: str, body: HolidayIn) -> HolidayOut:
    """Change an entry of the calendar."""
    return _set_holiday(body, ref)


@call("DELETE", "/holidays/<ref>", tag="Campaigns", role="approver", answers=None, status=204, refuses=(404,))
def remove_holiday(ref: str) -> None:
    """Take an entry out of the calendar."""
    change(lambda s, who, now: actions.remove_holiday(s, ref, by=who, now=now))


@call("GET", "/simulation", tag="Campaigns", role="viewer", query=DayOf, answers=SimulationOut, refuses=(404,))
def simulate_day(query: DayOf) -> SimulationOut:
    """Play a day before it happens: planned plays and shares, and what would be wrong."""
    with services().db.read() as s:
        scope = [refs.area(s, principal(), "viewer", query.area).path] if query.area else principal().scope("viewer")
        rows = [row for row in signage.all_hung_facts(s) if within_any(row.area_path, scope)]
        spots = [card_of(row).spot for row in rows[:MOST_SCREENS]]
        world = queries.load_world(s)
    return _simulation_out(simulate(world, spots, query.date), len(spots))


def _set_holiday(body: HolidayIn, ref: str | None) -> HolidayOut:
    doc = {"name": body.name, "first": body.first, "last": body.last, "area": body.area}

    def work(s: Session, who: Principal, now: datetime) -> Publication | None:
        done = actions.set_holiday(s, doc, holiday_id=ref, by=who, now=now)
        return queries.publication(s, done.seq)

    line = change(work)
    assert line is not None
    return _holiday_out(line)


def _holiday_out(line: Publication) -> HolidayOut:
    doc = line.snapshot or {}
    return HolidayOut(id=line.ref, name=doc["name"], first=doc["first"], last=doc["last"], area=doc["area"] or None)


def _publication_out(row: Publication) -> PublicationOut:
    return PublicationOut(
        seq=row.seq,
        at=row.at,
        by=row.by_name,
        action=row.action,
        kind=row.kind,
        ref=row.ref,
        name=row.name,
        area_path=row.area_path,
    )


def _simulation_out(found: Simulation, screens: int) -> SimulationOut:
    return SimulationOut(
        screens=screens,
        planned=[
            PlannedOut(
                campaign=name,
                screens=found.spots[name],
                plays=one.plays,
                air_ms=one.air_ms,
                share=round(found.share(name), 6),
            )
            for name, one in sorted(found.planned.items())
        ],
        troubles=[
            TroubleOut(
                kind=one.kind,
                screen=one.spot_id,
                start=one.start,
                until=one.until,
                placement=one.placement_id or None,
                campaign=one.campaign_id or None,
                by=list(one.by),
            )
            for one in found.troubles
        ],
    )
