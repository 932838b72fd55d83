"""Tracked links: the list, new ones for the other channels, and their QR codes to download."""

from dataclasses import dataclass

from flask import Response, g, request
from flask.typing import ResponseReturnValue

from console.changes import Line, change
from console.forms import Form
from console.pages import again, done, must, page, see, show
from console.paging import paged
from core.errors import NotFound
from core.http import Cache
from core.i18n import current_language
from core.i18n import gettext as _
from core.ids import parse_code
from core.services import services
from measure import queries
from measure.channels import CHANNELS, MEASURES, SCREEN, SPLASH
from measure.links import LinkWant, ensure_links
from measure.models import Link
from measure.stores import Destination
from media import qr
from places import queries as places
from playlists import queries as playlists
from playlists.actions.prints import destination
from playlists.library import creative_names


@dataclass(frozen=True)
class Row:
    """A link with its names."""

    link: Link
    campaign: str
    location: str
    creative: str


@page("/links")
def links() -> ResponseReturnValue:
    """``?campaign=`` and ``?channel=`` narrow the list."""
    campaign, channel = request.args.get("campaign") or None, request.args.get("channel", "")
    with services().db.read() as db:
        found = queries.links(db, under=g.principal.scope("viewer"), campaign=campaign)
        chosen = paged([one for one in found if not channel or one.channel == channel])
        campaigns = {one.id: one.name for one in playlists.campaigns(db, g.principal.scope("viewer"))}
        locations = places.locations_by_code(db, {one.location for one in chosen.items})
        creatives = creative_names(db, {one.creative for one in chosen.items})
    rows = [
        Row(
            one,
            campaigns.get(one.campaign, one.campaign),
            locations[one.location].name if one.location in locations else "",
            creatives.get(one.creative, ""),
        )
        for one in chosen.items
    ]
    return show(
        "links.html",
        rows=rows,
        pager=chosen.pager,
        campaigns=[("", _("All campaigns")), *campaigns.items()],
        channels=[("", _("All channels")), *channels()],
        campaign=campaign or "",
        channel=channel,
        public_url=services().settings.public_url,
    )


def channels() -> list[tuple[str, str]]:
    """The known channels with the measure that each serves, in the order of the measures."""
    vietnamese = current_language() == "vi"
    return [(one.key, f"{one.measure}. {one.vi if vietnamese else one.en}") for one in CHANNELS.values()]


@page("/links/new", "editor")
def new_link() -> ResponseReturnValue:
    return show("link_form.html", form=Form({"channel": "leaflet"}), **_choices())


@page("/links/new", "editor", methods=["POST"])
def create_link() -> ResponseReturnValue:
    form = Form.sent()
    form.require("campaign", "channel")
    want = _want(form)
    made = form.attempt(
        lambda: (
            change(
                lambda db, now: ensure_links(db, [want], now),
                lambda _made: Line("link.create", "link", want.channel, want.area_path),
            )
            if want
            else None
        )
    )
    if made is None:
        return again("link_form.html", form, **_choices())
    return done(_("The link is ready."), "links", campaign=form.text("campaign"), channel=form.text("channel"))


def _want(form: Form) -> LinkWant | None:
    """The link that the form asks for, if its campaign and location are this person's to use."""
    channel = CHANNELS.get(form.text("channel"))
    with services().db.read() as db:
        campaign = playlists.campaign(db, form.text("campaign"))
        location = places.location(db, form.text("location")) if form.text("location") else None
        leads = destination(db, campaign) if campaign else Destination()
    if campaign is None or channel is None:
        form.mistake("channel" if campaign else "campaign", _("Please choose one"))
        return None
    must("editor", location.area_path if location else campaign.owner_path)
    see(campaign.owner_path)
    return LinkWant(
        location_id=location.code if location else "",
        location_name=location.name if location else "",
        area_path=location.area_path if location else campaign.owner_path,
        campaign_id=campaign.id,
        campaign_name=campaign.name,
        creative_id=None,
        creative_name=None,
        channel=channel.key,
        measure=channel.measure,
        destination=leads,
    )


@page("/links/<code>.svg", cache=Cache.PRIVATE)
def link_svg(code: str) -> ResponseReturnValue:
    """The code as lines that can be printed at any size."""
    known = parse_code(code)
    with services().db.read() as db:
        found = queries.link(db, known) if known else None
    if found is None:
        raise NotFound(_("It does not exist, or it lies outside your area."))
    see(found.area_path)
    return Response(qr.svg(qr.payload(services().settings.public_url, found.code)), mimetype="image/svg+xml")


def _choices() -> dict[str, object]:
    with services().db.read() as db:
        campaigns = playlists.campaigns(db, g.principal.scope("viewer"))
        locations = places.locations(db, g.principal.scope("editor"))
    by_hand = [(key, name) for key, name in channels() if key not in (SCREEN, SPLASH)]
    return {
        "campaigns": [("", _("Choose a campaign")), *((one.id, one.name) for one in campaigns)],
        "locations": [("", _("Nowhere in particular")), *((one.code, f"{one.name} ({one.code})") for one in locations)],
        "channels": by_hand,
        "measures": MEASURES,
    }
