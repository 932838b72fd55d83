"""Cisco Meraki, click-through splash.

Source: developer.cisco.com, Meraki captive portal API (EXCAP), click-through.
"""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

from portal.gateways.base import UNKNOWN, Arrival, Confidence, Dialect, Gateway, Grant, Link, Refused
from portal.gateways.targets import origin, same_gateway
from portal.gateways.wire import fields, mac_of, query_of

CLOUD = "https://*.network-auth.com"


def parse(query: str, gateway: Gateway) -> Arrival:
    """`base_grant_url` is on one of Meraki's own hosts; which one, changes."""
    sent = fields(query)
    url = sent.get("base_grant_url", "")
    if not url or origin(url) is None:
        return UNKNOWN if not url else Arrival("captive", target=url)
    mac = mac_of(sent.get("client_mac", ""))
    parts = urlsplit(url)
    facts = {"grant": f"{parts.scheme}://{parts.netloc}{parts.path}"}
    return Arrival("captive", facts, session=mac, target=url, who=mac)


def grant(facts: Mapping[str, str], gateway: Gateway, online_url: str) -> Grant:
    """GET base_grant_url with the page to go on to and the seconds granted."""
    url = facts.get("grant", "")
    if not url or not same_gateway(url, gateway.grant_base or CLOUD):
        return Refused("the visit holds no grant address of Meraki's")
    asked = {"continue_url": online_url}
    if gateway.session_minutes:
        asked["duration"] = str(gateway.session_minutes * 60)
    return Link(f"{url}?{query_of(asked)}")


DIALECT = Dialect(
    name="meraki",
    title="Cisco Meraki (click-through)",
    parse=parse,
    grant=grant,
    confidence=Confidence.DOCUMENTED,
    source="developer.cisco.com, Meraki captive portal, click-through",
    default_base=CLOUD,
)
