"""The first page: what is on, how the screens are, what today brought, and what to do next."""

from dataclasses import dataclass
from datetime import timedelta
from zoneinfo import ZoneInfo

from flask import g, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from console import reach, ui
from console.pages import page, show
from core.i18n import gettext as _
from core.services import services
from media import queries as media
from places import queries as places
from playlists import queries as playlists
from playlists.models import Campaign
from reports.locations import location_days
from signage import queries as signage
from signage.liveness import counts, state_of
from signage.queries import FleetRow

MOST_LISTED = 5


@page("/")
def overview() -> ResponseReturnValue:
    s, scope = services(), g.principal.scope("viewer")
    now = s.clock.now()
    today = now.astimezone(ZoneInfo(ui.ZONE)).date()
    with s.db.read() as db:
        campaigns, fleet = playlists.campaigns(db, scope), signage.fleet(db, scope)
        live = [(one, reach.of_campaign(db, one)) for one in campaigns if one.state(now) == "live"][:MOST_LISTED]
        totals = location_days(db, today, today, now=now, under=scope).totals
        steps = first_steps(db, campaigns, fleet)
    silent = [row for row in fleet if state_of(row.seen_at, now) == "lost"]
    return show(
        "overview.html",
        today=totals,
        live=live,
        fleet=counts([row.seen_at for row in fleet], now),
        steps=[] if all(step.done for step in steps) else steps,
        todo=[*_waiting(campaigns), *_lost(silent), *_ending(campaigns)],
        screen_address=f"{s.settings.public_url}/screen",
    )


@dataclass(frozen=True)
class Step:
    """One of the first steps; ``next`` is the first that is still to be done."""

    name: str
    why: str
    act: str
    href: str
    done: bool
    next: bool = False


def first_steps(db: Session, campaigns: list[Campaign], fleet: list[FleetRow]) -> list[Step]:
    """From an empty server to a notice on a screen; no step is offered to whom the role does not allow it."""
    scope = g.principal.scope("viewer")
    done = {
        "new_location": bool(places.locations(db, scope, limit=1)),
        "claim_screen": bool(fleet),
        "library": bool(media.assets(db, scope) or media.creatives(db, scope)),
        "new_creative": bool(media.creatives(db, scope)),
        "new_campaign": bool(campaigns),
        "campaigns": any(one.standing != "unpublished" for one in campaigns),
    }
    following = next((name for name, is_done in done.items() if not is_done), "")
    return [
        Step(
            name,
            why,
            act,
            url_for(f"console.{endpoint}") if ui.may(role) else "",
            done[endpoint],
            endpoint == following,
        )
        for endpoint, role, name, why, act in _first_steps()
    ]


def _first_steps() -> list[tuple[str, str, str, str, str]]:
    return [
        (
            "new_location", "admin", _("Say where things are"),
            _("An area, such as your province, and a first location in it."), _("New location"),
        ),
        (
            "claim_screen", "admin", _("Claim a screen"),
            _("Open the screen's address in its browser and type the code that it shows."), _("Claim a screen"),
        ),
        ("library", "editor", _("Upload a picture"), _("A photo or a poster, as it is."), _("Go to the library")),
        (
            "new_creative", "editor", _("Make a creative of it"),
            _("A headline, a call to action, a place for the QR code."), _("New creative"),
        ),
        (
            "new_campaign", "editor", _("Make a campaign"),
            _("Where its QR codes lead, when it runs, and on which screens it shows."), _("New campaign"),
        ),
        (
            "campaigns", "approver", _("Approve it"),
            _("Someone who may approve puts it on the air."), _("Go to the campaigns"),
        ),
    ]  # fmt: skip


@dataclass(frozen=True)
class Task:
    """Something that waits for somebody."""

    icon: str
    text: str
    act: str
    href: str


def _waiting(campaigns: list[Campaign]) -> list[Task]:
    mine = [one for one in campaigns if one.status == "submitted" and g.principal.allows("approver", one.owner_path)]
    return [
        Task(
            "rosette-discount-check",
            _("“%(name)s” waits for your approval", name=one.name),
            _("Look at it"),
            url_for("console.campaign", campaign_id=one.id),
        )
        for one in mine
    ]


def _lost(silent: list[FleetRow]) -> list[Task]:
    listed = [
        Task(
            "plug-connected-x",
            _("“%(name)s” at %(place)s has been silent %(since)s", name=row.screen.name, place=row.location.name,
              since=ui.since(row.seen_at) if row.seen_at else ""),
            _("See the screen"),
            url_for("console.screen", screen_id=row.screen.id),
        )
        for row in silent[:MOST_LISTED]
    ]  # fmt: skip
    if len(silent) > MOST_LISTED:
        more = _("%(n)s more screens are lost", n=len(silent) - MOST_LISTED)
        listed.append(Task("plug-connected-x", more, _("See them all"), url_for("console.screens", state="lost")))
    return listed


def _ending(campaigns: list[Campaign]) -> list[Task]:
    """Live campaigns in their last two days."""
    now = services().clock.now()
    soon = [one for one in campaigns if one.state(now) == "live" and one.ends_at - now < timedelta(days=2)]
    return [
        Task(
            "clock",
            _("“%(name)s” ends %(when)s", name=one.name, when=ui.since(one.ends_at)),
            _("Prolong it"),
            url_for("console.edit_campaign", campaign_id=one.id),
        )
        for one in soon
        if g.principal.allows("editor", one.owner_path)
    ]
