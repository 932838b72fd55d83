"""Reading what gateways write: queries that no ordinary parser expects. Nothing here raises on bad input."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from urllib.parse import quote, unquote

_CENTURY = 946_684_800  # 1 January 2000
_UNSEEN = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")
_HEX = re.compile(r"[0-9A-Fa-f]+")
_WITHIN_A_MAC = str.maketrans("", "", ":.-")
MAX_QUERY = 8192  # openNDS's own limit; longer is not from a gateway


def fields(query: str) -> dict[str, str]:
    """A raw query as name → value, the first of a name winning; '+' stays '+', for base64 arrives unescaped."""
    found: dict[str, str] = {}
    for part in query[:MAX_QUERY].split("&"):
        name, _, value = part.partition("=")
        found.setdefault(clean(unquote(name)), clean(unquote(value)))
    return found


def clean(text: str) -> str:
    """Without control characters and lone surrogates: it may end in a page or in a header."""
    return text if text.isprintable() else _UNSEEN.sub("", text)


def from_base64(text: str) -> bytes | None:
    """Base64 as phones deliver it: blanks where '+' stood, either alphabet, padding lost."""
    packed = text.strip().replace(" ", "+").replace("-", "+").replace("_", "/").rstrip("=")
    try:
        return base64.b64decode(packed + "=" * (-len(packed) % 4), validate=True)
    except (binascii.Error, ValueError):
        return None


def hexadecimal(text: str, digits: int | None = None) -> bool:
    """Whether the text is hexadecimal, and of that many digits when a number is given."""
    return (digits is None or len(text) == digits) and _HEX.fullmatch(text) is not None


def query_of(pairs: Mapping[str, str]) -> str:
    """name=value&… with everything escaped that is not a letter, a digit or -._~ ."""
    return "&".join(f"{quote(name, safe='')}={quote(value, safe='')}" for name, value in pairs.items())


def digits_of(text: str, most_digits: int = 18) -> int | None:
    """A whole number written in the digits 0–9, or None; `isdigit` takes digits that `int` refuses, and too many."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= most_digits else None


def moment_of(text: str) -> datetime | None:
    """A moment written as whole seconds since 1970, or None when it is none of this century."""
    seconds = digits_of(text, 10) or 0
    return datetime.fromtimestamp(seconds, UTC) if seconds >= _CENTURY else None


def mac_of(text: str) -> str:
    """A MAC in lower case with colons, or "" when it is none."""
    digits = text.strip().translate(_WITHIN_A_MAC).lower()
    return ":".join([digits[i : i + 2] for i in range(0, 12, 2)]) if hexadecimal(digits, 12) else ""
