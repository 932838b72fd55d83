"""Screens: claimed by the code they show, or made with a key; moved, asked to do things, closed."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any

from flask import Response
from msgspec import UNSET, Meta, Struct, UnsetType
from sqlalchemy.orm import Session

from api import refs
from api.kit import Listing, Page, call, change, given, in_order, newest
from api.shapes import Name
from core.http import page_args, page_of
from core.services import services
from people.guards import principal
from people.roles import Principal
from places.models import Location
from signage import actions, queries
from signage.dialects.table import DIALECTS, OWN, Dialect, dialect_of
from signage.models import Command, Screen
from signage.queries import FleetRow

Pixels = Annotated[int, Meta(ge=16, le=16_384)]
Pitch = Annotated[float, Meta(gt=0, le=100)]
Orientation = Annotated[str, Meta(pattern="^(landscape|portrait)$")]
CommandType = Annotated[str, Meta(pattern="^(reload|refresh|screenshot|identify|clear_cache|reboot)$")]

DialectName = Annotated[str, Meta(pattern=f"^({'|'.join(DIALECTS)})$")]

MOST_COMMANDS = 1000


class Claim(Struct, kw_only=True, forbid_unknown_fields=True):
    """The code that a screen shows, and where it hangs. What is not said of its size is what the device said;
    `replaces` gives it the place, and the history, of one that broke."""

    user_code: Annotated[str, Meta(min_length=1, max_length=20, examples=["BCDF-GHJK"])]
    location: str
    name: Name
    width: Pixels | None = None
    height: Pixels | None = None
    orientation: Orientation | None = None
    pixel_pitch_mm: Pitch | None = None
    replaces: str | None = None


class ScreenIn(Struct, kw_only=True, forbid_unknown_fields=True):
    """A new screen. `testing` is the installers' mode: its plays are shown and not counted. `dialect` is what its
    player speaks: one of `GET /dialects`."""

    location: str
    name: Name
    width: Pixels
    height: Pixels
    orientation: Orientation | None = None
    pixel_pitch_mm: Pitch | None = None
    testing: bool = False
    dialect: DialectName = OWN


class ScreenPatch(Struct, kw_only=True, forbid_unknown_fields=True):
    """What is to change; another `location` moves the screen, and what it played stays counted where it was. Another
    `dialect` keeps everything: the same screen, the same keys, the same history."""

    name: Name | UnsetType = UNSET
    location: str | UnsetType = UNSET
    width: Pixels | UnsetType = UNSET
    height: Pixels | UnsetType = UNSET
    pixel_pitch_mm: Pitch | UnsetType | None = UNSET
    testing: bool | UnsetType = UNSET
    dialect: DialectName | UnsetType = UNSET


class StatusOut(Struct, kw_only=True):
    """What the player last said of itself."""

    at: datetime
    entry: str | None
    revision: str | None
    takeover_shown: str | None
    display: str
    storage: dict[str, Any] | None
    media: dict[str, Any] | None
    player: dict[str, Any]


class ScreenOut(Struct, kw_only=True):
    """A screen; `seen_at` is when its player was last heard of."""

    id: str
    name: str
    location: str
    area_path: str
    width: int
    height: int
    pixel_pitch_mm: float | None
    testing: bool
    dialect: str
    created_at: datetime
    closed_at: datetime | None
    seen_at: datetime | None
    status: StatusOut | None


class ScreenMade(ScreenOut, kw_only=True):
    """A fresh screen with its key, which is shown here and nowhere else; `address` is what a player of its make is
    given, null for our own."""

    screen_key: str
    address: str | None


class ScreenKey(Struct, kw_only=True):
    """A key, shown here and nowhere else, and the address made of it, null for our own player."""

    id: str
    screen_key: str
    address: str | None


class DialectOut(Struct, kw_only=True):
    """A make of players: where it is pointed (`{key}` stands for the screen's key; `/` where it takes the server's
    address and the key apart; empty for one that is claimed by its code), and what it can do. `poll_s`: how long a
    change, a takeover too, may take to reach it."""

    name: str
    title: str
    address: str
    poll_s: int
    commands: list[str]
    overlays: bool
    days_off_line: bool
    reports_plays: bool
    tells_display: bool
    confirms_takeovers: bool
    checks_signature: bool


class Ask(Struct, kw_only=True, forbid_unknown_fields=True):
    """What the screen is to do."""

    type: CommandType
    args: dict[str, Any] = {}


class CommandOut(Struct, kw_only=True):
    """Something a screen was asked to do; `ok` is its answer, null until it has answered."""

    id: str
    type: str
    args: dict[str, Any]
    created_at: datetime
    expires_at: datetime
    done_at: datetime | None
    ok: bool | None
    detail: str | None


class Screens(Listing, kw_only=True, forbid_unknown_fields=True):
    """Which screens: all, or those of one location."""

    location: str | None = None


@call("GET", "/screens", tag="Screens", role="viewer", query=Screens, answers=Page[ScreenOut])
def list_screens(query: Screens) -> Response:
    """List the screens of your areas with what they last said."""
    args = page_args()
    with services().db.read() as s:
        under = principal().scope("viewer")
        rows = queries.fleet(s, under, location=query.location, after=args.after, limit=args.limit + 1)
    return page_of(rows, args, lambda row: row.screen.id, screen_out)


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
        known = queries.fleet(s, [place.area_path], location=place.code)
    return screen_out(next((row for row in known if row.screen.id == ref), _alone(screen, place)))


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


def screen_out(row: FleetRow) -> ScreenOut:
    """As it is shown."""
    return ScreenOut(**_facts(row))


def dialect_out(row: Dialect) -> DialectOut:
    """As it is shown."""
    same = {name: getattr(row, name) for name in DialectOut.__struct_fields__}
    return DialectOut(**same | {"commands": list(row.commands)})


def _address(screen: Screen, key: str) -> str | None:
    return dialect_of(screen.dialect).address_for(services().settings.public_url, key) or None


def command_out(row: Command) -> CommandOut:
    """As it is shown."""
    return CommandOut(**{name: getattr(row, name) for name in CommandOut.__struct_fields__})


def _facts(row: FleetRow) -> dict[str, Any]:
    own = ("location", "area_path", "seen_at", "status")
    same = {name: getattr(row.screen, name) for name in ScreenOut.__struct_fields__ if name not in own}
    said = row.status and StatusOut(**{name: getattr(row.status, name) for name in StatusOut.__struct_fields__})
    where = {"location": row.location.code, "area_path": row.location.area_path}
    return {**same, **where, "seen_at": row.seen_at, "status": said}


def _alone(screen: Screen, place: Location) -> FleetRow:
    """A screen of which nothing has been heard, or whose news do not matter here."""
    return FleetRow(screen, place, None, None)


def _verb(ref: str, verb: Callable[[Session, Principal, datetime], object]) -> FleetRow:
    def work(s: Session, who: Principal, now: datetime) -> FleetRow:
        screen, place = refs.screen(s, who, "admin", ref)
        verb(s, who, now)
        return _alone(screen, place)

    return change(work)
