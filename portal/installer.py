"""A trial of a redirect that an installer pasted: what the gateway sent, and what would become of it. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import unquote

from portal.gateways.base import Arrival, Dialect, Form, Gateway, Grant, Link, Open, Poll, Refused
from portal.gateways.targets import same_gateway

MOST_SHOWN = 300  # characters of a value


@dataclass(frozen=True, slots=True)
class SelfTest:
    """What a pasted redirect of the gateway tells. `sent`: name → value, decrypted where it was sealed."""

    arrival: Arrival
    sent: dict[str, str]
    target_fits: bool
    works: bool  # whether the grant would be made, and led to the hotspot's own gateway
    grant: str  # in words: what would be done, or why nothing can be


def self_test(query: str, dialect: Dialect, gateway: Gateway, online_url: str) -> SelfTest:
    """Reads a redirect as the splash would, and says whether the grant would work. Nothing is counted or kept."""
    asked = query.partition("?")[2] if "?" in query.partition("&")[0] else query
    arrival = dialect.parse(asked, gateway)
    fits = not arrival.target or same_gateway(arrival.target, gateway.grant_base or "")
    sent = {name: unquote(value)[:MOST_SHOWN] for name, value in dialect.read(asked, gateway).items() if name}
    grant = dialect.grant(arrival.facts, gateway, online_url)
    works = not isinstance(grant, Refused) and fits and arrival.state == "captive" and arrival.signature != "bad"
    return SelfTest(arrival, sent, fits, works, _in_words(grant))


def _in_words(grant: Grant) -> str:
    """Where a phone would be led, or a sentence in English."""
    if isinstance(grant, Refused):
        return grant.why
    if isinstance(grant, Link | Form):
        return grant.url.partition("?")[0]
    if isinstance(grant, Poll):
        return "The gateway asks us"
    return "None is needed: the network is open" if isinstance(grant, Open) else "We call the controller"
