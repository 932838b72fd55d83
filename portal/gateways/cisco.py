"""Cisco WLC and Catalyst 9800, web passthrough: a form without a user.

Source: Cisco's external web authentication guides; sources that post without a user name were read. Whether the
field is `redirect_url` or `redirectUrl` differs between documents: both are sent.
"""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

from portal.gateways.base import UNKNOWN, Arrival, Confidence, Dialect, Form, Gateway, Grant, Refused
from portal.gateways.targets import origin
from portal.gateways.wire import fields, mac_of


def parse(query: str, gateway: Gateway) -> Arrival:
    """`switch_url, ap_mac, client_mac, wlan, redirect, statusCode`; statusCode 1 means logged in already."""
    sent = fields(query)
    url = sent.get("switch_url", "")
    if not url:
        return UNKNOWN
    mac = mac_of(sent.get("client_mac", ""))
    if sent.get("statusCode") == "1":
        return Arrival("online", session=mac, who=mac)
    path = urlsplit(url).path if origin(url) else ""
    return Arrival("captive", {"path": path or "/login.html"}, session=mac, target=url, who=mac)


def grant(facts: Mapping[str, str], gateway: Gateway, online_url: str) -> Grant:
    """POST to the controller: button 4 accepts."""
    if not facts.get("path", "").startswith("/") or not gateway.grant_base:
        return Refused("the visit holds no address of the controller")
    sent = {"buttonClicked": "4", "err_flag": "0", "redirect_url": online_url, "redirectUrl": online_url}
    return Form(gateway.grant_base + facts["path"], sent)


DIALECT = Dialect(
    name="cisco",
    title="Cisco WLC / 9800 (passthrough)",
    parse=parse,
    grant=grant,
    confidence=Confidence.DOCUMENTED,
    source="Cisco, external web authentication with WLC",
)
