"""Tables of areas, locations, screens and hotspots: shown what they would change, or taken over in one transaction."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from flask import request
from msgspec import Struct
from sqlalchemy.orm import Session

from api import refs
from api.kit import call, change
from core.errors import Invalid, NotFound
from core.services import Services, services
from core.sheets import MOST_BYTES, Change, Plan, Row, read_sheet
from people.actions import audit
from people.guards import principal
from people.roles import Principal
from places import imports as places
from portal import imports as portal
from signage import actions as signage
from signage import imports as screens
from signage.imports import Printed

KINDS = ("areas", "locations", "screens", "hotspots")
FORM = {
    "type": "object",
    "required": ["file"],
    "properties": {
        "file": {
            "type": "string",
            "contentMediaType": "application/octet-stream",
            "description": "CSV in UTF-8 (comma, semicolon or tab) or XLSX; the headings are the fields' names",
        }
    },
}


class How(Struct, kw_only=True, forbid_unknown_fields=True):
    """With `dry_run` nothing is kept: the answer says what would change."""

    dry_run: bool = False


class FieldChange(Struct):
    """A field before and after."""

    field: str
    before: Any
    after: Any


class RowOut(Struct):
    """What a row does: `new`, `changed` or `same`. `line` is the line of the file."""

    line: int
    what: str
    ref: str
    name: str
    fields: list[FieldChange]


class PrintedKey(Struct):
    """A key to be printed for a screen that has no box yet: told here and nowhere else, good once, for 90 days.

    For a player of another make `player_url` is the address to type into it, good until it is revoked, and there is
    nothing to install by."""

    screen: str
    name: str
    location: str
    key: str
    install_url: str | None
    player_url: str


class ImportOut(Struct):
    """What a table did, or would do."""

    dry_run: bool
    new: int
    changed: int
    same: int
    rows: list[RowOut]
    keys: list[PrintedKey]


@call(
    "POST",
    "/imports/<kind>",
    tag="Locations",
    role="admin",
    query=How,
    answers=ImportOut,
    upload=FORM,
    refuses=(404, 409),
)
def import_table(kind: str, query: How) -> ImportOut:
    """Import areas, locations, screens or hotspots from a table.

    A row whose code is known changes it, another makes it. All rows or none: a bad one is named by line and column.
    New screens come with a key to be printed."""
    if kind not in KINDS:
        raise NotFound(f"There is no import of {kind[:40]!r}; there are {', '.join(KINDS)}")
    rows, held = _rows(), services()
    if query.dry_run:
        with held.db.read() as s:
            plan = plan_of(held, s, kind, rows, principal())
        plan.refuse()
        return _told(plan, [], dry_run=True)

    def work(s: Session, who: Principal, now: datetime) -> tuple[Plan, Sequence[Printed]]:
        plan = plan_of(held, s, kind, rows, who)
        return plan, apply(held, s, kind, plan, who, now)

    plan, printed = change(work)
    return _told(plan, printed, dry_run=False)


def _rows() -> list[Row]:
    request.max_content_length = MOST_BYTES + 10_000
    file = request.files.get("file")
    if file is None:
        raise Invalid([("file", "is needed: a form with a file of that name")])
    return read_sheet(file.read())


def plan_of(services: Services, s: Session, kind: str, rows: Sequence[Row], who: Principal) -> Plan:
    """What the rows would do."""

    def may(path: str) -> bool:
        return who.allows("admin", path)

    plans: dict[str, Callable[[], Plan]] = {
        "areas": lambda: places.plan_areas(s, rows, may),
        "locations": lambda: places.plan_locations(s, rows, may),
        "screens": lambda: screens.plan_screens(s, rows, who),
        "hotspots": lambda: portal.plan_hotspots(s, rows, who, services.sealer),
    }
    return plans[kind]()


def apply(services: Services, s: Session, kind: str, plan: Plan, who: Principal, now: datetime) -> Sequence[Printed]:
    """Does it, in the caller's transaction; the keys of new screens."""
    if kind == "screens":
        return screens.apply_screens(s, plan, who, now)
    if kind == "hotspots":
        portal.apply_hotspots(s, plan, who, now, services.sealer)
        return ()
    (places.apply_areas if kind == "areas" else places.apply_locations)(s, plan, now)
    detail = {"new": plan.count("new"), "changed": plan.count("changed")}
    audit(s, who, f"{kind[:-1]}.import", kind[:-1], "", who.scope("admin")[0], detail, now=now)
    return ()


def _told(plan: Plan, printed: Sequence[Printed], *, dry_run: bool) -> ImportOut:
    return ImportOut(
        dry_run,
        new=plan.count("new"),
        changed=plan.count("changed"),
        same=plan.count("same"),
        rows=[_row(one) for one in plan.changes],
        keys=[printed_out(one) for one in printed],
    )


def _row(one: Change) -> RowOut:
    return RowOut(one.line, one.what, one.ref, one.name, [FieldChange(*each) for each in one.fields])


def printed_out(one: Printed) -> PrintedKey:
    """As it is told."""
    root = services().settings.public_url
    told = one.screen.id, one.screen.name, one.location.code, one.key
    if address := one.address(root):
        return PrintedKey(*told, None, address)
    return PrintedKey(*told, f"{root}/install/{one.key}", f"{root}/screen?key={one.key}")


@call("POST", "/screens/<ref>/printed-key", tag="Screens", role="admin", answers=PrintedKey, status=201, refuses=(404,))
def print_screen_key(ref: str) -> PrintedKey:
    """Make a key to be printed for a screen.

    Whoever brings it first is the screen's player; one that was printed before is good no longer."""

    def work(s: Session, who: Principal, now: datetime) -> Printed:
        screen, place = refs.screen(s, who, "admin", ref)
        return Printed(screen, place, signage.print_key(s, ref, by=who, now=now))

    return printed_out(change(work))
