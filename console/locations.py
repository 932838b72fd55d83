"""One location: what hangs there, its numbers day by day, and its tracked links."""

from dataclasses import dataclass

from flask import g
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from console.asked import asked_span
from console.pages import page, show
from console.places import the_location
from console.results import DAYS_SHOWN, of_location
from core.services import services
from measure.links import codes_for
from playlists import queries as playlists
from playlists.library import creative_names
from portal import queries as portal
from signage import queries as signage
from signage.liveness import state_of


@dataclass(frozen=True)
class TrackedLink:
    """A code of this location, with what it is for in words."""

    code: str
    campaign: str
    what: str


@page("/places/locations/<code>")
def location(code: str) -> ResponseReturnValue:
    found, span, now = the_location(code), asked_span(DAYS_SHOWN), services().clock.now()
    with services().db.read() as db:
        numbers = of_location(db, code, found.area_path, span)
        screens = signage.fleet(db, [found.area_path], location=code)
        hotspots = [one for one, _place in portal.hotspots(db, under=[found.area_path], location=code)]
        links = tracked_links(db, code)
    return show(
        "location.html",
        location=found,
        numbers=numbers,
        span=span,
        screens=[(row, state_of(row.seen_at, now)) for row in screens],
        hotspots=hotspots,
        links=links,
        public_url=services().settings.public_url,
    )


def tracked_links(db: Session, code: str) -> list[TrackedLink]:
    """The codes in use at a location; those of campaigns of other areas go without their name."""
    codes = codes_for(db, code)
    campaigns = {one.id: one.name for one in playlists.campaigns(db, g.principal.scope("viewer"))}
    creatives = creative_names(db, {what for _place, _campaign, what in codes})
    return [
        TrackedLink(tracked, campaigns.get(campaign, campaign), creatives.get(what, what))
        for (_place, campaign, what), tracked in sorted(codes.items(), key=lambda item: item[0])
    ]
