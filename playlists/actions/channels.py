"""Tracked links for what is printed, spoken or sent: one for each place and channel, made in bulk."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from core.errors import Forbidden, Invalid, NotFound
from measure.channels import default_measure
from measure.links import DEFAULT_TIMEZONE, LinkWant, ensure_links
from measure.stores import Destination
from people.actions import audit
from people.roles import Principal
from places.models import Location
from playlists.actions.prints import destination
from playlists.models import Campaign

MOST_LINKS = 20_000


def link_channels(
    s: Session,
    campaign: Campaign,
    channels: Sequence[str],
    places: Sequence[Location],
    *,
    measure: int | None = None,
    by: Principal,
    now: datetime,
) -> list[str]:
    """The codes of a link for each of these channels at each of these places, made where there is none yet.

    Without a place: one for each channel, that is nowhere in particular. `measure` (1-10) is needed for a unit's own
    channels. They lead where the campaign was last approved to lead. Raises Invalid, NotFound, Forbidden.
    """
    measures = {channel: measure or default_measure(channel) for channel in channels}
    faults = [("channels", f"{one!r} is no known channel; say which measure") for one in channels if not measures[one]]
    if not channels:
        faults.append(("channels", "must name at least one"))
    if len(channels) * max(1, len(places)) > MOST_LINKS:
        faults.append(("channels", f"would make more than {MOST_LINKS} links at once; choose fewer places"))
    if faults:
        raise Invalid(faults)
    _reach(by, campaign, places)
    to = destination(s, campaign)
    where: Sequence[Location | None] = places or [None]
    wants = [_want(campaign, place, one, measures[one] or 0, to) for place in where for one in channels]
    made = ensure_links(s, wants, now)
    path = places[0].area_path if len(places) == 1 else campaign.owner_path
    detail = {"campaign": campaign.id, "channels": sorted(channels), "places": len(places)}
    audit(s, by, "link.create", "link", campaign.id, path, detail, now=now)
    return [made[want.location_id, campaign.id, want.channel] for want in wants]


def _reach(by: Principal, campaign: Campaign, places: Sequence[Location]) -> None:
    if not by.allows("viewer", campaign.owner_path):
        raise NotFound("There is no such campaign")
    paths = [place.area_path for place in places] or [campaign.owner_path]
    if not all(by.allows("editor", path) for path in paths):
        raise Forbidden("This needs the role editor there")


def _want(campaign: Campaign, place: Location | None, channel: str, measure: int, to: Destination) -> LinkWant:
    return LinkWant(
        location_id=place.code if place else "",
        location_name=place.name if place else "",
        area_path=place.area_path if place else campaign.owner_path,
        campaign_id=campaign.id,
        campaign_name=campaign.name,
        creative_id=None,
        creative_name=None,
        channel=channel,
        measure=measure,
        destination=to,
        timezone=place.timezone if place else DEFAULT_TIMEZONE,
    )
