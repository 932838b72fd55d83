"""Tracked links: the list, new ones for the other channels, and their QR codes to download."""

from dataclasses import dataclass
from functools import partial

from flask import Response, g, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from console.area_tree import area_options
from console.forms import Form
from console.pages import again, done, page, see, show
from console.paging import Pager, paged
from console.result_rows import as_csv
from core.errors import Invalid, NotFound
from core.http import Cache
from core.i18n import current_language
from core.i18n import gettext as _
from core.ids import parse_code
from core.services import services
from measure import queries
from measure.channels import CHANNELS, MEASURES, SCREEN, SPLASH
from measure.models import Link
from media import qr
from places import queries as places
from places.models import Location
from playlists import queries as playlists
from playlists.actions import link_channels
from playlists.library import creative_names

MOST_PRINTED = 500


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
    rows, pager = _rows()
    with services().db.read() as db:
        campaigns = {one.id: one.name for one in playlists.campaigns(db, g.principal.scope("viewer"))}
    return show(
        "links.html",
        rows=rows,
        pager=pager,
        campaigns=[("", _("All campaigns")), *campaigns.items()],
        channels=[("", _("All channels")), *channels()],
        campaign=request.args.get("campaign", ""),
        channel=request.args.get("channel", ""),
        public_url=services().settings.public_url,
    )


def _rows(*, every: bool = False) -> tuple[list[Row], Pager | None]:
    """The links that the address asks for with their names: a page of them, or all."""
    campaign, channel = request.args.get("campaign") or None, request.args.get("channel", "")
    scope = g.principal.scope("viewer")
    with services().db.read() as db:
        found = [
            one for one in queries.links(db, under=scope, campaign=campaign) if not channel or one.channel == channel
        ]
        chosen = paged(found)
        shown = found if every else chosen.items
        campaigns = {one.id: one.name for one in playlists.campaigns(db, scope)}
        locations = places.locations_by_code(db, {one.location for one in shown})
        creatives = creative_names(db, {one.creative for one in shown})
    rows = [
        Row(
            one,
            campaigns.get(one.campaign, one.campaign),
            locations[one.location].name if one.location in locations else "",
            creatives.get(one.creative, ""),
        )
        for one in shown
    ]
    return rows, None if every else chosen.pager


def channels() -> list[tuple[str, str]]:
    """The known channels with the measure that each serves, in the order of the measures."""
    vietnamese = current_language() == "vi"
    return [(one.key, f"{one.measure}. {one.vi if vietnamese else one.en}") for one in CHANNELS.values()]


@page("/links/new", "editor")
def new_link() -> ResponseReturnValue:
    return show("link_form.html", form=Form({"channel": "leaflet"}), **_choices())


@page("/links/new", "editor", methods=["POST"])
def create_link() -> ResponseReturnValue:
    form = Form.sent(names={"channels": "channel"})
    form.require("campaign", "channel")
    codes = form.attempt(partial(_make, form)) if not form.errors else None
    if codes is None:
        return again("link_form.html", form, **_choices())
    said = _("The link is ready.") if len(codes) == 1 else _("%(n)s links are ready.", n=len(codes))
    return done(said, "links", campaign=form.text("campaign"), channel=form.several("channel")[0])


def _make(form: Form) -> list[str]:
    """A link for each ticked channel at the location, at every location of the area, or nowhere in particular."""
    by, now, channels = g.principal, services().clock.now(), form.several("channel")
    with services().db.read() as db:
        campaign = playlists.campaign(db, form.text("campaign"))
        where = _places(db, form)
    if campaign is None:
        raise Invalid([("campaign", _("Please choose one"))])
    see(campaign.owner_path)
    return services().db.write(lambda s: link_channels(s, campaign, channels, where, by=by, now=now))


def _places(db: Session, form: Form) -> list[Location]:
    if code := form.text("location"):
        place = places.location(db, code)
        if place is None:
            raise Invalid([("location", _("Please choose one"))])
        see(place.area_path)
        return [place]
    if code := form.text("area"):
        area = places.area(db, code)
        if area is None or not (found := places.locations(db, [area.path])):
            raise Invalid([("area", _("There is no open location in this area"))])
        see(area.path)
        return found
    return []


@page("/links/sheet")
def link_sheet() -> ResponseReturnValue:
    """The links of the list as a sheet to print: each with its code, its place, and the address to read out."""
    rows, _pager = _rows(every=True)
    cards = [(row, qr.svg(qr.payload(services().settings.public_url, row.link.code))) for row in rows[:MOST_PRINTED]]
    return show("link_sheet.html", cards=cards, left_out=len(rows) - len(cards), address=short_address)


def short_address(code: str) -> str:
    """As it is read out: the host, and the code in two groups of four."""
    host = services().settings.public_url.split("://", 1)[-1]
    return f"{host}/q/{code[:4]}-{code[4:]}"


@page("/links.csv")
def links_file() -> ResponseReturnValue:
    """The links of the list as CSV."""
    rows, _pager = _rows(every=True)
    base = services().settings.public_url
    columns = ("code", "url", "read_out", "channel", "measure", "location", "location_name", "campaign", "creative")
    lines = [
        (
            row.link.code,
            f"{base}/q/{row.link.code}",
            short_address(row.link.code),
            row.link.channel,
            row.link.measure,
            row.link.location,
            row.location,
            row.campaign,
            row.creative,
        )
        for row in rows
    ]
    return as_csv(columns, lines, "links.csv")


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
        areas = places.areas(db, g.principal.scope("editor"))
    by_hand = [(key, name) for key, name in channels() if key not in (SCREEN, SPLASH)]
    return {
        "campaigns": [("", _("Choose a campaign")), *((one.id, one.name) for one in campaigns)],
        "locations": [("", _("Nowhere in particular")), *((one.code, f"{one.name} ({one.code})") for one in locations)],
        "areas": [("", _("No area: the location above, or nowhere in particular")), *area_options(areas)],
        "channels": by_hand,
        "measures": MEASURES,
    }
