"""One screen: how it is claimed, how it is, what it shows, and what it is asked to do."""

from datetime import datetime
from typing import Any

from flask import Response, g, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from console import makes, on_air
from console.campaigns import run
from console.forms import Form
from console.pages import again, done, page, show
from core.errors import NotFound
from core.i18n import gettext as _
from core.services import services
from measure.queries import tried
from people.roles import Principal
from places import queries as places
from playlists.library import creative_names
from signage import actions, queries
from signage.dialects.table import OWN, SMIL, dialect_of
from signage.liveness import state_of
from signage.models import Screen, Screenshot
from signage.queries import FleetRow
from signage.story import last_day

MOST_BESIDE = 3  # pictures that were due, beside a photograph that shows none of them
COMMANDS = ("identify", "refresh", "reload", "screenshot", "clear_cache", "reboot")


@page("/screens/claim", "admin")
def claim_screen() -> ResponseReturnValue:
    """Also where the QR code on an unclaimed screen leads, with its code in the address."""
    code = request.args.get("user_code", "")
    form = Form({"user_code": code, "location": request.args.get("location", "")})
    return show("claim.html", form=form, **_locations())


@page("/screens/claim", "admin", methods=["POST"])
def claim_screen_now() -> ResponseReturnValue:
    form = Form.sent()
    form.require("user_code", "location", "name")
    services().limits.take("claim", g.user.id, rate_per_minute=20, burst=20)
    facts: dict[str, Any] = {
        "user_code": form.text("user_code"),
        "location": form.text("location"),
        "name": form.text("name"),
        "orientation": form.maybe("orientation"),
        "pixel_pitch_mm": form.number("pixel_pitch_mm"),
        "testing": form.ticked("testing"),
    }
    made = form.attempt(lambda: run(lambda db, by, now: actions.claim(db, **facts, by=by, now=now)))
    if made is None:
        return again("claim.html", form, **_locations())
    return done(_("%(name)s is claimed. It begins to play within seconds.", name=facts["name"]), "screens")


@page("/screens/new", "admin")
def new_screen() -> ResponseReturnValue:
    """For players that can show no code: they are given a key."""
    usual = {"location": request.args.get("location", ""), "width": 1920, "height": 1080, "dialect": SMIL}
    return show("screen_form.html", form=Form(usual), makes=makes.options(), **_locations())


@page("/screens/new", "admin", methods=["POST"])
def create_screen() -> ResponseReturnValue:
    form = Form.sent()
    form.require("location", "name", "width", "height")
    facts: dict[str, Any] = {
        "location": form.text("location"),
        "name": form.text("name"),
        "width": form.whole("width"),
        "height": form.whole("height"),
        "pixel_pitch_mm": form.number("pixel_pitch_mm"),
        "dialect": form.text("dialect") or OWN,
    }
    made = form.attempt(lambda: run(lambda db, by, now: _with_key(db, facts, by, now)))
    if made is None:
        return again("screen_form.html", form, makes=makes.options(), **_locations())
    return _key_page(*made)


def _key_page(screen: Screen, secret: str) -> ResponseReturnValue:
    make = dialect_of(screen.dialect)
    address = make.address_for(services().settings.public_url, secret)
    lacks = makes.lacks(make)
    return show("screen_key.html", screen=screen, secret=secret, make=make, address=address, lacks=lacks)


def _with_key(db: Session, facts: dict[str, Any], by: Principal, now: datetime) -> tuple[Screen, str]:
    made = actions.create(db, **facts, by=by, now=now)
    return made, actions.give_key(db, made.id, by=by, now=now)


@page("/screens/<screen_id>")
def screen(screen_id: str) -> ResponseReturnValue:
    return show("screen.html", form=Form(), **_screen_page(the_screen(screen_id)))


@page("/screens/<screen_id>/now")
def screen_now(screen_id: str) -> ResponseReturnValue:
    """The part of the page that htmx asks for again: how it is and what it shows."""
    return show("screen_now.html", **_screen_page(the_screen(screen_id)))


def _screen_page(row: FleetRow) -> dict[str, Any]:
    now, make = services().clock.now(), dialect_of(row.screen.dialect)
    with services().db.read() as db:
        commands = queries.commands(db, row.screen.id, limit=10)
        troubles = queries.troubles(db, row.screen.id)
        taken = queries.screenshot(db, row.screen.id)
        beside = creative_names(db, [one["creative"] for one in _compared(taken)])
        trial = tried(db, row.screen.id, row.location.code) if row.screen.testing else None
    return {
        "row": row,
        "screen": row.screen,
        "location": row.location,
        "state": state_of(row.seen_at, now),
        "shown": on_air.shown_by(row, now),
        "commands": commands,
        "troubles": troubles,
        "taken": taken,
        "compared": _compared(taken),
        "beside": beside,
        "trial": trial,
        "insecure": not services().settings.public_url.startswith(("https://", "http://localhost", "http://127.")),
        "can_ask": [kind for kind in COMMANDS if kind in make.commands],
        "make": make,
        "makes": makes.options(),
        "lacks": makes.lacks(make),
        **_locations(),
    }


def _compared(taken: Screenshot | None) -> list[dict[str, Any]]:
    """What stands beside a photograph: the picture that it shows, where it was due; else those that were."""
    evidence = (taken.evidence if taken else None) or {}
    due: list[dict[str, Any]] = evidence.get("due", [])
    return [evidence["shown"]] if taken and taken.verdict == "same" else due[:MOST_BESIDE]


@page("/screens/<screen_id>/screenshot.jpg")
def screen_picture(screen_id: str) -> ResponseReturnValue:
    """The last photograph that the screen took of itself."""
    the_screen(screen_id)
    with services().db.read() as db:
        found = queries.screenshot(db, screen_id)
    if found is None:
        raise NotFound(_("This screen has taken no photograph yet."))
    return Response(found.jpeg, mimetype="image/jpeg")


@page("/screens/<screen_id>/day")
def screen_day(screen_id: str) -> ResponseReturnValue:
    """The last day by the hour: planned, played, displayed, and why something is missing."""
    row, now = the_screen(screen_id), services().clock.now()
    with services().db.read() as db:
        hours = last_day(db, screen_id, now)
    return show("screen_day.html", screen=row.screen, location=row.location, hours=hours)


@page("/screens/<screen_id>/edit", "admin", methods=["POST"])
def update_screen(screen_id: str) -> ResponseReturnValue:
    row, form = the_screen(screen_id), Form.sent()
    changes = {
        "name": form.text("name"),
        "width": form.whole("width"),
        "height": form.whole("height"),
        "pixel_pitch_mm": form.number("pixel_pitch_mm"),
        "testing": form.ticked("testing"),
        "dialect": form.text("dialect") or row.screen.dialect,
    }
    form.require("name", "width", "height")
    if form.attempt(lambda: run(lambda db, by, now: actions.update(db, screen_id, changes, by=by, now=now))) is None:
        return again("screen.html", form, **_screen_page(row))
    return done(_("Saved."), "screen", screen_id=screen_id)


@page("/screens/<screen_id>/move", "admin", methods=["POST"])
def move_screen(screen_id: str) -> ResponseReturnValue:
    row, form = the_screen(screen_id), Form.sent()
    form.require("location")
    where = form.text("location")
    if form.attempt(lambda: run(lambda db, by, now: actions.move(db, screen_id, where, by=by, now=now))) is None:
        return again("screen.html", form, **_screen_page(row))
    return done(_("Moved. What it played before stays counted at its old location."), "screen", screen_id=screen_id)


@page("/screens/<screen_id>/replace", "admin", methods=["POST"])
def replace_screen(screen_id: str) -> ResponseReturnValue:
    """Another box takes the place of one that broke; it is the same screen, with its history."""
    row, form = the_screen(screen_id), Form.sent()
    form.require("user_code")
    services().limits.take("claim", g.user.id, rate_per_minute=20, burst=20)
    facts: dict[str, Any] = {
        "user_code": form.text("user_code"),
        "location": row.location.code,
        "name": row.screen.name,
        "replaces": screen_id,
    }
    if form.attempt(lambda: run(lambda db, by, now: actions.claim(db, **facts, by=by, now=now))) is None:
        return again("screen.html", form, **_screen_page(row))
    return done(_("The new box plays within seconds; the old one stops."), "screen", screen_id=screen_id)


@page("/screens/<screen_id>/ask", "editor", methods=["POST"])
def ask_screen(screen_id: str) -> ResponseReturnValue:
    row, form = the_screen(screen_id), Form.sent()
    kind = form.text("type")
    if form.attempt(lambda: run(lambda db, by, now: actions.ask(db, screen_id, kind, by=by, now=now))) is None:
        return again("screen.html", form, **_screen_page(row))
    return done(_("Asked. The screen does it when it next reports, within a minute."), "screen", screen_id=screen_id)


@page("/screens/<screen_id>/rotate", "admin", methods=["POST"])
def rotate_screen_key(screen_id: str) -> ResponseReturnValue:
    row = the_screen(screen_id)
    return _key_page(row.screen, run(lambda db, by, now: actions.rotate_key(db, screen_id, by=by, now=now)))


@page("/screens/<screen_id>/revoke", "admin", methods=["POST"])
def revoke_screen_keys(screen_id: str) -> ResponseReturnValue:
    the_screen(screen_id)
    run(lambda db, by, now: actions.revoke_keys(db, screen_id, by=by, now=now))
    return done(_("Revoked. The screen shows a new code until it is claimed again."), "screen", screen_id=screen_id)


@page("/screens/<screen_id>/close", "admin", methods=["POST"])
def close_screen(screen_id: str) -> ResponseReturnValue:
    row = the_screen(screen_id)
    run(lambda db, by, now: actions.close(db, screen_id, by=by, now=now))
    return done(_("%(name)s is closed. Its history stays.", name=row.screen.name), "screens")


def the_screen(screen_id: str) -> FleetRow:
    """The open screen with its last word, if this person may see it."""
    with services().db.read() as db:
        found = queries.fleet(db, g.principal.scope("viewer"), screen=screen_id)
    if not found:
        raise NotFound(_("It does not exist, or it lies outside your area."))
    return found[0]


def _locations() -> dict[str, object]:
    with services().db.read() as db:
        found = places.locations(db, g.principal.scope("admin"))
    return {"locations": [("", _("Choose a location")), *((one.code, f"{one.name} ({one.code})") for one in found)]}
