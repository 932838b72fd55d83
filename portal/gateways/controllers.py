"""Gateways whose controller must be asked, server to server: UniFi and Omada.

Sources: UniFi: help.ui.com (external hotspot portal), the integration API of Network 9.1, PacketFence's Unifi.pm.
Omada: TP-Link FAQ 3231 and public clients. The calls themselves are made in portal/controllers.py; here it is only
said what would be called.
"""

from __future__ import annotations

from collections.abc import Mapping

from portal.gateways.base import UNKNOWN, Arrival, Confidence, Dialect, Gateway, Grant, Refused, ServerCall, Setting
from portal.gateways.wire import fields, mac_of, moment_of

_SITE = 64


def unifi_parse(query: str, gateway: Gateway) -> Arrival:
    """`/guest/s/<site>/?ap=<mac>&id=<phone's mac>&t=<time>&url=&ssid=`; nothing of it is signed."""
    sent = fields(query)
    mac = mac_of(sent.get("id", ""))
    if not mac:
        return UNKNOWN
    facts = {"mac": mac, "ap": mac_of(sent.get("ap", ""))}
    return Arrival("captive", facts, session=mac, who=mac, clock=moment_of(sent.get("t", "")))


def unifi_grant(facts: Mapping[str, str], gateway: Gateway, online_url: str) -> Grant:
    """The controller is told to let this MAC through."""
    if not mac_of(facts.get("mac", "")):
        return Refused("the redirect named no phone")
    return ServerCall("unifi", {"mac": facts["mac"], "ap": facts.get("ap", "")})


_OMADA = ("apMac", "ssidName", "radioId", "site", "gatewayMac", "vid")


def omada_parse(query: str, gateway: Gateway) -> Arrival:
    """`clientMac, apMac, ssidName, radioId, site` from an access point, `gatewayMac, vid` from a gateway."""
    sent = fields(query)
    mac = mac_of(sent.get("clientMac", ""))
    if not mac:
        return UNKNOWN
    facts = {"clientMac": mac} | {name: sent[name][:_SITE] for name in _OMADA if sent.get(name)}
    return Arrival("captive", facts, session=mac, who=mac)


def omada_grant(facts: Mapping[str, str], gateway: Gateway, online_url: str) -> Grant:
    """The controller is told to let this MAC through."""
    if not mac_of(facts.get("clientMac", "")):
        return Refused("the redirect named no phone")
    return ServerCall("omada", dict(facts))


_CONTROLLER = Setting("controller", "Controller's address, https://host:port", "url", required=True)

UNIFI = Dialect(
    name="unifi",
    title="Ubiquiti UniFi",
    parse=unifi_parse,
    grant=unifi_grant,
    confidence=Confidence.DOCUMENTED,
    settings=(
        _CONTROLLER,
        Setting("api", "1 classic, 2 UniFi OS, 3 integration API", "number", required=True, choices=(1, 2, 3)),
        Setting("site", "Site (its id for the integration API)", required=True),
        Setting("username", "Operator's name (1 and 2)"),
        Setting("password", "Operator's password (1 and 2)", "secret"),
        Setting("api_key", "API key (3)", "secret"),
        Setting("fingerprint", "SHA-256 of the controller's certificate, where it is its own"),
        Setting("download_rate", "Download rate, kbit/s", "number"),
        Setting("upload_rate", "Upload rate, kbit/s", "number"),
        Setting("quota", "Quota, MB", "number"),
    ),
    needs_grant_base=False,
    source="help.ui.com; UniFi Network 9.1 integration API; PacketFence Unifi.pm",
)
OMADA = Dialect(
    name="omada",
    title="TP-Link Omada 5",
    parse=omada_parse,
    grant=omada_grant,
    confidence=Confidence.DOCUMENTED,
    settings=(
        _CONTROLLER,
        Setting("controller_id", "Controller's id (omadacId)", required=True),
        Setting("username", "Hotspot operator's name", required=True),
        Setting("password", "Hotspot operator's password", "secret", required=True),
        Setting("fingerprint", "SHA-256 of the controller's certificate, where it is its own"),
    ),
    needs_grant_base=False,
    source="TP-Link FAQ 3231 in part; public clients disagree on the unit of time (milliseconds sent here)",
)
