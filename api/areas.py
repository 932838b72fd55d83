"""Areas: the tree over which roles hold and numbers are summed."""

from datetime import date, datetime
from typing import Annotated, Any

from flask import Response
from msgspec import UNSET, Meta, Struct, UnsetType
from sqlalchemy.orm import Session

from api import refs
from api.kit import Listing, Page, call, change, given
from api.shapes import Code, Name
from core.http import PageArgs, page_args, page_of
from core.services import services
from people.actions import audit
from people.guards import principal
from people.roles import Principal
from places import actions, queries
from places.models import Area

People = Annotated[int, Meta(ge=0, le=10_000_000_000)]
Percent = Annotated[float, Meta(ge=0, le=100)]


class AreaSettings(Struct, forbid_unknown_fields=True):
    """What holds in the area and below it, unless a lower area says otherwise."""

    four_eyes: bool | UnsetType = UNSET
    report_closes: Annotated[str, Meta(description="local time of the unit's report, 15:00")] | UnsetType = UNSET
    aggregate_closes: Annotated[str, Meta(description="local time of the parent's report, 16:30")] | UnsetType = UNSET
    report_mail: Annotated[list[str], Meta(description="who gets this area's reports")] | UnsetType = UNSET
    report_webhook: Annotated[list[str], Meta(description="addresses that get them as JSON")] | UnsetType = UNSET
    officials: People | UnsetType = UNSET
    media_quota_mb: (
        Annotated[int, Meta(ge=1, le=10**9, description="megabytes of files that the area and all below it may keep")]
        | UnsetType
    ) = UNSET
    alert_mail: (
        Annotated[list[str], Meta(description="who is told of screens that are silent, differ or lack plays")]
        | UnsetType
    ) = UNSET
    alert_webhook: Annotated[list[str], Meta(description="addresses that are told as signed JSON")] | UnsetType = UNSET
    alert_after_minutes: Annotated[int, Meta(ge=5, le=1440, description="silence that counts; 15")] | UnsetType = UNSET


class AreaFacts(Struct, kw_only=True, forbid_unknown_fields=True):
    """What may be said of an area."""

    kind: str | UnsetType = UNSET
    population: People | UnsetType | None = UNSET
    population_source: Annotated[str, Meta(max_length=200)] | UnsetType | None = UNSET
    population_as_of: date | UnsetType | None = UNSET
    smartphone_users: People | UnsetType | None = UNSET
    target_population_pct: Percent | UnsetType | None = UNSET
    target_by: date | UnsetType | None = UNSET
    timezone: str | UnsetType = UNSET
    settings: AreaSettings | UnsetType = UNSET


class AreaIn(AreaFacts, kw_only=True, forbid_unknown_fields=True):
    """A new area; without a parent it stands at the top."""

    code: Code
    name: Name
    parent: str | None = None


class AreaPatch(AreaFacts, kw_only=True, forbid_unknown_fields=True):
    """What is to change; the rest stays. Another `parent` (null: the top) moves the area with all below it."""

    name: Name | UnsetType = UNSET
    parent: str | UnsetType | None = UNSET


class AreaOut(Struct, kw_only=True):
    """An area."""

    id: str
    code: str
    name: str
    kind: str
    parent: str | None
    path: str
    population: int | None
    population_source: str | None
    population_as_of: date | None
    smartphone_users: int | None
    target_population_pct: float | None
    target_by: date | None
    timezone: str
    settings: dict[str, Any]
    created_at: datetime
    closed_at: datetime | None


class Places(Listing, kw_only=True, forbid_unknown_fields=True):
    """Which areas or locations: within one area, matching a word, with or without closed ones."""

    area: str | None = None
    search: str = ""
    closed: bool = False


@call("GET", "/areas", tag="Areas", role="viewer", query=Places, answers=Page[AreaOut], refuses=(404,))
def list_areas(query: Places) -> Response:
    """List areas, in Vietnamese order."""
    args = page_args()
    with services().db.read() as s:
        rows = queries.areas(s, within(s, query), **asked(query, args))
    return page_of(rows, args, place_key, area_out)


@call("POST", "/areas", tag="Areas", role="admin", body=AreaIn, answers=AreaOut, status=201, refuses=(404, 409))
def create_area(body: AreaIn) -> AreaOut:
    """Make an area."""

    def work(s: Session, who: Principal, now: datetime) -> Area:
        refs.area_path(s, who, "admin", body.parent, "parent")
        made = actions.create_area(s, **given(body), now=now)
        audit(s, who, "area.create", "area", made.code, made.path, {"name": made.name}, now=now)
        return made

    return area_out(change(work))


@call("GET", "/areas/<code>", tag="Areas", role="viewer", answers=AreaOut, refuses=(404,))
def get_area(code: str) -> AreaOut:
    """Read an area."""
    with services().db.read() as s:
        return area_out(refs.area(s, principal(), "viewer", code))


@call("PATCH", "/areas/<code>", tag="Areas", role="admin", body=AreaPatch, answers=AreaOut, refuses=(404,))
def update_area(code: str, body: AreaPatch) -> AreaOut:
    """Change an area."""

    def work(s: Session, who: Principal, now: datetime) -> Area:
        found = refs.area(s, who, "admin", code)
        if body.parent is not UNSET:
            _move(s, who, found, body.parent, now)
        if changes := given(body, but=("parent",)):
            actions.update_area(s, code, changes, now=now)
            audit(s, who, "area.update", "area", code, found.path, {"changed": sorted(changes)}, now=now)
        return found

    return area_out(change(work))


@call("DELETE", "/areas/<code>", tag="Areas", role="admin", answers=AreaOut, refuses=(404, 409))
def close_area(code: str) -> AreaOut:
    """Close an area.

    Its history stays. 409 while open areas or locations lie in it."""

    def work(s: Session, who: Principal, now: datetime) -> Area:
        refs.area(s, who, "admin", code)
        found = actions.close_area(s, code, now=now)
        audit(s, who, "area.close", "area", code, found.path, now=now)
        return found

    return area_out(change(work))


@call("POST", "/areas/<code>/reopen", tag="Areas", role="admin", answers=AreaOut, refuses=(404,))
def reopen_area(code: str) -> AreaOut:
    """Open a closed area again."""

    def work(s: Session, who: Principal, now: datetime) -> Area:
        refs.area(s, who, "admin", code)
        found = actions.reopen_area(s, code, now=now)
        audit(s, who, "area.reopen", "area", code, found.path, now=now)
        return found

    return area_out(change(work))


def _move(s: Session, who: Principal, area: Area, parent: str | None, now: datetime) -> None:
    """Whoever moves an area is administrator where it leaves and where it arrives. NotFound, Forbidden, Invalid."""
    refs.area_path(s, who, "admin", area.parent_code, "parent")
    refs.area_path(s, who, "admin", parent, "parent")
    before, after = actions.move_area(s, area.code, parent, now=now)
    audit(s, who, "area.move", "area", area.code, after, {"from": before, "to": after}, now=now)


def within(s: Session, query: Places) -> tuple[str, ...]:
    """The paths to look in: the asker's, or the one area named, if it is in sight."""
    if query.area is None:
        return principal().scope("viewer")
    return (refs.area(s, principal(), "viewer", query.area).path,)


def asked(query: Places, args: PageArgs) -> dict[str, Any]:
    """The arguments of the list queries of places."""
    after = tuple(args.after.split(" ", 1)) if args.after else None
    return {"search": query.search, "closed": query.closed, "after": after, "limit": args.limit + 1}


def place_key(row: Any) -> str:
    """Where an area or a location stands in its list."""
    return f"{row.sort_key} {row.code}"


def area_out(row: Area) -> AreaOut:
    """As it is shown."""
    same = {name: getattr(row, name) for name in AreaOut.__struct_fields__ if name not in ("id", "parent")}
    return AreaOut(id=row.code, parent=row.parent_code, **same)
