r"""MikroTik RouterOS hotspot, reached through a login page on the router that forwards to us.

Source: RouterOS manual, "Hotspot customisation". The page (portal/sheets) forwards $(mac), $(link-login-only),
$(identity), $(chap-id) and $(chap-challenge); the last two arrive as octal escapes such as \371.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping

from portal.gateways.base import UNKNOWN, Arrival, Confidence, Dialect, Gateway, Grant, Link, Refused, Setting
from portal.gateways.wire import fields, mac_of, query_of

_OCTAL = re.compile(r"\\([0-3][0-7]{2})")
LOGIN_PATH = "/login"


def parse(query: str, gateway: Gateway) -> Arrival:
    """What our page on the router forwards."""
    sent = fields(query)
    mac, login = mac_of(sent.get("mac", "")), sent.get("link-login-only", "")
    if not mac or not login:
        return UNKNOWN
    facts = {"mac": mac} | {name: sent[name] for name in ("chap-id", "chap-challenge") if sent.get(name)}
    return Arrival("captive", facts, session=mac, target=login, who=mac, note=sent.get("error", ""))


def octal_bytes(text: str) -> bytes:
    r"""`\371a\012` → bytes; what is no escape stands for itself."""
    return _OCTAL.sub(lambda found: chr(int(found.group(1), 8)), text).encode("latin-1", "replace")


def chap_password(chap_id: str, challenge: str, password: str) -> str:
    """MD5(id, password, challenge), in hexadecimal."""
    mixed = octal_bytes(chap_id) + password.encode() + octal_bytes(challenge)
    return hashlib.md5(mixed, usedforsecurity=False).hexdigest()


def grant(facts: Mapping[str, str], gateway: Gateway, online_url: str) -> Grant:
    """With a local guest user if one is set, else by the trial that RouterOS gives each MAC (`T-` and the MAC)."""
    if not facts.get("mac") or not gateway.grant_base:
        return Refused("the router's page did not forward the phone's MAC")
    asked = {"dst": online_url, "username": f"T-{facts['mac'].upper()}"}
    if gateway.text("username"):
        asked = {"dst": online_url, "username": gateway.text("username"), "password": _password(facts, gateway)}
    return Link(f"{gateway.grant_base}{LOGIN_PATH}?{query_of(asked)}")


def _password(facts: Mapping[str, str], gateway: Gateway) -> str:
    if facts.get("chap-challenge"):
        return chap_password(facts.get("chap-id", ""), facts["chap-challenge"], gateway.text("password"))
    return gateway.text("password")


DIALECT = Dialect(
    name="mikrotik",
    title="MikroTik RouterOS",
    parse=parse,
    grant=grant,
    confidence=Confidence.DOCUMENTED,
    settings=(
        Setting("username", "Local guest user; empty for trial"),
        Setting("password", "Guest password", "secret"),
    ),
    source="RouterOS manual, hotspot customisation",
)
