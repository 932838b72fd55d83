"""What a player says that it decodes, in the Accept header of its manifest's request."""

from __future__ import annotations

import re
from functools import lru_cache

WEBP = "image/webp"
_REFUSED = re.compile(r";\s*q=0(\.0*)?\s*$")


@lru_cache(maxsize=256)
def best_accepted(header: str) -> str:
    """The best type that an Accept header names beyond those that every player decodes, empty for none. A wildcard
    says nothing of what can be decoded."""
    named = (part.strip().lower() for part in header[:1000].split(",") if not _REFUSED.search(part))
    return WEBP if any(part.partition(";")[0].strip() == WEBP for part in named) else ""
