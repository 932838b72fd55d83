"""WiFiDog v1 and its heirs: the portal is the authority, and the gateway asks it for each token.

Source: the WiFiDog v1 protocol (dev.wifidog.org, FlowDiagram and wiki/doc/developer), apfree-wifidog's
AUTH_SERVER_API. The gateway's own questions (ping, auth, counters) are answered in portal/gateway_doors.py.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from portal.gateways.base import UNKNOWN, Arrival, Confidence, Dialect, Gateway, Grant, Link, Refused, Setting
from portal.gateways.wire import clean, fields, mac_of, query_of

LIMITS = (Setting("quota_mb", "Quota, MB", "number"),)  # held to by our own verdict on each report of its counters
GATEWAY_ID = re.compile(r"[A-Za-z0-9._:-]{1,64}")


def parse(query: str, gateway: Gateway) -> Arrival:
    """`/login/?gw_address&gw_port&gw_id&ip&mac&url`; the MAC is absent where the gateway does not know it."""
    sent = fields(query)
    if not sent.get("gw_address") or not GATEWAY_ID.fullmatch(sent.get("gw_id", "")):
        return UNKNOWN
    mac = mac_of(sent.get("mac", ""))
    target = f"{sent['gw_address']}:{sent.get('gw_port') or '2060'}"
    return Arrival("captive", {"gw_id": sent["gw_id"]}, session=mac, target=target, who=mac)


def grant(facts: Mapping[str, str], gateway: Gateway, online_url: str) -> Grant:
    """GET /wifidog/auth with a token: our own visit, which the gateway will bring back to us for a verdict."""
    if not facts.get("gw_id") or not gateway.grant_base:
        return Refused("the visit names no gateway")
    token = clean(online_url.partition("visit=")[2].partition("&")[0])
    if not token:
        return Refused("the visit has no token")
    return Link(f"{gateway.grant_base}/wifidog/auth?{query_of({'token': token})}")


def verdict(allowed: bool) -> str:
    """The body that the gateway understands: 1 lets the phone through, 0 keeps it out."""
    return f"Auth: {1 if allowed else 0}\n"


DIALECT = Dialect(
    name="wifidog",
    title="WiFiDog v1, apfree-wifidog",
    parse=parse,
    grant=grant,
    confidence=Confidence.DOCUMENTED,
    settings=LIMITS,
    source="WiFiDog v1 protocol; apfree-wifidog 9, doc/AUTH_SERVER_API_EN.md",
)
RUIJIE = Dialect(
    name="ruijie",
    title="Ruijie / Reyee (WiFiDog)",
    parse=parse,
    grant=grant,
    confidence=Confidence.REPORTED,
    settings=LIMITS,
    source="reported to speak WiFiDog v1 with gw_id = serial number; no document of the vendor's was read",
)
