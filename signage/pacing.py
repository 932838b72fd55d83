"""How often a screen asks for its manifest: each at a steady interval of its own, so that they never march in step."""

import hashlib

POLL_MS = 30_000
SPREAD_MS = 3_000


def poll_after_ms(screen_id: str) -> int:
    """Between 27 and 33 seconds, always the same for one screen."""
    place = int.from_bytes(hashlib.sha256(screen_id.encode()).digest()[:4], "big") % (2 * SPREAD_MS + 1)
    return POLL_MS - SPREAD_MS + place
