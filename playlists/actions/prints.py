"""Ordering paper: the links of a campaign's posters and leaflets, one for each place, and the prints that show them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from core.errors import Forbidden, Invalid
from core.paths import within
from measure.channels import CHANNELS, PRINTED
from measure.links import LinkWant, ensure_links
from measure.stores import Destination
from media import prints
from media.models import PrintOrder
from people.actions import audit
from people.roles import Principal
from places import queries as places
from places.areas import ancestors
from places.models import Location
from playlists import queries
from playlists.models import Campaign


@dataclass(frozen=True, slots=True)
class Where:
    """The places to print for: these locations, or all that are open in an area; one of the two."""

    locations: tuple[str, ...] = ()
    area: str | None = None


def order_prints(
    s: Session,
    *,
    creative: str,
    campaign: Campaign,
    channel: str,
    where: Where,
    wish: prints.PrintWish,
    by: Principal,
    now: datetime,
) -> PrintOrder:
    """Orders a copy for each place; an editor of all of them may. Raises Forbidden, NotFound, Conflict, Invalid."""
    if channel not in PRINTED:
        raise Invalid([("channel", f"must be one of {', '.join(PRINTED)}")])
    found, area_path = _places(s, where, by)
    printed = prints.check_print(s, creative, wish, len(found))
    wants = [_want(campaign, channel, place, creative, printed.name, destination(s, campaign)) for place in found]
    codes = ensure_links(s, wants, now)
    copies = [prints.CopyFor(each.code, each.name, codes[(each.code, campaign.id, creative)]) for each in found]
    order = prints.order_print(
        s, printed, wish, copies, campaign=campaign.id, channel=channel, area_path=area_path, by=by.id, now=now
    )
    detail = {"creative": creative, "copies": len(copies), "paper": wish.paper}
    audit(s, by, "print.order", "print", order.id, area_path, detail, now=now)
    return order


def destination(s: Session, campaign: Campaign) -> Destination:
    """What was approved, once anything was: making a link must not let an unapproved address out."""
    line = queries.latest(s, "campaign", campaign.id)
    urls = line.snapshot["destination"] if line and line.snapshot else campaign.destination
    return Destination(**{f"{name}_url": urls.get(f"{name}_url", "") for name in ("android", "ios", "other")})


def _places(s: Session, where: Where, by: Principal) -> tuple[Sequence[Location], str]:
    if bool(where.locations) == (where.area is not None):
        raise Invalid([("locations", "name either locations or an area")])
    if where.area is not None:
        area = places.area(s, where.area)
        if area is None or not by.allows("viewer", area.path):
            raise Invalid([("area", f"there is no area {where.area!r}")])
        _need(by, area.path)
        return places.locations(s, [area.path]), area.path
    found = places.locations_by_code(s, where.locations)
    for code in where.locations:
        if code not in found or not by.allows("viewer", found[code].area_path):
            raise Invalid([("locations", f"there is no location {code!r}")])
        _need(by, found[code].area_path)
    listed = [found[code] for code in dict.fromkeys(where.locations)]
    return listed, _common([each.area_path for each in listed])


def _need(by: Principal, path: str) -> None:
    if not by.allows("editor", path):
        raise Forbidden("This needs the role editor there")


def _common(paths: Sequence[str]) -> str:
    """The lowest area that holds all of these."""
    above = [path for path in ancestors(paths[0]) if all(within(other, path) for other in paths)]
    return max(above, key=len, default="/")


def _want(
    campaign: Campaign, channel: str, place: Location, creative: str, creative_name: str, leads: Destination
) -> LinkWant:
    return LinkWant(
        location_id=place.code,
        location_name=place.name,
        area_path=place.area_path,
        campaign_id=campaign.id,
        campaign_name=campaign.name,
        creative_id=creative,
        creative_name=creative_name,
        channel=channel,
        measure=CHANNELS[channel].measure,
        destination=leads,
        timezone=place.timezone,
    )
