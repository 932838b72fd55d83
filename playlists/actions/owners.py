"""Whose a campaign or takeover is, and that it stays within its owner's area."""

from sqlalchemy.orm import Session

from core.errors import Forbidden, Invalid
from core.paths import ROOT, within
from people.roles import Principal
from places.queries import area, locations_by_code
from places.venues import VENUES
from playlists.forms import Faults
from playlists.queries import reached
from playlists.targets import Target


def need(by: Principal, role: str, path: str) -> None:
    """Raises Forbidden unless the principal holds the role there."""
    if not by.allows(role, path):
        raise Forbidden(f"This needs the role {role} in {path}")


def owner_path(s: Session, by: Principal, role: str, code: str | None) -> str:
    """The path of the owner area: the one named, else the only one in which the principal has the role."""
    if code is not None:
        found = area(s, code)
        if found is None or found.closed_at is not None:
            raise Invalid([("owner_area", f"there is no area {code!r}")])
        need(by, role, found.path)
        return found.path
    scope = by.scope(role)
    if not scope:
        raise Forbidden(f"This needs the role {role}")
    if len(scope) > 1:
        raise Invalid([("owner_area", "is needed, for you work in several areas")])
    return scope[0]


def check_places(s: Session, faults: Faults, target: Target, owner: str, field: str = "targets") -> None:
    """Every area, location and venue kind named exists; those wanted lie within the owner's area; something matches."""
    before = len(faults.errors)
    left_out = set(target.not_.parts()) if target.not_ else set()
    for part in target.parts():
        _areas(s, faults, part, owner if part not in left_out else ROOT, field)
        _locations(s, faults, part, owner if part not in left_out else ROOT, field)
        for kind in part.venue_kinds:
            faults.check(kind in VENUES, f"{field}.venue_kinds", f"{kind!r} is not a kind of venue")
    if len(faults.errors) == before:
        faults.check(next(iter(reached(s, target, owner)), None) is not None, field, "match no location")


def _areas(s: Session, faults: Faults, part: Target, owner: str, field: str) -> None:
    for code in part.areas:
        found = area(s, code)
        if faults.check(found is not None, f"{field}.areas", f"there is no area {code!r}") and found:
            faults.check(within(found.path, owner), f"{field}.areas", f"{code!r} lies outside the owner's area")


def _locations(s: Session, faults: Faults, part: Target, owner: str, field: str) -> None:
    found = locations_by_code(s, part.locations)
    for code in part.locations:
        place = found.get(code)
        if faults.check(place is not None, f"{field}.locations", f"there is no location {code!r}") and place:
            faults.check(
                within(place.area_path, owner), f"{field}.locations", f"{code!r} lies outside the owner's area"
            )
