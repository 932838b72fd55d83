"""Wifi: hotspots, the gateway in front of each, and its splash as a traveller sees it."""

from datetime import timedelta
from typing import Any

from flask import g, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue

from console import notices, splash
from console.campaigns import run
from console.forms import Form
from console.pages import again, done, must, page, route, show
from console.paging import paged
from console.places import the_location
from console.refusals import say
from console.uploads import roomy, take_in
from console.words import Badge
from core.errors import Invalid, NotFound, Problem
from core.i18n import current_language
from core.i18n import gettext as _
from core.services import services
from core.threads import offload
from media.logos import logo_of
from media.store import store_of
from people.guards import signed_in
from places import queries as places
from places.models import Location
from portal import actions, queries
from portal.gateways import DIALECTS
from portal.gateways.base import Dialect
from portal.health import WEEK, State
from portal.languages import NAMES as LANGUAGES
from portal.models import Hotspot
from portal.pages import logo_address

CLOCK_BEARABLE_S = 90  # a page may have waited a little before it was loaded
MOST_LOGO_BYTES = 20_000_000
FIELDS = {"gateway": "form", "gateway.dialect": "dialect", "gateway.grant_base": "grant_base", } | {
    f"terms.{language}": f"terms_{language}" for language in LANGUAGES
}  # fmt: skip


@page("/wifi")
def hotspots() -> ResponseReturnValue:
    with services().db.read() as db:
        shown = paged(queries.hotspots(db, under=g.principal.scope("viewer")))
        zones = {one.code: place.timezone for one, place in shown.items}
        healths = queries.healths(db, zones, services().clock.now())
    return show("hotspots.html", page=shown, dialects=DIALECTS, healths=healths, badge_of=health_badge)


@page("/wifi/new", "admin")
def new_hotspot() -> ResponseReturnValue:
    choices = _choices(request.args.get("dialect", "opennds"))
    dialect: Dialect = choices["dialect"]
    usual = {f"set-{one.name}": one.default for one in dialect.settings if one.default is not None}
    form = Form({"location": request.args.get("location", ""), "session_minutes": 60, **usual})
    return show("hotspot_form.html", form=form, hotspot=None, **choices)


@page("/wifi/new", "admin", methods=["POST"])
def create_hotspot() -> ResponseReturnValue:
    form, s = Form.sent(names=_names(request.form.get("dialect", ""))), services()
    facts, code, location = _facts(form), form.text("code"), form.text("location")
    made = form.attempt(
        lambda: run(
            lambda db, by, now: actions.create_hotspot(
                db, code=code, location=location, sealer=s.sealer, by=by, now=now, **facts
            )
        )
    )
    if made is None:
        return again("hotspot_form.html", form, hotspot=None, **_choices(facts["dialect"]))
    return done(_("The hotspot has been made. Now set up its gateway."), "hotspot", code=code)


@page("/wifi/<code>")
def hotspot(code: str) -> ResponseReturnValue:
    found, place = the_hotspot(code)
    with services().db.read() as db:
        now = services().clock.now()
        health, gaps = queries.health(db, code, place.timezone, now), queries.gaps(db, now - timedelta(days=WEEK))
        terms, logo = queries.terms_versions(db, code), queries.logo(db, found)
    settings = services().settings
    return show(
        "hotspot.html",
        hotspot=found,
        location=place,
        dialect=DIALECTS[found.dialect],
        health=health,
        gaps=gaps,
        terms=terms,
        logo=logo,
        logo_address=logo_address(logo),
        badge_of_health=health_badge(health.state),
        way=way_of_grant(found, DIALECTS[found.dialect]),
        labels={one.name: one.label for one in DIALECTS[found.dialect].settings},
        clock=clock_badge(health.clock_ahead_s),
        address=f"{settings.portal_url}/wifi/{code}",
        portal_url=settings.portal_url,
        languages=LANGUAGES,
    )


def way_of_grant(found: Hotspot, dialect: Dialect) -> str:
    """In words: where this hotspot's grants go."""
    if found.grant_base or dialect.default_base:
        return found.grant_base or str(dialect.default_base)
    if "controller" in found.settings:
        return _("We call the controller")
    return _("The gateway asks us") if dialect.base_free(found.settings) else _("None is needed: the network is open")


def health_badge(state: State) -> Badge:
    """What a hotspot's health is called."""
    return {
        "new": Badge(_("Nothing has been heard of it yet")),
        "well": Badge(_("It works"), "ok"),
        "fallen": Badge(_("Far fewer than usual come on line: look at the gateway"), "bad"),
        "silent": Badge(_("Silent for a day, where many used to come"), "bad"),
        "signatures": Badge(_("The gateway's key differs from the one that was entered here"), "bad"),
    }[state]


def clock_badge(ahead_s: int | None) -> Badge | None:
    """What is said of a gateway's clock; None where it never told the time."""
    if ahead_s is None:
        return None
    if abs(ahead_s) <= CLOCK_BEARABLE_S:
        return Badge(_("agrees with ours"), "ok")
    minutes = round(abs(ahead_s) / 60)
    told = _("%(n)s minutes ahead: set it", n=minutes) if ahead_s > 0 else _("%(n)s minutes behind: set it", n=minutes)
    return Badge(told, "warn")


@page("/wifi/<code>/splash")
def splash_preview(code: str) -> ResponseReturnValue:
    """The splash or the terms in a language, framed by its page; nothing is counted and nothing can be pressed."""
    the_hotspot(code)
    language = request.args.get("lang", "")
    spoken = language if language in LANGUAGES else current_language()
    return splash.preview(code, spoken, terms=request.args.get("page") == "terms")


@page("/wifi/<code>/edit", "admin")
def edit_hotspot(code: str) -> ResponseReturnValue:
    found, place = the_hotspot(code)
    must("admin", place.area_path)
    values: dict[str, object] = {name: getattr(found, name) for name in ("name", "grant_base", "session_minutes")}
    values |= {f"set-{name}": value for name, value in found.settings.items()}
    values["networks"] = " ".join(found.networks)
    values |= {f"terms_{language}": found.terms.get(language, "") for language in LANGUAGES}
    return show("hotspot_form.html", form=Form(values), hotspot=found, **_choices(found.dialect))


@page("/wifi/<code>/edit", "admin", methods=["POST"])
def update_hotspot(code: str) -> ResponseReturnValue:
    (found, place), s = the_hotspot(code), services()
    must("admin", place.area_path)
    form = Form.sent(names=_names(found.dialect))
    facts = _facts(form)
    saved = form.attempt(
        lambda: run(lambda db, by, now: actions.update_hotspot(db, code, sealer=s.sealer, by=by, now=now, **facts))
    )
    if saved is None:
        return again("hotspot_form.html", form, hotspot=found, **_choices(facts["dialect"]))
    return done(_("Saved."), "hotspot", code=code)


@route("/wifi/<code>/logo", "operator", roomy(signed_in("admin"), MOST_LOGO_BYTES), ["POST"])
def set_logo(code: str) -> ResponseReturnValue:
    """The host's logo from a file."""
    _found, place = the_hotspot(code)
    must("admin", place.area_path)
    file = request.files.get("file")
    try:
        if not file or not file.filename:
            raise Invalid([("file", "Choose a file first.")])
        asset, _is_new = take_in(file, place.area_path)
        logo = offload(logo_of, asset, store_of(services().settings))
        run(lambda db, by, now: actions.set_logo(db, code, logo, by=by, now=now))
        notices.say(_("Travellers see the logo now."))
    except Problem as refusal:
        why = refusal.errors[0][1] if refusal.errors else refusal.detail or refusal.title
        notices.say(_("The logo: %(why)s", why=say(why)), "bad")
    return make_response(redirect(url_for("console.hotspot", code=code), 303))


@page("/wifi/<code>/logo/remove", "admin", methods=["POST"])
def remove_logo(code: str) -> ResponseReturnValue:
    _found, place = the_hotspot(code)
    must("admin", place.area_path)
    run(lambda db, by, now: actions.set_logo(db, code, None, by=by, now=now))
    return done(_("The logo is gone."), "hotspot", code=code)


@page("/wifi/<code>/close", "admin", methods=["POST"])
def close_hotspot(code: str) -> ResponseReturnValue:
    found, _place = the_hotspot(code)
    run(lambda db, by, now: actions.close_hotspot(db, code, by=by, now=now))
    return done(_("%(name)s is closed. Its history stays.", name=found.name), "hotspots")


def the_hotspot(code: str) -> tuple[Hotspot, Location]:
    """The open hotspot with its location, if this person may see it."""
    with services().db.read() as db:
        found = queries.hotspot(db, code)
    if found is None or found.closed_at is not None:
        raise NotFound(_("It does not exist, or it lies outside your area."))
    return found, the_location(found.location_code)


def _facts(form: Form) -> dict[str, Any]:
    """What ``portal.actions`` wants to know; a setting that is left empty is not given, so a kept secret stays."""
    dialect = form.text("dialect")
    return {
        "dialect": dialect,
        "name": form.maybe("name"),
        "grant_base": form.maybe("grant_base"),
        "session_minutes": form.whole("session_minutes"),
        "networks": form.text("networks").split(),
        "settings": _settings(form, DIALECTS.get(dialect)),
        "terms": {language: form.text(f"terms_{language}") for language in LANGUAGES},
    }


def _settings(form: Form, dialect: Dialect | None) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for setting in dialect.settings if dialect else ():
        field = f"set-{setting.name}"
        value = form.whole(field) if setting.kind == "number" else form.secret(field) or None
        if value is not None:
            found[setting.name] = value
    return found


def _names(dialect: str) -> dict[str, str]:
    known = DIALECTS.get(dialect)
    return FIELDS | {f"gateway.{setting.name}": f"set-{setting.name}" for setting in (known.settings if known else ())}


def _choices(dialect: str) -> dict[str, Any]:
    with services().db.read() as db:
        found = places.locations(db, g.principal.scope("admin"))
    return {
        "locations": [("", _("Choose a location")), *((one.code, f"{one.name} ({one.code})") for one in found)],
        "dialect": DIALECTS.get(dialect) or DIALECTS["opennds"],
        "languages": LANGUAGES,
        "dialects": [(name, say(one.title)) for name, one in DIALECTS.items()],
    }
