"""The verbs of this room: hotspots are made, changed and closed here, for the console and the API alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy.orm import Session

from core.errors import Conflict, Forbidden, Invalid, NotFound
from core.security import Sealer
from core.snapshot import Generation
from media.logos import Logo
from people.actions import audit
from people.roles import Principal
from places.queries import location as location_of
from playlists.actions import ensure_links_for_location
from portal import queries
from portal.checks import code_fault, gateway_faults, minutes_fault, network_faults, terms_of
from portal.gateways import DIALECTS
from portal.models import Hotspot, HotspotLogo, TermsVersion

GENERATION = "hotspots"
PURPOSE = "hotspot-secrets"


def create_hotspot(
    s: Session,
    *,
    code: str,
    location: str,
    dialect: str,
    by: Principal,
    now: datetime,
    sealer: Sealer,
    grant_base: str | None = None,
    settings: Mapping[str, Any] | None = None,
    name: str | None = None,
    terms: str | Mapping[str, str] | None = None,
    session_minutes: int | None = None,
    networks: Sequence[str] = (),
) -> Hotspot:
    """A new hotspot at a location, with tracked links for what is published there.

    `by` needs to be admin there. Raises Invalid, Conflict or Forbidden.
    """
    place = location_of(s, location)
    if place is None or place.closed_at is not None:
        raise Invalid([("location", f"there is no open location '{location}'")])
    _need_admin(by, place.area_path)
    faults = code_fault(code) + gateway_faults(dialect, grant_base, settings or {})
    faults += minutes_fault(session_minutes) + network_faults(networks)
    if faults:
        raise Invalid(faults)
    if queries.hotspot(s, code) is not None:
        raise Conflict(f"There is a hotspot '{code}' already")
    hotspot = Hotspot(code=code, location_code=location, created_at=now, name=(name or place.name).strip())
    s.add(hotspot)
    _furnish(hotspot, dialect, grant_base, settings or {}, sealer)
    hotspot.session_minutes, hotspot.networks, hotspot.updated_at = session_minutes, list(networks), now
    hotspot.terms, hotspot.terms_version = terms_of(terms), 1
    s.flush()
    s.add(TermsVersion(hotspot_code=code, version=1, texts=hotspot.terms, since=now))
    ensure_links_for_location(s, place, now)
    _changed(s, "hotspot.create", hotspot, place.area_path, by, now)
    return hotspot


def update_hotspot(
    s: Session,
    code: str,
    *,
    dialect: str,
    by: Principal,
    now: datetime,
    sealer: Sealer,
    grant_base: str | None = None,
    settings: Mapping[str, Any] | None = None,
    name: str | None = None,
    terms: str | Mapping[str, str] | None = None,
    session_minutes: int | None = None,
    networks: Sequence[str] | None = None,
) -> Hotspot:
    """Changes a hotspot. A secret that is not given stays, networks too; other terms are a new version.

    Raises Invalid, NotFound or Forbidden.
    """
    hotspot, area_path = _open_hotspot(s, code, by)
    kept = secrets_of(hotspot, sealer) if hotspot.dialect == dialect else {}
    wanted = {**kept, **(settings or {})}
    kept_networks = list(hotspot.networks if networks is None else networks)
    faults = gateway_faults(dialect, grant_base, wanted) + minutes_fault(session_minutes)
    faults += network_faults(kept_networks)
    if faults:
        raise Invalid(faults)
    _furnish(hotspot, dialect, grant_base, wanted, sealer)
    hotspot.name = (name or hotspot.name).strip()
    hotspot.session_minutes, hotspot.networks, hotspot.updated_at = session_minutes, kept_networks, now
    if terms is not None and (texts := terms_of(terms)) != hotspot.terms:
        hotspot.terms, hotspot.terms_version = texts, hotspot.terms_version + 1
        s.add(TermsVersion(hotspot_code=code, version=hotspot.terms_version, texts=texts, since=now))
    s.flush()
    _changed(s, "hotspot.update", hotspot, area_path, by, now)
    return hotspot


def set_logo(s: Session, code: str, logo: Logo | None, *, by: Principal, now: datetime) -> Hotspot:
    """Puts the host's logo on the splash, or takes it away; each is a new version. Raises NotFound or Forbidden."""
    hotspot, area_path = _open_hotspot(s, code, by)
    hotspot.logo_version, hotspot.updated_at = hotspot.logo_version + 1, now
    picture = {name: getattr(logo, name, None) for name in ("data", "mime", "width", "height")}
    s.add(HotspotLogo(hotspot_code=code, version=hotspot.logo_version, since=now, **picture))
    s.flush()
    _changed(s, "hotspot.logo", hotspot, area_path, by, now)
    return hotspot


def move_hotspot(s: Session, code: str, location: str, *, by: Principal, now: datetime) -> Hotspot:
    """Hangs a hotspot at another open location; what it counted stays where it was.

    Raises Invalid, NotFound or Forbidden.
    """
    hotspot, _ = _open_hotspot(s, code, by)
    place = location_of(s, location)
    if place is None or place.closed_at is not None or not by.allows("viewer", place.area_path):
        raise Invalid([("location", f"there is no open location '{location}'")])
    _need_admin(by, place.area_path)
    hotspot.location_code, hotspot.updated_at = place.code, now
    ensure_links_for_location(s, place, now)
    s.flush()
    _changed(s, "hotspot.move", hotspot, place.area_path, by, now)
    return hotspot


def close_hotspot(s: Session, code: str, *, by: Principal, now: datetime) -> Hotspot:
    """Takes a hotspot out of use; what it counted stays. Raises NotFound or Forbidden."""
    hotspot, area_path = _open_hotspot(s, code, by)
    hotspot.closed_at = hotspot.updated_at = now
    hotspot.secrets = None
    s.flush()
    _changed(s, "hotspot.close", hotspot, area_path, by, now)
    return hotspot


def _open_hotspot(s: Session, code: str, by: Principal) -> tuple[Hotspot, str]:
    hotspot = queries.hotspot(s, code)
    place = location_of(s, hotspot.location_code) if hotspot is not None else None
    if hotspot is None or place is None or hotspot.closed_at is not None or not by.allows("viewer", place.area_path):
        raise NotFound(f"There is no hotspot '{code}'")
    _need_admin(by, place.area_path)
    return hotspot, place.area_path


def _need_admin(by: Principal, area_path: str) -> None:
    if not by.allows("admin", area_path):
        raise Forbidden("Hotspots are made and changed by an admin of their area")


def _changed(s: Session, action: str, hotspot: Hotspot, area_path: str, by: Principal, now: datetime) -> None:
    """Every process reads its hotspots anew, and the audit log says who did it; secrets are never in it."""
    Generation().bump(s, GENERATION)
    detail = {"location": hotspot.location_code, "dialect": hotspot.dialect, "grant_base": hotspot.grant_base}
    audit(s, by, action, "hotspot", hotspot.code, area_path, detail, now=now)


def _furnish(
    hotspot: Hotspot, dialect: str, grant_base: str | None, settings: Mapping[str, Any], sealer: Sealer
) -> None:
    """Puts the gateway's settings in their places: what is secret is sealed."""
    secret = {setting.name for setting in DIALECTS[dialect].settings if setting.kind == "secret"}
    hidden = {name: value for name, value in settings.items() if name in secret}
    hotspot.dialect, hotspot.grant_base = dialect, grant_base.rstrip("/") if grant_base else None
    hotspot.settings = {name: value for name, value in settings.items() if name not in secret}
    hotspot.secrets = sealer.encrypt(msgspec.json.encode(hidden).decode(), PURPOSE) if hidden else None


def secrets_of(hotspot: Hotspot, sealer: Sealer) -> dict[str, str]:
    """The gateway's secrets in the clear. Raises BadSeal where the instance's key has changed."""
    if hotspot.secrets is None:
        return {}
    return dict(msgspec.json.decode(sealer.decrypt(hotspot.secrets, PURPOSE), type=dict[str, str]))
