"""What a request refers to, looked up within the asker's reach.

Foreign and unknown are one answer, 404, so that nobody learns which codes exist elsewhere.
"""

from sqlalchemy.orm import Session

from core.errors import Forbidden, Invalid, NotFound
from core.paths import ROOT
from media import queries as media
from media.models import Asset, Creative, PrintOrder
from media.upkeep import Quota
from people.roles import Principal
from places import queries
from places.models import Area, Location
from playlists import queries as playlists
from playlists.models import Campaign, Placement, Takeover
from portal import queries as portal
from portal.models import Hotspot
from signage import queries as signage
from signage.models import Screen


def reach(who: Principal, role: str, area_path: str, field: str, ref: object) -> None:
    """NotFound for what `who` may not see, Forbidden where the role does not suffice."""
    if not who.allows("viewer", area_path):
        raise missing(field, ref)
    if not who.allows(role, area_path):
        raise Forbidden(f"This needs the role {role} there")


def missing(field: str, ref: object) -> NotFound:
    """There is no such thing, as far as the asker may know."""
    problem = NotFound(f"There is no {field} {str(ref)[:80]!r}")
    problem.errors = ((field, "does not exist"),)
    return problem


def area(s: Session, who: Principal, role: str, code: str, field: str = "area") -> Area:
    """The area of this code. NotFound, Forbidden."""
    found = queries.area(s, code)
    if found is None:
        raise missing(field, code)
    reach(who, role, found.path, field, code)
    return found


def area_path(s: Session, who: Principal, role: str, code: str | None, field: str = "area") -> str:
    """The path of this area; of no area the root, which only those see who hold a role there."""
    if code is not None:
        return area(s, who, role, code, field).path
    if not who.allows(role, ROOT):
        raise Forbidden(f"This needs the role {role} for everything; name an area of yours as {field}")
    return ROOT


def location(s: Session, who: Principal, role: str, code: str, field: str = "location") -> Location:
    """The location of this code. NotFound, Forbidden."""
    found = queries.location(s, code)
    if found is None:
        raise missing(field, code)
    reach(who, role, found.area_path, field, code)
    return found


def owner(s: Session, who: Principal, role: str, code: str | None) -> str:
    """The path that will own something: of the area named, else the only one where `who` has the role."""
    if code is not None:
        return area(s, who, role, code, "owner_area").path
    scope = who.scope(role)
    if len(scope) != 1:
        raise Invalid([("owner_area", "is needed, for you work in several areas")])
    return scope[0]


def quotas(s: Session, area_path: str) -> list[Quota]:
    """How many bytes of media may be kept within this area and those above it."""
    return [Quota.of(path, mb) for path, mb in queries.settings(s, area_path, Quota.SETTING)]


def campaign(s: Session, who: Principal, role: str, ref: str) -> Campaign:
    """The campaign of this id. NotFound, Forbidden."""
    found = playlists.campaign(s, ref)
    if found is None:
        raise missing("campaign", ref)
    reach(who, role, found.owner_path, "campaign", ref)
    return found


def placement(s: Session, who: Principal, role: str, ref: str) -> Placement:
    """The placement of this id, by the campaign it belongs to. NotFound, Forbidden."""
    found = playlists.placement(s, ref)
    if found is None:
        raise missing("placement", ref)
    campaign(s, who, role, found.campaign_id)
    return found


def takeover(s: Session, who: Principal, role: str, ref: str) -> Takeover:
    """The takeover of this id. NotFound, Forbidden."""
    found = playlists.takeover(s, ref)
    if found is None:
        raise missing("takeover", ref)
    reach(who, role, found.owner_path, "takeover", ref)
    return found


def hotspot(s: Session, who: Principal, role: str, code: str) -> tuple[Hotspot, Location]:
    """The hotspot of this code with its location. NotFound, Forbidden."""
    found = portal.hotspot(s, code)
    place = queries.location(s, found.location_code) if found else None
    if found is None or place is None:
        raise missing("hotspot", code)
    reach(who, role, place.area_path, "hotspot", code)
    return found, place


def asset(s: Session, who: Principal, role: str, ref: str, field: str = "asset") -> Asset:
    """The asset of this id. NotFound, Forbidden."""
    found = media.asset(s, ref)
    if found is None:
        raise missing(field, ref)
    reach(who, role, found.owner_path, field, ref)
    return found


def creative(s: Session, who: Principal, role: str, ref: str) -> Creative:
    """The creative of this id. NotFound, Forbidden."""
    found = media.creative(s, ref)
    if found is None:
        raise missing("creative", ref)
    reach(who, role, found.owner_path, "creative", ref)
    return found


def print_order(s: Session, who: Principal, role: str, ref: str) -> PrintOrder:
    """The print of this id. NotFound, Forbidden."""
    found = media.print_order(s, ref)
    if found is None:
        raise missing("print", ref)
    reach(who, role, found.area_path, "print", ref)
    return found


def screen(s: Session, who: Principal, role: str, ref: str) -> tuple[Screen, Location]:
    """The open screen of this id with its location. NotFound, Forbidden."""
    found = signage.hung(s, ref)
    if found is None:
        raise missing("screen", ref)
    reach(who, role, found.location.area_path, "screen", ref)
    return found.screen, found.location
