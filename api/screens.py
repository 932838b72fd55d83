"""Screens: claimed by the code they show, or made with a key; moved, asked to do things, closed."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from flask import Response
from msgspec import UNSET
from sqlalchemy.orm import Session

from api import refs
from api.kit import Listing, Page, call, change, given, in_order, newest
from api.screen_shapes import (
    Ask,
    Claim,
    CommandOut,
    DialectOut,
    LastError,
    ScreenIn,
    ScreenKey,
    ScreenMade,
    ScreenOut,
    ScreenPatch,
    Screens,
    StandingOut,
    Standings,
    StatusOut,
)
from core.http import page_args, page_of
from core.services import services
from people.guards import principal
from people.roles import Principal
from places.models import Location
from signage import actions, queries
from signage.dialects.table import DIALECTS, Dialect, dialect_of
from signage.liveness import heard, state_of
from signage.models import Command, Screen, ScreenTrouble
from signage.queries import FleetRow
from signage.standing import Standing, by_location

MOST_COMMANDS = 1000


@call("GET", "/screens", tag="Screens", role="viewer", query=Screens, answers=Page[ScreenOut], refuses=(404,))
def list_screens(query: Screens) -> Response:
    """List the screens of your areas with what they last said, and what last went wrong."""
    args = page_args()
    within = heard(query.state, services().clock.now()) if query.state else None
    with services().db.read() as s:
        under = _under(s, query.area)
        rows = queries.fleet(s, under, location=query.location, heard=within, after=args.after, limit=args.limit + 1)
        errors = queries.last_troubles(s, [row.screen.id for row in rows])
    return page_of(rows, args, lambda row: row.screen.id, lambda row: screen_out(row, errors.get(row.screen.id)))


@call(
    "GET",
    "/screens/standings",
    tag="Screens",
    role="viewer",
    query=Standings,
    answers=Page[StandingOut],
    refuses=(404,),
)
def list_standings(query: Standings) -> Response:
    """Count the screens of each location by state."""
    with services().db.read() as s:
        rows = queries.fleet(s, _under(s, query.area))
    found = sorted(by_location(rows, services().clock.now()), key=lambda one: one.location.code)
    return in_order(found, lambda one: one.location.code, standing_out)


def _under(s: Session, area: str | None) -> Sequence[str]:
    """The paths that are meant: of the area that is named, or all that the asker may see."""
    who = principal()
    return [refs.area(s, who, "viewer", area).path] if area else who.scope("viewer")


@call("POST", "/screens", tag="Screens", role="admin", body=ScreenIn, answers=ScreenMade, status=201, refuses=(404,))
def create_screen(body: ScreenIn) -> ScreenMade:
    """Make a screen for a player that cannot show a code."""

    def work(s: Session, who: Principal, now: datetime) -> tuple[FleetRow, str]:
        place = refs.location(s, who, "admin", body.location)
        made = actions.create(s, **given(body), by=who, now=now)
        return _alone(made, place), actions.give_key(s, made.id, by=who, now=now)

    row, key = change(work)
    return ScreenMade(screen_key=key, address=_address(row.screen, key), **_facts(row))


@call("GET", "/dialects", tag="Screens", role="viewer", query=Listing, answers=Page[DialectOut])
def list_dialects(query: Listing) -> Response:
    """List the makes of players that can be pointed here, and what each can do."""
    rows = sorted(DIALECTS.values(), key=lambda one: one.name)
    return in_order(rows, lambda one: one.name, dialect_out)


@call(
    "POST",
    "/screens/claim",
    tag="Screens",
    role="admin",
    body=Claim,
    answers=ScreenOut,
    status=201,
    refuses=(404, 409, 429),
)
def claim_screen(body: Claim) -> ScreenOut:
    """Claim the screen that shows this code."""
    services().limits.take("claim", principal().id, rate_per_minute=60, burst=60)

    def work(s: Session, who: Principal, now: datetime) -> FleetRow:
        place = refs.location(s, who, "admin", body.location)
        if body.replaces is not None:
            place = refs.screen(s, who, "admin", body.replaces)[1]
        return _alone(actions.claim(s, **given(body), by=who, now=now), place)

    return screen_out(change(work))


@call("GET", "/screens/<ref>", tag="Screens", role="viewer", answers=ScreenOut, refuses=(404,))
def get_screen(ref: str) -> ScreenOut:
    """Read a screen."""
    with services().db.read() as s:
        screen, place = refs.screen(s, principal(), "viewer", ref)
        known = queries.fleet(s, [place.area_path], screen=ref)
        error = queries.last_troubles(s, [ref]).get(ref)
    return screen_out(known[0] if known else _alone(screen, place), error)


@call("PATCH", "/screens/<ref>", tag="Screens", role="admin", body=ScreenPatch, answers=ScreenOut, refuses=(404,))
def update_screen(ref: str, body: ScreenPatch) -> ScreenOut:
    """Change a screen, or hang it at another location."""

    def work(s: Session, who: Principal, now: datetime) -> FleetRow:
        screen, place = refs.screen(s, who, "admin", ref)
        changes = given(body, but=("location",))
        if body.location is not UNSET:
            place = refs.location(s, who, "admin", body.location)
            actions.move(s, ref, place.code, by=who, now=now)
        if changes:
            actions.update(s, ref, changes, by=who, now=now)
        return _alone(screen, place)

    return screen_out(change(work))


@call("DELETE", "/screens/<ref>", tag="Screens", role="admin", answers=ScreenOut, refuses=(404,))
def close_screen(ref: str) -> ScreenOut:
    """Close a screen: its keys die, its history stays."""
    return screen_out(_verb(ref, lambda s, who, now: actions.close(s, ref, by=who, now=now)))


@call("POST", "/screens/<ref>/key", tag="Screens", role="admin", answers=ScreenKey, status=201, refuses=(404,))
def rotate_screen_key(ref: str) -> ScreenKey:
    """Give a screen a new key.

    The one it had lives on for ten minutes."""

    def work(s: Session, who: Principal, now: datetime) -> tuple[Screen, str]:
        screen, _ = refs.screen(s, who, "admin", ref)
        return screen, actions.rotate_key(s, ref, by=who, now=now)

    screen, key = change(work)
    return ScreenKey(id=ref, screen_key=key, address=_address(screen, key))


@call("DELETE", "/screens/<ref>/key", tag="Screens", role="admin", answers=ScreenOut, refuses=(404,))
def revoke_screen_keys(ref: str) -> ScreenOut:
    """Revoke a screen's keys; it plays on from what it has until it is claimed anew."""
    return screen_out(_verb(ref, lambda s, who, now: actions.revoke_keys(s, ref, by=who, now=now)))


@call(
    "POST",
    "/screens/<ref>/commands",
    tag="Screens",
    role="editor",
    body=Ask,
    answers=CommandOut,
    status=201,
    refuses=(404,),
)
def ask_screen(ref: str, body: Ask) -> CommandOut:
    """Ask a screen to do something."""

    def work(s: Session, who: Principal, now: datetime) -> Command:
        refs.screen(s, who, "editor", ref)
        return actions.ask(s, ref, body.type, args=body.args, by=who, now=now)

    return command_out(change(work))


@call(
    "GET",
    "/screens/<ref>/commands",
    tag="Screens",
    role="viewer",
    query=Listing,
    answers=Page[CommandOut],
    refuses=(404,),
)
def list_commands(ref: str, query: Listing) -> Response:
    """List what a screen was asked to do, the latest first."""
    with services().db.read() as s:
        refs.screen(s, principal(), "viewer", ref)
        rows = queries.commands(s, ref, limit=MOST_COMMANDS)
    return in_order(rows, lambda row: newest(row.created_at, row.id), command_out)


def screen_out(row: FleetRow, error: ScreenTrouble | None = None) -> ScreenOut:
    """As it is shown."""
    return ScreenOut(**_facts(row, error))


def standing_out(row: Standing) -> StandingOut:
    """As it is shown."""
    place = row.location
    return StandingOut(location=place.code, name=place.name, area_path=place.area_path, **row.counts)


def dialect_out(row: Dialect) -> DialectOut:
    """As it is shown."""
    same = {name: getattr(row, name) for name in DialectOut.__struct_fields__}
    return DialectOut(**same | {"commands": list(row.commands)})


def _address(screen: Screen, key: str) -> str | None:
    return dialect_of(screen.dialect).address_for(services().settings.public_url, key) or None


def command_out(row: Command) -> CommandOut:
    """As it is shown."""
    return CommandOut(**{name: getattr(row, name) for name in CommandOut.__struct_fields__})


def _facts(row: FleetRow, error: ScreenTrouble | None = None) -> dict[str, Any]:
    own = ("location", "area_path", "seen_at", "state", "status", "last_error")
    same = {name: getattr(row.screen, name) for name in ScreenOut.__struct_fields__ if name not in own}
    said = row.status and StatusOut(**{name: getattr(row.status, name) for name in StatusOut.__struct_fields__})
    where = {"location": row.location.code, "area_path": row.location.area_path}
    last = LastError(at=error.at, code=error.code, detail=error.detail) if error else None
    state = state_of(row.seen_at, services().clock.now())
    return {**same, **where, "seen_at": row.seen_at, "state": state, "status": said, "last_error": last}


def _alone(screen: Screen, place: Location) -> FleetRow:
    """A screen of which nothing has been heard, or whose news do not matter here."""
    return FleetRow(screen, place, None, None)


def _verb(ref: str, verb: Callable[[Session, Principal, datetime], object]) -> FleetRow:
    def work(s: Session, who: Principal, now: datetime) -> FleetRow:
        screen, place = refs.screen(s, who, "admin", ref)
        verb(s, who, now)
        return _alone(screen, place)

    return change(work)
