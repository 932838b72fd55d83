"""Where a grant may lead. The one place that compares addresses, so that every trick is refused once."""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import urlsplit

_PORTS = {"http": 80, "https": 443}
_PLAIN = re.compile(r"[!-\[\]-~]+")  # printable ASCII without space and backslash
_HOST = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:.]+\]")

Origin = tuple[str, str, int]


def origin(url: str) -> Origin | None:
    """(scheme, host, port) of a plain http or https address; None for anything that two parsers could read two ways."""
    if not _PLAIN.fullmatch(url):
        return None
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return None
    if parts.scheme not in _PORTS or parts.username is not None or parts.password is not None:
        return None
    host = _host_of(parts.netloc)
    return None if host is None else (parts.scheme, host, port or _PORTS[parts.scheme])


def _host_of(netloc: str) -> str | None:
    host = re.sub(r":\d*$", "", netloc).lower()
    return host if _HOST.fullmatch(host) else None


@lru_cache(maxsize=1_000)  # a station's phones all bring the same gateway
def same_gateway(claimed: str, base: str) -> bool:
    """Whether `claimed` (an address, or host:port as gateways send it) is the gateway at `base`."""
    allowed = origin(base.replace("://*.", "://", 1))
    scheme = allowed[0] if allowed else "http"
    asked = origin(claimed if "://" in claimed else f"{scheme}://{claimed}")
    if allowed is None or asked is None or asked[0] != allowed[0] or asked[2] != allowed[2]:
        return False
    if "://*." in base:
        return asked[1].endswith("." + allowed[1])
    return asked[1] == allowed[1]


def is_base(url: str) -> bool:
    """Whether an operator's `grant_base` is one we can hold a gateway to: scheme, host, port, and no more."""
    if origin(url.replace("://*.", "://", 1)) is None:
        return False
    parts = urlsplit(url)
    return parts.path in ("", "/") and not parts.query and not parts.fragment
