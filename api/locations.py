"""Locations: places with screens or wifi in them."""

from datetime import datetime
from typing import Annotated, Any

from flask import Response
from msgspec import UNSET, Meta, Struct, UnsetType
from sqlalchemy.orm import Session

from api import refs
from api.areas import Places, asked, place_key, within
from api.kit import Page, call, change, given
from api.shapes import Code, Name, Window
from core.http import page_args, page_of
from core.services import services
from people.actions import audit
from people.guards import principal
from people.roles import Principal
from places import actions, queries
from places.models import Location
from places.venues import VENUES


class LocationFacts(Struct, kw_only=True, forbid_unknown_fields=True):
    """What may be said of a location."""

    timezone: str | UnsetType = UNSET
    latitude: Annotated[float, Meta(ge=-90, le=90)] | UnsetType | None = UNSET
    longitude: Annotated[float, Meta(ge=-180, le=180)] | UnsetType | None = UNSET
    tags: Annotated[list[Annotated[str, Meta(min_length=1, max_length=50)]], Meta(max_length=50)] | UnsetType = UNSET
    viewing_distance_m: Annotated[float, Meta(ge=0.1, le=1000)] | UnsetType | None = UNSET
    audience_multiplier: Annotated[float, Meta(ge=0, le=100_000)] | UnsetType = UNSET
    audience_source: Annotated[str, Meta(max_length=200)] | UnsetType | None = UNSET
    operating_hours: list[Window] | UnsetType = UNSET
    languages: dict[str, Annotated[int, Meta(ge=1, le=100)]] | UnsetType = UNSET


class LocationIn(LocationFacts, kw_only=True, forbid_unknown_fields=True):
    """A new location in an area."""

    code: Code
    name: Name
    area: str
    venue_kind: str


class LocationPatch(LocationFacts, kw_only=True, forbid_unknown_fields=True):
    """What is to change; another `area` moves the location."""

    name: Name | UnsetType = UNSET
    area: str | UnsetType = UNSET
    venue_kind: str | UnsetType = UNSET


class Venue(Struct):
    """A kind of place; the ids are those of the OpenOOH venue taxonomy, null where it has no word for it."""

    kind: str
    vi: str
    en: str
    openooh: int | None
    openooh_1_1: int | None


class LocationOut(Struct, kw_only=True):
    """A location."""

    id: str
    code: str
    name: str
    area: str
    area_path: str
    venue_kind: str
    openooh_venue_id: int | None
    timezone: str
    latitude: float | None
    longitude: float | None
    tags: list[str]
    viewing_distance_m: float | None
    audience_multiplier: float
    audience_source: str | None
    operating_hours: list[dict[str, Any]]
    languages: dict[str, int]
    created_at: datetime
    closed_at: datetime | None


@call("GET", "/venue-kinds", tag="Locations", role="viewer", answers=Page[Venue])
def list_venue_kinds() -> dict[str, Any]:
    """List the kinds of place."""
    return {"items": list(VENUES.values()), "next": None}


@call("GET", "/locations", tag="Locations", role="viewer", query=Places, answers=Page[LocationOut], refuses=(404,))
def list_locations(query: Places) -> Response:
    """List locations, in Vietnamese order."""
    args = page_args()
    with services().db.read() as s:
        rows = queries.locations(s, within(s, query), **asked(query, args))
    return page_of(rows, args, place_key, location_out)


@call(
    "POST",
    "/locations",
    tag="Locations",
    role="admin",
    body=LocationIn,
    answers=LocationOut,
    status=201,
    refuses=(404, 409),
)
def create_location(body: LocationIn) -> LocationOut:
    """Make a location."""

    def work(s: Session, who: Principal, now: datetime) -> Location:
        refs.area(s, who, "admin", body.area)
        made = actions.create_location(s, **given(body), now=now)
        audit(s, who, "location.create", "location", made.code, made.area_path, {"name": made.name}, now=now)
        return made

    return location_out(change(work))


@call("GET", "/locations/<code>", tag="Locations", role="viewer", answers=LocationOut, refuses=(404,))
def get_location(code: str) -> LocationOut:
    """Read a location."""
    with services().db.read() as s:
        return location_out(refs.location(s, principal(), "viewer", code))


@call(
    "PATCH",
    "/locations/<code>",
    tag="Locations",
    role="admin",
    body=LocationPatch,
    answers=LocationOut,
    refuses=(404,),
)
def update_location(code: str, body: LocationPatch) -> LocationOut:
    """Change a location, or move it to another area."""

    def work(s: Session, who: Principal, now: datetime) -> Location:
        refs.location(s, who, "admin", code)
        if body.area is not UNSET:
            refs.area(s, who, "admin", body.area)
        found = actions.update_location(s, code, given(body), now=now)
        changed = {"changed": sorted(given(body))}
        audit(s, who, "location.update", "location", code, found.area_path, changed, now=now)
        return found

    return location_out(change(work))


@call("DELETE", "/locations/<code>", tag="Locations", role="admin", answers=LocationOut, refuses=(404,))
def close_location(code: str) -> LocationOut:
    """Close a location; its history stays."""

    def work(s: Session, who: Principal, now: datetime) -> Location:
        refs.location(s, who, "admin", code)
        found = actions.close_location(s, code, now=now)
        audit(s, who, "location.close", "location", code, found.area_path, now=now)
        return found

    return location_out(change(work))


@call("POST", "/locations/<code>/reopen", tag="Locations", role="admin", answers=LocationOut, refuses=(404,))
def reopen_location(code: str) -> LocationOut:
    """Open a closed location again."""

    def work(s: Session, who: Principal, now: datetime) -> Location:
        refs.location(s, who, "admin", code)
        found = actions.reopen_location(s, code, now=now)
        audit(s, who, "location.reopen", "location", code, found.area_path, now=now)
        return found

    return location_out(change(work))


def location_out(row: Location) -> LocationOut:
    """As it is shown."""
    own = ("id", "area", "openooh_venue_id")
    same = {name: getattr(row, name) for name in LocationOut.__struct_fields__ if name not in own}
    return LocationOut(id=row.code, area=row.area_code, openooh_venue_id=VENUES[row.venue_kind].openooh, **same)
