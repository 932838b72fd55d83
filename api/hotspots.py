"""Hotspots: wifi networks whose splash page greets travellers, and the gateways in front of them."""

from datetime import datetime, timedelta
from typing import Annotated, Any

from flask import Response
from msgspec import UNSET, Meta, Struct, UnsetType
from sqlalchemy.orm import Session

from api import refs
from api.kit import Listing, Page, call, change, in_order
from api.shapes import Code, Name
from core.errors import Invalid
from core.services import services
from core.threads import offload
from media.logos import Logo, logo_of
from media.store import store_of
from people.guards import principal
from people.roles import Principal
from places.models import Location
from portal import actions, exports, queries
from portal.health import WEEK
from portal.models import Hotspot

Minutes = Annotated[int, Meta(ge=1, le=100_000)]
Gateway = Annotated[
    dict[str, Any],
    Meta(
        description="dialect, grant_base (the only place a grant may lead to), and the dialect's own settings",
        examples=[{"dialect": "opennds", "grant_base": "http://10.77.0.1:2050", "level": 1, "faskey": "secret"}],
    ),
]
Networks = Annotated[
    list[str],
    Meta(
        max_length=20,
        description="the networks that its phones ask from, where the server sees their own addresses: "
        "a phone's probe is then answered, and known to be on line after its grant",
        examples=[["10.77.0.0/24"]],
    ),
]
Terms = str | dict[str, str]
LogoRef = Annotated[str, Meta(description="the id of an uploaded picture; null takes the logo away")]


class HotspotIn(Struct, kw_only=True, forbid_unknown_fields=True):
    """A new hotspot; its code stands in the address of the splash page. `terms` are a text, or a text by language."""

    code: Code
    location: str
    gateway: Gateway
    name: Name | None = None
    terms: Terms | None = None
    session_minutes: Minutes | None = None
    networks: Networks = []


class HotspotPatch(Struct, kw_only=True, forbid_unknown_fields=True):
    """What is to change. A secret of the gateway that is not sent stays."""

    gateway: Gateway | UnsetType = UNSET
    name: Name | UnsetType = UNSET
    terms: Terms | UnsetType = UNSET
    session_minutes: Minutes | UnsetType | None = UNSET
    networks: Networks | UnsetType = UNSET
    logo: LogoRef | UnsetType | None = UNSET


class HotspotOut(Struct, kw_only=True):
    """A hotspot. Secrets of its gateway are never shown. `splash_url` is where the gateway sends travellers."""

    id: str
    code: str
    name: str
    location: str
    area_path: str
    gateway: dict[str, Any]
    terms: dict[str, str]
    terms_version: int
    logo_version: int
    session_minutes: int | None
    networks: list[str]
    splash_url: str
    api_url: str
    created_at: datetime
    closed_at: datetime | None


class Hotspots(Listing, kw_only=True, forbid_unknown_fields=True):
    """Which hotspots: all, or those of one location."""

    location: str | None = None


@call("GET", "/hotspots", tag="Hotspots", role="viewer", query=Hotspots, answers=Page[HotspotOut])
def list_hotspots(query: Hotspots) -> Response:
    """List the open hotspots of your areas."""
    with services().db.read() as s:
        rows = queries.hotspots(s, under=principal().scope("viewer"), location=query.location)
    return in_order(rows, lambda row: row[0].code, lambda row: hotspot_out(*row))


@call(
    "POST",
    "/hotspots",
    tag="Hotspots",
    role="admin",
    body=HotspotIn,
    answers=HotspotOut,
    status=201,
    refuses=(404, 409),
)
def create_hotspot(body: HotspotIn) -> HotspotOut:
    """Make a hotspot."""
    sealer = services().sealer

    def work(s: Session, who: Principal, now: datetime) -> tuple[Hotspot, Location]:
        place = refs.location(s, who, "admin", body.location)
        made = actions.create_hotspot(
            s,
            code=body.code,
            location=body.location,
            name=body.name,
            terms=body.terms,
            session_minutes=body.session_minutes,
            networks=body.networks,
            by=who,
            now=now,
            sealer=sealer,
            **gateway(body.gateway),
        )
        return made, place

    return hotspot_out(*change(work))


@call("GET", "/hotspots/<code>", tag="Hotspots", role="viewer", answers=HotspotOut, refuses=(404,))
def get_hotspot(code: str) -> HotspotOut:
    """Read a hotspot."""
    with services().db.read() as s:
        return hotspot_out(*refs.hotspot(s, principal(), "viewer", code))


@call("PATCH", "/hotspots/<code>", tag="Hotspots", role="admin", body=HotspotPatch, answers=HotspotOut, refuses=(404,))
def update_hotspot(code: str, body: HotspotPatch) -> HotspotOut:
    """Change a hotspot."""
    sealer, logo = services().sealer, _logo(body.logo)

    def work(s: Session, who: Principal, now: datetime) -> tuple[Hotspot, Location]:
        found, place = refs.hotspot(s, who, "admin", code)
        present = {"dialect": found.dialect, "grant_base": found.grant_base, "settings": found.settings}
        made = actions.update_hotspot(
            s,
            code,
            name=None if body.name is UNSET else body.name,
            terms=None if body.terms is UNSET else body.terms,
            session_minutes=found.session_minutes if body.session_minutes is UNSET else body.session_minutes,
            networks=None if body.networks is UNSET else body.networks,
            by=who,
            now=now,
            sealer=sealer,
            **(present if body.gateway is UNSET else gateway(body.gateway)),
        )
        if body.logo is not UNSET:
            actions.set_logo(s, code, logo, by=who, now=now)
        return made, place

    return hotspot_out(*change(work))


def _logo(asset: str | UnsetType | None) -> Logo | None:
    """The logo in an asset of the asker's; drawn before the change, which must be short. NotFound, Invalid."""
    if not asset:
        return None
    with services().db.read() as s:
        found = refs.asset(s, principal(), "viewer", asset, field="logo")
    return offload(logo_of, found, store_of(services().settings))


class GapOut(Struct, kw_only=True):
    """Between these moments the server ended before it had written what it had seen: views may be missing."""

    since: datetime
    until: datetime


class HealthOut(Struct, kw_only=True):
    """How a hotspot fares today, beside its own last week.

    `state`: new (never heard of), well, fallen (half the usual grants for a splash, or fewer), silent (for a day, where
    many used to come), signatures (more bad ones than splashes: the key differs). `ratio` and `usual`: grants for each
    splash, null where too few came to tell. `clock_ahead_s`: of the gateway's clock, null where it never told
    the time.
    """

    state: str
    last_seen_at: datetime | None
    splashes: int
    grants: int
    bad_signatures: int
    refused_targets: int
    ratio: float | None
    usual: float | None
    clock_ahead_s: int | None
    gaps: list[GapOut]


@call("GET", "/hotspots/<code>/health", tag="Hotspots", role="viewer", answers=HealthOut, refuses=(404,))
def hotspot_health(code: str) -> HealthOut:
    """Read how a hotspot fares."""
    with services().db.read() as s:
        _, place = refs.hotspot(s, principal(), "viewer", code)
        now = services().clock.now()
        found, missed = queries.health(s, code, place.timezone, now), queries.gaps(s, now - timedelta(days=WEEK))
    told = {name: getattr(found, name) for name in HealthOut.__struct_fields__ if name != "gaps"}
    return HealthOut(**told, gaps=[GapOut(since=one.since, until=one.until) for one in missed])


class ExportOut(Struct, kw_only=True):
    """A file for a gateway: a ThemeSpec (a shell script), or pages in a zip. `data` is base64."""

    name: str
    mime: str
    data: bytes


@call("GET", "/hotspots/<code>/exports/<kind>", tag="Hotspots", role="admin", answers=ExportOut, refuses=(404,))
def export_hotspot(code: str, kind: str) -> ExportOut:
    """Make the splash as files that a gateway serves by itself.

    `kind` is opennds, routeros or opnsense. For stations whose uplink fails; counted by the tracked link alone.
    """
    with services().db.read() as s:
        refs.hotspot(s, principal(), "admin", code)
    made = exports.export_of(code, kind)
    return ExportOut(name=made.name, mime=made.mime, data=made.data)


@call("DELETE", "/hotspots/<code>", tag="Hotspots", role="admin", answers=HotspotOut, refuses=(404,))
def close_hotspot(code: str) -> HotspotOut:
    """Close a hotspot; what it counted stays."""

    def work(s: Session, who: Principal, now: datetime) -> tuple[Hotspot, Location]:
        _, place = refs.hotspot(s, who, "admin", code)
        return actions.close_hotspot(s, code, by=who, now=now), place

    return hotspot_out(*change(work))


def gateway(doc: dict[str, Any]) -> dict[str, Any]:
    """A gateway as the actions take it. Invalid."""
    dialect, grant_base = doc.get("dialect"), doc.get("grant_base")
    if not isinstance(dialect, str):
        raise Invalid([("gateway.dialect", "is needed, such as opennds")])
    if grant_base is not None and not isinstance(grant_base, str):
        raise Invalid([("gateway.grant_base", "must be an address such as http://10.77.0.1:2050")])
    rest = {name: value for name, value in doc.items() if name not in ("dialect", "grant_base")}
    return {"dialect": dialect, "grant_base": grant_base, "settings": rest}


def hotspot_out(row: Hotspot, place: Location) -> HotspotOut:
    """As it is shown; secrets are not."""
    own = ("id", "location", "area_path", "gateway", "splash_url", "api_url")
    same = {name: getattr(row, name) for name in HotspotOut.__struct_fields__ if name not in own}
    splash = f"{services().settings.portal_url}/wifi/{row.code}"
    return HotspotOut(
        id=row.code,
        location=row.location_code,
        area_path=place.area_path,
        gateway={"dialect": row.dialect, "grant_base": row.grant_base, **row.settings},
        splash_url=splash,
        api_url=f"{splash}/api",
        **same,
    )
