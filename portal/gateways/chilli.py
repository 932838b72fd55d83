"""CoovaChilli's UAM: a challenge, a shared guest user, and a signature on what chilli sends.

Source: CoovaChilli 1.6 (src/redir.c, src/chilli.c, hotspotlogin.cgi); a local user of `localusers` was let on line
by the real program. `md` = MD5(the address before "&md=" + uamsecret), in upper-case hexadecimal.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Mapping

from portal.gateways.base import (
    UNKNOWN,
    Arrival,
    Confidence,
    Dialect,
    Gateway,
    Grant,
    Link,
    Refused,
    Setting,
    Signature,
)
from portal.gateways.wire import fields, hexadecimal, mac_of, query_of

_RESULTS = {"notyet": "captive", "failed": "captive", "logoff": "captive", "success": "online", "already": "online"}
_VISIT = re.compile(r"[?&]visit=([A-Za-z0-9._~-]+)")


def parse(query: str, gateway: Gateway) -> Arrival:
    """`res` says where the phone stands; `md` is verified wherever a secret is set."""
    sent = fields(query)
    result = sent.get("res", "")
    if result not in _RESULTS:
        return UNKNOWN
    signature = _signature(query, sent, gateway)
    if signature == "bad":
        return Arrival("captive", signature="bad", note="md does not fit: uamsecret or the splash's address differs")
    mac, session = mac_of(sent.get("mac", "")), sent.get("sessionid", "") or sent.get("challenge", "")
    if _RESULTS[result] == "online":
        visit = _VISIT.search(sent.get("userurl", ""))
        return Arrival("online", session=session, signature=signature, visit=visit.group(1) if visit else "", who=mac)
    if not hexadecimal(sent.get("challenge", ""), 32):
        return UNKNOWN
    target = f"{sent.get('uamip', '')}:{sent.get('uamport', '')}"
    return Arrival("captive", {"challenge": sent["challenge"]}, session, target, signature, who=mac, note=result)


def _signature(query: str, sent: Mapping[str, str], gateway: Gateway) -> Signature:
    """The address that chilli signed is the one it was told to send phones to, with its query up to `md`."""
    secret, before = gateway.text("uamsecret"), query.partition("&md=")[0]
    if not secret:
        return "none"
    expected = _md5(f"{gateway.splash_url}?{before}{secret}".encode("latin-1", "replace")).hex()
    told = sent.get("md", "").lower().encode("ascii", "replace")
    return "good" if hmac.compare_digest(expected.encode(), told) else "bad"


def chap_response(challenge: str, password: str, secret: str) -> str:
    """MD5(0x00, password, MD5(challenge, secret)): the answer to chilli's challenge."""
    raw = bytes.fromhex(challenge)
    mixed = _md5(raw + secret.encode()) if secret else raw
    return _md5(b"\0" + password.encode() + mixed).hex()


def _md5(data: bytes) -> bytes:
    return hashlib.md5(data, usedforsecurity=False).digest()


def grant(facts: Mapping[str, str], gateway: Gateway, online_url: str) -> Grant:
    """GET /logon with the shared guest's name and the response."""
    if not hexadecimal(facts.get("challenge", ""), 32) or not gateway.grant_base:
        return Refused("the visit holds no challenge of the gateway")
    response = chap_response(facts["challenge"], gateway.text("password"), gateway.text("uamsecret"))
    asked = {"username": gateway.text("username"), "response": response, "userurl": online_url}
    return Link(f"{gateway.grant_base}/logon?{query_of(asked)}")


DIALECT = Dialect(
    name="chilli",
    title="CoovaChilli (UAM)",
    parse=parse,
    grant=grant,
    confidence=Confidence.DOCUMENTED,
    settings=(
        Setting("uamsecret", "uamsecret", "secret"),
        Setting("username", "Guest user", required=True),
        Setting("password", "Guest password", "secret", required=True),
    ),
    source="CoovaChilli 1.6, source read",
)
