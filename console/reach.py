"""How many screens and hotspots a campaign would reach, and where."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from console.area_tree import area_options
from core.i18n import gettext as _
from core.paths import ROOT
from places.models import Area
from playlists import queries
from playlists.models import Campaign
from portal import queries as portal
from signage import queries as signage


@dataclass(frozen=True)
class Reach:
    """Counts of what stands now; more may be hung up later."""

    locations: int
    screens: int
    hotspots: int


def of_campaign(db: Session, campaign: Campaign) -> Reach:
    """Of the campaign as it is written now."""
    media: dict[str, set[str]] = {}
    for placement in queries.plan(campaign).placements:
        for place, spots in queries.reached(db, placement.target, campaign.owner_path):
            media.setdefault(place.code, set()).update(spot.medium for spot in spots)
    screens = [row.location.code for row in signage.fleet(db, [campaign.owner_path])]
    hotspots = [place.code for _hotspot, place in portal.hotspots(db, under=[campaign.owner_path])]
    return Reach(len(media), _with(media, screens, "screen"), _with(media, hotspots, "splash"))


def _with(media: dict[str, set[str]], codes: Iterable[str], medium: str) -> int:
    return sum(1 for code in codes if medium in media.get(code, ()))


def area_choice(areas: Sequence[Area], scope: Sequence[str]) -> list[tuple[str, str]]:
    """Areas as options of an owner; an empty value is the whole of what one looks after, if that is one thing."""
    top = [("", _("Everywhere"))] if ROOT in scope else []
    return top + area_options(areas)
