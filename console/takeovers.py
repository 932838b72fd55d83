"""Takeovers: one creative alone on many screens, at once, for a reason, until a set moment."""

from datetime import timedelta
from typing import Any

from flask import g, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from console import placement_forms, ui
from console.area_tree import area_options
from console.campaigns import owner_areas, run
from console.forms import Form, local_text
from console.pages import again, done, page, see, show
from console.paging import paged
from core.errors import NotFound
from core.i18n import gettext as _
from core.services import services
from media import queries as media
from places import queries as places
from playlists import actions, queries
from playlists.library import creative_names
from playlists.models import Takeover
from signage.takeovers import confirmations


@page("/takeovers")
def takeovers() -> ResponseReturnValue:
    now = services().clock.now()
    with services().db.read() as db:
        found = queries.takeovers(db, g.principal.scope("viewer"))
        names = creative_names(db, {one.creative_id for one in found})
        running = [one for one in found if one.ended_at is None and one.ends_at > now]
        told = {one.id: confirmations(db, one) for one in running}
    earlier = paged([one for one in found if one not in running])
    return show("takeovers.html", running=running, told=told, page=earlier, names=names, now=now)


@page("/takeovers/<takeover_id>")
def one_takeover(takeover_id: str) -> ResponseReturnValue:
    """Who took over what and why, and screen by screen who has confirmed it."""
    return show("takeover.html", **_confirmed(takeover_id, short=False))


@page("/takeovers/<takeover_id>/confirmed")
def takeover_confirmed(takeover_id: str) -> ResponseReturnValue:
    """The part of a page that htmx asks for again while the takeover lasts; ``?short=1`` leaves out the list."""
    return show("takeover_confirmed.html", **_confirmed(takeover_id, short="short" in request.args))


def _confirmed(takeover_id: str, *, short: bool) -> dict[str, Any]:
    now = services().clock.now()
    with services().db.read() as db:
        taken = the_takeover(db, takeover_id)
        told = confirmations(db, taken)
        names = creative_names(db, {taken.creative_id})
    over = taken.ended_at is not None or taken.ends_at <= now
    return {"taken": taken, "told": told, "names": names, "over": over, "short": short, "now": now}


def the_takeover(db: Session, takeover_id: str) -> Takeover:
    """The takeover, if this person may see it."""
    found = queries.takeover(db, takeover_id)
    if found is None:
        raise NotFound(_("It does not exist, or it lies outside your area."))
    see(found.owner_path)
    return found


@page("/takeovers/new", "approver")
def new_takeover() -> ResponseReturnValue:
    until = services().clock.now() + timedelta(hours=1)
    form = Form({"ends_at": local_text(until, ui.ZONE), "media": ["screen", "splash"]})
    return show("takeover_form.html", form=form, **_choices())


@page("/takeovers/new", "approver", methods=["POST"])
def create_takeover() -> ResponseReturnValue:
    form = Form.sent()
    form.require("creative", "ends_at", "reason")
    facts = {
        "creative": form.text("creative"),
        "targets": placement_forms.targets(form),
        "starts_at": form.moment("starts_at", ui.ZONE),
        "ends_at": form.moment("ends_at", ui.ZONE),
        "reason": form.text("reason"),
        "owner_area": form.maybe("owner_area"),
    }
    if form.attempt(lambda: run(lambda db, by, now: actions.takeover(db, **facts, by=by, now=now))) is None:  # type: ignore[arg-type]
        return again("takeover_form.html", form, **_choices())
    return done(_("The takeover is on. Screens show it when they next ask, within a minute."), "takeovers")


@page("/takeovers/<takeover_id>/end", "approver", methods=["POST"])
def end_takeover(takeover_id: str) -> ResponseReturnValue:
    with services().db.read() as db:
        the_takeover(db, takeover_id)
    run(lambda db, by, now: actions.end_takeover(db, takeover_id, by=by, now=now))
    return done(_("The takeover is over. Screens return to their programme."), "takeovers")


def _choices() -> dict[str, object]:
    scope = g.principal.scope("approver")
    with services().db.read() as db:
        creatives = media.creatives(db, g.principal.scope("viewer"))
        areas, locations = places.areas(db, scope), places.locations(db, scope)
    ready = [(one.id, one.name) for one in creatives if one.withdrawn_at is None]
    return {
        "creatives": [("", _("Choose a creative")), *ready],
        "areas": area_options(areas),
        "locations": [(place.code, f"{place.name} ({place.code})") for place in locations],
        "media": [("screen", _("Screens")), ("splash", _("Wifi greetings"))],
        "owner_areas": owner_areas("approver"),
    }
