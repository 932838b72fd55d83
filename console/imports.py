"""A table of areas, locations, screens or hotspots: first shown what it would change, then taken over whole."""

from collections.abc import Sequence
from datetime import datetime

from flask import g, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from console.campaigns import run
from console.forms import Form
from console.pages import again, done, page, show
from console.screens import the_screen
from core.errors import Invalid
from core.i18n import gettext as _
from core.security import Sealer
from core.services import services
from core.sheets import MOST_BYTES, Plan, Row, read_sheet, write_csv
from people.actions import audit
from people.roles import Principal
from places import imports as places
from portal import imports as portal
from signage import actions as signage
from signage import imports as screens
from signage.imports import Printed

COLUMNS = {
    "areas": places.AREA_COLUMNS,
    "locations": places.LOCATION_COLUMNS,
    "screens": screens.COLUMNS,
    "hotspots": portal.OWN,
}


@page("/places/import", "admin")
def import_form() -> ResponseReturnValue:
    """``?kind=`` chooses what the table is of."""
    kind = request.args.get("kind", "")
    return show("import.html", form=Form({"kind": kind if kind in COLUMNS else "areas"}), **_about())


@page("/places/import", "admin", methods=["POST"])
def import_preview() -> ResponseReturnValue:
    """What the table would change, or what is wrong with it; nothing is kept."""
    request.max_content_length = MOST_BYTES + 100_000
    form = Form.sent()
    rows = form.attempt(lambda: _rows(form))
    if rows is None:
        return again("import.html", form, **_about())
    with services().db.read() as db:
        plan = _plan(db, form.text("kind"), rows, g.principal, services().sealer)
    if plan.faults:
        return again("import.html", form, plan=plan, **_about())
    return show("import_preview.html", form=Form({"kind": form.text("kind"), "table": write_csv(rows)}), plan=plan)


@page("/places/import/apply", "admin", methods=["POST"])
def import_apply() -> ResponseReturnValue:
    """The same table once more, worked out anew in the transaction that takes it over."""
    request.max_content_length = MOST_BYTES * 3
    form = Form.sent()
    kind, sealer = form.text("kind"), services().sealer

    def work(db: Session, by: Principal, now: datetime) -> tuple[Plan, Sequence[Printed]]:
        plan = _plan(db, kind, rows, by, sealer)
        return plan, _apply(db, kind, plan, by, now, sealer)

    rows = form.attempt(lambda: _rows(form)) or []
    made = form.attempt(lambda: run(work))
    if made is None:
        return again("import.html", form, **_about())
    plan, printed = made
    if printed:
        return show("key_sheet.html", keys=printed, public_url=services().settings.public_url)
    text = _("%(new)s new, %(changed)s changed.", new=plan.count("new"), changed=plan.count("changed"))
    return done(text, {"screens": "screens", "hotspots": "hotspots"}.get(kind, "places"))


@page("/screens/<screen_id>/printed-key", "admin", methods=["POST"])
def print_screen_key(screen_id: str) -> ResponseReturnValue:
    """One sheet with a fresh key, for a box that is still to come."""
    row = the_screen(screen_id)
    key = run(lambda db, by, now: signage.print_key(db, screen_id, by=by, now=now))
    printed = [Printed(row.screen, row.location, key)]
    return show("key_sheet.html", keys=printed, public_url=services().settings.public_url)


def _rows(form: Form) -> list[Row]:
    if form.text("kind") not in COLUMNS:
        raise Invalid([("kind", "is needed")])
    if table := form.secret("table"):
        return read_sheet(table.encode())
    file = request.files.get("file")
    raw = file.read() if file else b""
    if not raw:
        raise Invalid([("file", "is needed")])
    return read_sheet(raw)


def _plan(db: Session, kind: str, rows: Sequence[Row], by: Principal, sealer: Sealer) -> Plan:
    def may(path: str) -> bool:
        return by.allows("admin", path)

    if kind == "screens":
        return screens.plan_screens(db, rows, by)
    if kind == "hotspots":
        return portal.plan_hotspots(db, rows, by, sealer)
    return (places.plan_areas if kind == "areas" else places.plan_locations)(db, rows, may)


def _apply(db: Session, kind: str, plan: Plan, by: Principal, now: datetime, sealer: Sealer) -> Sequence[Printed]:
    if kind == "screens":
        return screens.apply_screens(db, plan, by, now)
    if kind == "hotspots":
        portal.apply_hotspots(db, plan, by, now, sealer)
        return ()
    (places.apply_areas if kind == "areas" else places.apply_locations)(db, plan, now)
    detail = {"new": plan.count("new"), "changed": plan.count("changed")}
    audit(db, by, f"{kind[:-1]}.import", kind[:-1], "", by.scope("admin")[0], detail, now=now)
    return ()


def _about() -> dict[str, object]:
    kinds = [
        ("areas", _("Areas")),
        ("locations", _("Locations")),
        ("screens", _("Screens")),
        ("hotspots", _("Wifi hotspots")),
    ]
    return {"kinds": kinds, "columns": COLUMNS}
