"""The captive portal API (RFC 8908) and its announcement by DHCP and router advertisement (RFC 8910)."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec

MEDIA_TYPE = "application/captive+json"


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of the asking phone. Unknown means captive: a false "free" would hide the splash."""

    captive: bool
    seconds_remaining: int | None = None


def body(standing: Standing, splash_url: str, venue_url: str) -> dict[str, object]:
    """The answer. Clients heed it over https alone; the addresses are given in any case, for whoever asks by hand."""
    told: dict[str, object] = {
        "captive": standing.captive,
        "user-portal-url": splash_url,
        "venue-info-url": venue_url,
    }
    if not standing.captive and standing.seconds_remaining is not None:
        told["seconds-remaining"] = max(0, standing.seconds_remaining)
        told["can-extend-session"] = True
    return told


def encode(told: dict[str, object]) -> bytes:
    """The answer's bytes."""
    return msgspec.json.encode(told)
