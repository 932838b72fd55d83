"""Makes whose grant is a form with a shared guest user: Aruba, Ruckus, FortiGate, Cambium.

Sources stand at each dialect. All need a guest account on the gateway; the phone posts it, so it is no secret to
travellers, and the gateway's own limits apply to it.
"""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

from portal.gateways.base import UNKNOWN, Arrival, Confidence, Dialect, Form, Gateway, Grant, Refused, Setting
from portal.gateways.wire import fields, mac_of, query_of

GUEST = (
    Setting("username", "Guest user", required=True),
    Setting("password", "Guest password", "secret", required=True),
)


def _guest(gateway: Gateway, user: str, password: str) -> dict[str, str]:
    return {user: gateway.text("username"), password: gateway.text("password")}


def aruba_parse(query: str, gateway: Gateway) -> Arrival:
    """`cmd=login&mac&essid&ip&apname&vcname&switchip&url`."""
    sent = fields(query)
    mac = mac_of(sent.get("mac", ""))
    if sent.get("cmd") != "login" or not mac:
        return UNKNOWN
    return Arrival("captive", {"cmd": "login"}, session=mac, target=_host(sent.get("switchip", ""), gateway), who=mac)


def _host(name: str, gateway: Gateway) -> str:
    """A bare host as the hotspot's own scheme and port would have it."""
    if not name or not gateway.grant_base:
        return ""
    parts = urlsplit(gateway.grant_base)
    return f"{parts.scheme}://{name}" + (f":{parts.port}" if parts.port else "")


def aruba_grant(facts: Mapping[str, str], gateway: Gateway, online_url: str) -> Grant:
    """POST /cgi-bin/login."""
    if facts.get("cmd") != "login" or not gateway.grant_base:
        return Refused("the visit is none of the controller's")
    fixed = {"cmd": "authenticate", "Login": "Log In", "url": online_url}
    return Form(f"{gateway.grant_base}/cgi-bin/login", _guest(gateway, "user", "password") | fixed)


def ruckus_parse(query: str, gateway: Gateway) -> Arrival:
    """ZoneDirector and Unleashed: `sip, uip, client_mac, ssid, url`."""
    sent = fields(query)
    mac = mac_of(sent.get("client_mac", "") or sent.get("mac", ""))
    if not sent.get("sip") or not mac:
        return UNKNOWN
    return Arrival("captive", {"ip": sent.get("uip", "")}, mac, f"http://{sent['sip']}:9997", who=mac)


def ruckus_grant(facts: Mapping[str, str], gateway: Gateway, online_url: str) -> Grant:
    """POST /login on port 9997."""
    if "ip" not in facts or not gateway.grant_base:
        return Refused("the visit is none of the controller's")
    fixed = {"ip": facts["ip"], "url": online_url}
    return Form(f"{gateway.grant_base}/login", _guest(gateway, "username", "password") | fixed)


def fortigate_parse(query: str, gateway: Gateway) -> Arrival:
    """`login&post=http://FGT:1000/fgtauth&magic=…&usermac=…`."""
    sent = fields(query)
    if not sent.get("magic") or not sent.get("post"):
        return UNKNOWN
    mac = mac_of(sent.get("usermac", ""))
    return Arrival("captive", {"magic": sent["magic"][:64]}, sent["magic"], sent["post"], who=mac)


def fortigate_grant(facts: Mapping[str, str], gateway: Gateway, online_url: str) -> Grant:
    """POST /fgtauth; the gateway takes 125 characters at most, so nothing more is sent."""
    if not facts.get("magic") or not gateway.grant_base:
        return Refused("the visit holds no magic of the gateway")
    return Form(f"{gateway.grant_base}/fgtauth", {"magic": facts["magic"]} | _guest(gateway, "username", "password"))


_CAMBIUM = ("ga_ssid", "ga_ap_mac", "ga_nas_id", "ga_srvr", "ga_cmac", "ga_Qv")


def cambium_parse(query: str, gateway: Gateway) -> Arrival:
    """`ga_srvr` is the access point, `ga_cmac` the phone, `ga_Qv` what ties the answer to the question."""
    sent = fields(query)
    mac = mac_of(sent.get("ga_cmac", ""))
    if not sent.get("ga_srvr") or not mac:
        return UNKNOWN
    facts = {name: sent[name] for name in _CAMBIUM if sent.get(name)}
    return Arrival("captive", facts, mac, _host(sent["ga_srvr"], gateway), who=mac)


def cambium_grant(facts: Mapping[str, str], gateway: Gateway, online_url: str) -> Grant:
    """POST to the access point's login program, with the query that it sent."""
    if not facts.get("ga_cmac") or not gateway.grant_base:
        return Refused("the visit is none of the access point's")
    asked = query_of({name: facts[name] for name in _CAMBIUM if name in facts} | {"ga_orig_url": online_url})
    url = f"{gateway.grant_base}/cgi-bin/hotspot_login.cgi?{asked}"
    return Form(url, _guest(gateway, "ga_user", "ga_pass"))


ARUBA = Dialect(
    "aruba", "Aruba Instant / AOS", aruba_parse, aruba_grant, Confidence.REPORTED, GUEST,
    source="Aruba Instant, external captive portal; the form as PacketFence and others post it",
)  # fmt: skip
RUCKUS = Dialect(
    "ruckus", "Ruckus ZoneDirector / Unleashed", ruckus_parse, ruckus_grant, Confidence.REPORTED, GUEST,
    source="Ruckus, hotspot (WISPr) redirects; the form as public portals post it",
)  # fmt: skip
FORTIGATE = Dialect(
    "fortigate", "Fortinet FortiGate", fortigate_parse, fortigate_grant, Confidence.REPORTED, GUEST,
    source="Fortinet, external captive portal; the form as PacketFence posts it",
)  # fmt: skip
CAMBIUM = Dialect(
    "cambium", "Cambium cnPilot", cambium_parse, cambium_grant, Confidence.REPORTED, GUEST,
    source="Cambium, guest access with an external page; as public portals post it",
)  # fmt: skip
