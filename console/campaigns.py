"""Campaigns: the list, the page of one with who did what, the form, and the way from draft to screen."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import g, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from console import reach, ui
from console.forms import Form, local_text
from console.pages import again, done, page, see, show
from console.paging import paged
from core.errors import NotFound
from core.i18n import gettext as _
from core.services import services
from people import queries as people
from people.roles import Principal
from places import queries as places
from playlists import actions, queries
from playlists.library import creative_names
from playlists.models import Campaign

DESTINATIONS = ("android_url", "ios_url", "other_url")


@page("/campaigns")
def campaigns() -> ResponseReturnValue:
    now, state = services().clock.now(), request.args.get("state", "")
    with services().db.read() as db:
        found = queries.campaigns(db, g.principal.scope("viewer"))
    shown = [one for one in found if not state or one.state(now) == state]
    counts = {name: sum(1 for one in found if one.state(now) == name) for name in STATES}
    return show("campaigns.html", page=paged(shown), now=now, state=state, counts=counts, total=len(found))


STATES = ("live", "submitted", "draft", "approved", "paused", "ended")


@page("/campaigns/new", "editor")
def new_campaign() -> ResponseReturnValue:
    return show("campaign_form.html", form=Form(), campaign=None, areas=owner_areas("editor"))


@page("/campaigns/new", "editor", methods=["POST"])
def create_campaign() -> ResponseReturnValue:
    s, form, by = services(), Form.sent(), g.principal
    facts, area, now = _facts(form), form.maybe("owner_area"), s.clock.now()
    made = form.attempt(
        lambda: s.db.write(lambda db: actions.create_campaign(db, **facts, owner_area=area, by=by, now=now))
    )
    if made is None:
        return again("campaign_form.html", form, campaign=None, areas=owner_areas("editor"))
    return done(
        _("The campaign has been made. Now place creatives on screens and wifi."), "campaign", campaign_id=made.id
    )


@page("/campaigns/<campaign_id>")
def campaign(campaign_id: str) -> ResponseReturnValue:
    return show("campaign.html", form=Form(), **_campaign_page(the_campaign(campaign_id)))


def _campaign_page(found: Campaign) -> dict[str, object]:
    now = services().clock.now()
    with services().db.read() as db:
        names = creative_names(db, {one for row in found.placements for one in row.creatives})
        trail = people.audit_entries(db, g.principal.scope("viewer"), kind="campaign", ref=found.id, limit=30)
        reached = reach.of_campaign(db, found)
        locations = places.locations_by_code(
            db, {code for row in found.placements for code in row.targets.get("locations", ())}
        )
        areas = {area.code: area.name for area in places.areas(db, closed=True)}
    return {
        "campaign": found,
        "state": found.state(now),
        "now": now,
        "creatives": names,
        "reach": reached,
        "trail": trail,
        "locations": {code: place.name for code, place in locations.items()},
        "areas": areas,
    }


@page("/campaigns/<campaign_id>/edit", "editor")
def edit_campaign(campaign_id: str) -> ResponseReturnValue:
    found = the_campaign(campaign_id)
    form = Form(
        {
            "name": found.name,
            "starts_at": local_text(found.starts_at, ui.ZONE),
            "ends_at": local_text(found.ends_at, ui.ZONE),
            **found.destination,
        }
    )
    return show("campaign_form.html", form=form, campaign=found, areas=[])


@page("/campaigns/<campaign_id>/edit", "editor", methods=["POST"])
def update_campaign(campaign_id: str) -> ResponseReturnValue:
    s, form, by = services(), Form.sent(), g.principal
    found, facts, now = the_campaign(campaign_id), _facts(form), s.clock.now()
    saved = form.attempt(lambda: s.db.write(lambda db: actions.update_campaign(db, campaign_id, facts, by=by, now=now)))
    if saved is None:
        return again("campaign_form.html", form, campaign=found, areas=[])
    return done(_("The campaign has been saved. It asks for approval again."), "campaign", campaign_id=campaign_id)


def _facts(form: Form) -> dict[str, Any]:
    """What ``playlists.actions`` wants to know of a campaign; dates are required here, the rest is judged there."""
    form.require("starts_at", "ends_at")
    return {
        "name": form.text("name"),
        "starts_at": form.moment("starts_at", ui.ZONE),
        "ends_at": form.moment("ends_at", ui.ZONE),
        "destination": {name: text for name in DESTINATIONS if (text := form.text(name))},
    }


# -- the way to the screen


@dataclass(frozen=True)
class Step:
    """A verb of the workflow and what is said when it is done."""

    act: Callable[[Session, str, Principal, datetime], object]
    said: str


def _steps() -> dict[str, Step]:
    return {
        "submit": Step(
            lambda db, ref, by, now: actions.submit(db, ref, by=by, now=now), _("Submitted. An approver sees it now.")
        ),
        "approve": Step(
            lambda db, ref, by, now: actions.approve(db, ref, by=by, now=now),
            _("Approved. Screens take it up when they next ask."),
        ),
        "pause": Step(lambda db, ref, by, now: actions.pause(db, ref, by=by, now=now), _("Paused on every screen.")),
        "resume": Step(lambda db, ref, by, now: actions.resume(db, ref, by=by, now=now), _("It plays again.")),
        "end": Step(lambda db, ref, by, now: actions.end(db, ref, by=by, now=now), _("Ended for good.")),
    }


@page("/campaigns/<campaign_id>/<any(submit,approve,pause,resume,end):verb>", "editor", methods=["POST"])
def step_campaign(campaign_id: str, verb: str) -> ResponseReturnValue:
    """One step of the workflow; what a role may not do, the action itself refuses."""
    step, found, form = _steps()[verb], the_campaign(campaign_id), Form.sent()
    if form.attempt(lambda: run(lambda db, by, now: step.act(db, campaign_id, by, now))) is None:
        return again("campaign.html", form, **_campaign_page(found))
    return done(step.said, "campaign", campaign_id=campaign_id)


@page("/campaigns/<campaign_id>/send-back", "approver", methods=["POST"])
def send_back_campaign(campaign_id: str) -> ResponseReturnValue:
    found, form = the_campaign(campaign_id), Form.sent()
    form.require("reason")
    reason = form.text("reason")
    sent = form.attempt(lambda: run(lambda db, by, now: actions.send_back(db, campaign_id, reason, by=by, now=now)))
    if sent is None:
        return again("campaign.html", form, **_campaign_page(found))
    return done(_("Sent back to its author, with your reason."), "campaign", campaign_id=campaign_id)


@page("/campaigns/<campaign_id>/delete", "editor", methods=["POST"])
def delete_campaign(campaign_id: str) -> ResponseReturnValue:
    found = the_campaign(campaign_id)
    run(lambda db, by, now: actions.delete_campaign(db, campaign_id, by=by, now=now))
    return done(_("The draft %(name)s has been deleted.", name=found.name), "campaigns")


def run(work: Callable[[Session, Principal, datetime], Any]) -> Any:
    """Runs an action that writes its own line in the audit log, as this person, now; True when it returns nothing."""
    s, by = services(), g.principal
    now = s.clock.now()
    made = s.db.write(lambda db: work(db, by, now))
    return True if made is None else made


def the_campaign(campaign_id: str) -> Campaign:
    """The campaign, if this person may see it."""
    with services().db.read() as db:
        found = queries.campaign(db, campaign_id)
    if found is None:
        raise NotFound(_("It does not exist, or it lies outside your area."))
    see(found.owner_path)
    return found


def owner_areas(role: str) -> list[tuple[str, str]]:
    """Areas that may own what this person makes; none of it needs choosing where there is one alone."""
    with services().db.read() as db:
        areas = places.areas(db, g.principal.scope(role))
    return reach.area_choice(areas, g.principal.scope(role))
