"""openNDS, levels 0 to 4.

Sources: openNDS 9.10.0 and 10.3.1 (src/http_microhttpd.c, libs/authmon.sh, fas-*.php); levels 0–3 are walked
through the real 9.10 in tests/gateway. The levels differ in the query and in who fetches the grant:

0  the gateway's own link, with its token in the clear
1  `fas` = base64 of "name=value, name=value, …"
2  `fas` = base64(base64(AES-256-CBC)), `iv` = 16 characters that are used as they stand
3  as 2, over https; the gateway polls for the grant (authmon)
4  as 1, over https; polls with GET
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from functools import lru_cache
from urllib.parse import quote, unquote

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from portal.gateways.base import UNKNOWN, Arrival, Confidence, Dialect, Gateway, Grant, Link, Poll, Refused, Setting
from portal.gateways.wire import clean, fields, from_base64, hexadecimal, mac_of

DEFAULT_KEY = "1234567890"  # what 9.10 uses when the installer sets none
POLLED = (3, 4)
_AUTHDIR = re.compile(r"[A-Za-z0-9_-]{1,64}")
_spoken = lru_cache(maxsize=1_000)(unquote)  # a station's phones all bring the same name
_VISIT = re.compile(r"[?&]visit=([A-Za-z0-9._~-]+)")


def parse(query: str, gateway: Gateway) -> Arrival:
    """Read a redirect of any level; a level that is not the hotspot's own is a bad signature, not a guess."""
    sent = fields(query)
    if sent.get("status") == "authenticated":
        return Arrival("online", visit=_visit_in(sent.get("redir", "")))
    level = gateway.number("level", 1)
    if "fas" in sent:
        return _parse_fas(sent, gateway, level)
    if "tok" in sent and "authaction" in sent:
        return _parse_clear(sent) if level == 0 else _wrong_level(0, level)
    return UNKNOWN


def read(query: str, gateway: Gateway) -> Mapping[str, str]:
    """What the gateway said, taken out of base64 and decrypted where that can be done; else the query as it came."""
    sent = fields(query)
    packed = from_base64(sent.get("fas", ""))
    if packed and "iv" in sent:
        packed = decrypt(packed, sent["iv"], gateway.text("faskey", DEFAULT_KEY))
    return _pairs(clean(packed.decode("utf-8", "replace"))) if packed else sent


def _visit_in(redir: str) -> str:
    found = _VISIT.search(redir)
    return found.group(1) if found else ""


def _wrong_level(sent: int, expected: int) -> Arrival:
    return Arrival(
        "captive", signature="bad", note=f"the gateway speaks level {sent}, the hotspot is set to {expected}"
    )


def _parse_clear(sent: Mapping[str, str]) -> Arrival:
    action, token = sent["authaction"].partition("?")[0], sent["tok"]
    host, _, path = action.partition("://")[2].partition("/")
    folder = path.strip("/")
    if not (hexadecimal(token) and len(token) <= 64 and _AUTHDIR.fullmatch(folder)):
        return UNKNOWN
    return Arrival("captive", {"tok": token, "dir": folder}, session=token, target=host)


def _parse_fas(sent: Mapping[str, str], gateway: Gateway, level: int) -> Arrival:
    packed = from_base64(sent["fas"])
    if packed is None:
        return UNKNOWN
    if "iv" not in sent:
        return _arrived(packed, level, "none") if level in (1, 4) else _wrong_level(1, level)
    if level not in (2, 3):
        return _wrong_level(2, level)
    plain = decrypt(packed, sent["iv"], gateway.text("faskey", DEFAULT_KEY))
    if plain is None:
        return Arrival("captive", signature="bad", note="the query does not decrypt: FAS key or version differs")
    return _arrived(plain, level, "good")


def decrypt(packed: bytes, iv: str, key: str) -> bytes | None:
    """AES-256-CBC as PHP does it: key padded with zeros or cut to 32 bytes, base64 within base64, PKCS7."""
    sealed, start = from_base64(packed.decode("ascii", "replace")), iv.encode()
    if not sealed or len(sealed) % 16 or len(start) != 16:
        return None
    reader = Cipher(algorithms.AES256(key.encode()[:32].ljust(32, b"\0")), modes.CBC(start)).decryptor()
    padded = reader.update(sealed) + reader.finalize()
    pad = padded[-1]
    whole = 1 <= pad <= 16 and padded.endswith(bytes([pad]) * pad)
    return padded[:-pad] if whole and b"=" in padded else None


def _arrived(plain: bytes, level: int, signature: str) -> Arrival:
    said = _pairs(clean(plain.decode("utf-8", "replace")))
    hid, folder = said.get("hid", ""), said.get("authdir", "opennds_auth")
    if not hexadecimal(hid, 64) or not _AUTHDIR.fullmatch(folder):
        return UNKNOWN if signature == "none" else Arrival("captive", signature="bad", note="decrypted to nonsense")
    facts = {"hid": hid.lower(), "dir": folder}
    if level in POLLED:
        facts["queue"] = queue_of(said.get("gatewayname", ""))
    return Arrival(
        "captive",
        facts,
        session=hid.lower(),
        target="" if level in POLLED else said.get("gatewayaddress", ""),
        who=mac_of(said.get("clientmac", "")),
        signature="good" if signature == "good" else "none",
        note=_spoken(said.get("gatewayname", "")),
    )


def _pairs(plain: str) -> dict[str, str]:
    """ "a=1, b=2, (null)" → {"a": "1", "b": "2"}; values stay percent-encoded as they came."""
    split = (bit.partition("=") for bit in plain.split(", "))
    return {name.strip(): "" if value == "(null)" else value for name, equals, value in split if equals}


def queue_of(gatewayname: str) -> str:
    """The name under which a polling gateway asks: the hash of its name as it was sent, trailing %20 and all."""
    return hashlib.sha256(gatewayname.encode()).hexdigest()


def return_hash(hid: str, key: str) -> str:
    """`rhid`: what proves to the gateway that we know its key."""
    return hashlib.sha256((hid + key).encode()).hexdigest()


def grant(facts: Mapping[str, str], gateway: Gateway, online_url: str) -> Grant:
    """Levels 0–2: a link to the gateway. Levels 3 and 4: a record that the gateway fetches."""
    folder, token = facts.get("dir", ""), facts.get("tok", "")
    if facts.get("hid"):
        token = return_hash(facts["hid"], gateway.text("faskey", DEFAULT_KEY))
    if not token or not folder:
        return Refused("the visit holds no token of the gateway")
    if facts.get("queue"):
        return Poll(facts["queue"], token, record(token, gateway))
    if not gateway.grant_base:
        return Refused("the hotspot names no gateway (grant_base)")
    # a link without tok ends the 9.10 daemon, hence the check above
    return Link(f"{gateway.grant_base.rstrip('/')}/{folder}/?tok={token}&redir={quote(online_url, safe='')}")


def record(rhid: str, gateway: Gateway) -> str:
    """One line for authmon: rhid, session minutes, rates up and down (kbit/s), quotas up and down (kB), custom."""
    limits = [gateway.session_minutes or 0] + [
        gateway.number(name) for name in ("upload_rate", "download_rate", "upload_quota", "download_quota")
    ]
    return " ".join([rhid, *map(str, limits), "none"])


DIALECT = Dialect(
    name="opennds",
    title="openNDS",
    parse=parse,
    grant=grant,
    read=read,
    confidence=Confidence.RUN,
    settings=(
        Setting("level", "fas_secure_enabled", "number", required=True, default=1, choices=(0, 1, 2, 3, 4)),
        Setting("faskey", "faskey", "secret"),
        Setting("upload_rate", "Upload rate, kbit/s", "number", default=0),
        Setting("download_rate", "Download rate, kbit/s", "number", default=0),
        Setting("upload_quota", "Upload quota, kB", "number", default=0),
        Setting("download_quota", "Download quota, kB", "number", default=0),
    ),
    base_free=lambda settings: settings.get("level") in POLLED,
    source="openNDS 9.10.0 (Debian 12), run; 10.3.1, read",
)
