"""nodogsplash 5: its own static splash page, whose form we can be the target of.

Source: nodogsplash 5.0.2, resources/splash.html and src/http_microhttpd.c. Its page is filled in by the router:
`authaction` and `tok` are forwarded to us by the page that the installer is given (portal/sheets).
"""

from __future__ import annotations

from collections.abc import Mapping

from portal.gateways.base import UNKNOWN, Arrival, Confidence, Dialect, Gateway, Grant, Link, Refused
from portal.gateways.wire import fields, hexadecimal, query_of


def parse(query: str, gateway: Gateway) -> Arrival:
    """`tok` is eight hexadecimal digits; `authaction` names the gateway."""
    sent = fields(query)
    token = sent.get("tok", "")
    if not hexadecimal(token) or len(token) > 64:
        return UNKNOWN
    return Arrival("captive", {"tok": token}, session=token, target=sent.get("authaction", ""))


def grant(facts: Mapping[str, str], gateway: Gateway, online_url: str) -> Grant:
    """GET /nodogsplash_auth/ with the token."""
    if not facts.get("tok") or not gateway.grant_base:
        return Refused("the visit holds no token of the gateway")
    return Link(f"{gateway.grant_base}/nodogsplash_auth/?{query_of({'tok': facts['tok'], 'redir': online_url})}")


DIALECT = Dialect(
    name="nodogsplash",
    title="nodogsplash",
    parse=parse,
    grant=grant,
    confidence=Confidence.DOCUMENTED,
    source="nodogsplash 5.0.2, source read",
)
