"""Tracked links: short addresses, with their QR codes, that lead from one place and channel to a campaign."""

from datetime import datetime
from typing import Annotated

from flask import Response
from msgspec import Meta, Struct
from sqlalchemy.orm import Session

from api import refs
from api.kit import Listing, Page, call, change
from core.errors import Invalid
from core.http import page_args, page_of
from core.ids import parse_code
from core.services import services
from measure import links as measure
from measure.channels import is_channel
from measure.models import Link
from people.actions import audit
from people.guards import principal
from people.roles import Principal
from places import queries as places
from playlists.actions import link_channels

PNG_PX = 1024


class LinkIn(Struct, kw_only=True, forbid_unknown_fields=True):
    """A link of a campaign for one of the ten measures; `channel` is how people are reached (leaflet, zalo …)."""

    campaign: str
    measure: Annotated[int, Meta(ge=1, le=10)]
    channel: Annotated[str, Meta(min_length=1, max_length=40)]
    location: str | None = None


class LinkOut(Struct, kw_only=True):
    """A link. `url` is short enough to be read out; the QR holds the same in upper case."""

    code: str
    url: str
    qr_svg_url: str
    qr_png_url: str
    campaign: str
    location: str | None
    area_path: str
    channel: str
    measure: int
    creative: str | None
    created_at: datetime
    retired_at: datetime | None


class Links(Listing, kw_only=True, forbid_unknown_fields=True):
    """Which links: of one campaign, at one location."""

    campaign: str | None = None
    location: str | None = None


@call("GET", "/links", tag="Links", role="viewer", query=Links, answers=Page[LinkOut])
def list_links(query: Links) -> Response:
    """List the tracked links of your areas."""
    args = page_args()
    with services().db.read() as s:
        rows = measure.links_of(
            s,
            principal().scope("viewer"),
            campaign=query.campaign,
            location=query.location,
            after=args.after,
            limit=args.limit + 1,
        )
    return page_of(rows, args, lambda row: row.code, link_out)


@call("POST", "/links", tag="Links", role="editor", body=LinkIn, answers=LinkOut, status=201, refuses=(404,))
def make_link_code(body: LinkIn) -> LinkOut:
    """Make a tracked link.

    Asking twice for the same campaign, location, channel and measure gives the same link."""
    if not is_channel(body.channel):
        raise Invalid([("channel", "must be a word of small letters, digits, hyphens or underscores")])

    def work(s: Session, who: Principal, now: datetime) -> Link:
        campaign = refs.campaign(s, who, "viewer", body.campaign)
        place = refs.location(s, who, "editor", body.location) if body.location is not None else None
        places = [place] if place else []
        (code,) = link_channels(s, campaign, [body.channel], places, measure=body.measure, by=who, now=now)
        return s.get_one(Link, code)

    return link_out(change(work))


class BulkIn(Struct, kw_only=True, forbid_unknown_fields=True):
    """Links for each of these channels at each open location of an area, or of these; without either, one a channel."""

    campaign: str
    channels: Annotated[list[Annotated[str, Meta(max_length=40)]], Meta(min_length=1, max_length=20)]
    area: str | None = None
    locations: Annotated[list[str], Meta(max_length=5_000)] = []


class BulkOut(Struct):
    """The links, in the order of places and channels."""

    items: list[LinkOut]


@call("POST", "/links/bulk", tag="Links", role="editor", body=BulkIn, answers=BulkOut, refuses=(404,))
def make_links(body: BulkIn) -> BulkOut:
    """Make tracked links in bulk.

    One for each channel at each place; those that are there already are given again."""

    def work(s: Session, who: Principal, now: datetime) -> list[Link]:
        campaign = refs.campaign(s, who, "viewer", body.campaign)
        chosen = [refs.location(s, who, "editor", code, "locations") for code in body.locations]
        if body.area is not None:
            area = refs.area(s, who, "editor", body.area)
            chosen += places.locations(s, [area.path])
        if body.area is not None and not chosen:
            raise Invalid([("area", "has no open location")])
        return measure.links_by_code(s, link_channels(s, campaign, body.channels, chosen, by=who, now=now))

    return BulkOut([link_out(row) for row in change(work)])


@call("GET", "/links/<code>", tag="Links", role="viewer", answers=LinkOut, refuses=(404,))
def get_link(code: str) -> LinkOut:
    """Read a tracked link."""
    with services().db.read() as s:
        return link_out(_link(s, principal(), "viewer", code))


@call("DELETE", "/links/<code>", tag="Links", role="editor", answers=LinkOut, refuses=(404,))
def retire_link(code: str) -> LinkOut:
    """Take a link out of use; whoever still opens it is led to the campaign all the same."""

    def work(s: Session, who: Principal, now: datetime) -> Link:
        found = _link(s, who, "editor", code)
        measure.retire(s, [found.code], now)
        audit(s, who, "link.retire", "link", found.code, found.area_path, now=now)
        s.refresh(found)
        return found

    return link_out(change(work))


def link_out(row: Link) -> LinkOut:
    """As it is shown."""
    base = services().settings.public_url
    return LinkOut(
        code=row.code,
        url=f"{base}/q/{row.code}",
        qr_svg_url=f"{base}/media/qr/{row.code}.svg",
        qr_png_url=f"{base}/media/qr/{row.code}/{PNG_PX}.png",
        campaign=row.campaign,
        location=row.location or None,
        area_path=row.area_path,
        channel=row.channel,
        measure=row.measure,
        creative=row.creative or None,
        created_at=row.created_at,
        retired_at=row.retired_at,
    )


def _link(s: Session, who: Principal, role: str, code: str) -> Link:
    known = parse_code(code)
    found = s.get(Link, known) if known else None
    if found is None:
        raise refs.missing("link", code)
    refs.reach(who, role, found.area_path, "link", code)
    return found
