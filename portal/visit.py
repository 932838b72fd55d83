"""A traveller's visit: it lives in a sealed text in the address of each page, and nowhere at rest."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime

from core.ids import new_id
from core.security import BadSeal, ExpiredSeal, Sealer
from portal.online import mark

PURPOSE = "visit"
LIFETIME_S = 20 * 60
MOST_LENGTH = 4096
STEP = 48  # bytes: pages are kept compressed for each length of a sealed visit


class Forged(Exception):
    """The text was not made here, or for another hotspot."""


@dataclass(frozen=True, slots=True)
class Visit:
    """One stay of one phone at one hotspot. `facts` is what the gateway's dialect needs for the grant."""

    id: str
    hotspot: str
    language: str
    facts: dict[str, str] = field(default_factory=dict)
    campaign: str = ""
    creative: str = ""
    prompt_language: str = ""
    counts: bool = True  # False for what no traveller did: a preview, a page without a gateway
    who: str = ""  # a keyed digest of the phone, good for this day


def seal(visit: Visit, sealer: Sealer, now: datetime) -> str:
    """The visit as text for an address; it can be opened for LIFETIME_S."""
    return sealer.seal(as_payload(visit), PURPOSE, LIFETIME_S, now, step=STEP)


def as_payload(visit: Visit) -> dict[str, object]:
    """The visit in few letters."""
    return {
        "i": visit.id,
        "h": visit.hotspot,
        "l": visit.language,
        "f": visit.facts,
        "c": visit.campaign,
        "r": visit.creative,
        "p": visit.prompt_language,
        "n": int(visit.counts),
        "w": visit.who,
    }


def unseal(token: str, hotspot: str, sealer: Sealer, now: datetime) -> tuple[Visit, bool]:
    """(visit, whether it is still good). Raises Forged."""
    try:
        if len(token) > MOST_LENGTH:
            raise Forged
        payload, fresh = sealer.open(token, PURPOSE, now), True
    except ExpiredSeal as expired:
        payload, fresh = expired.payload, False
    except (BadSeal, ValueError):
        raise Forged from None
    visit = of_payload(payload)
    if visit.hotspot != hotspot:
        raise Forged
    return visit, fresh


def of_payload(payload: dict[str, object]) -> Visit:
    """The visit of `as_payload`."""
    facts = payload["f"]
    return Visit(
        id=str(payload["i"]),
        hotspot=str(payload["h"]),
        language=str(payload["l"]),
        facts={str(k): str(v) for k, v in facts.items()} if isinstance(facts, dict) else {},
        campaign=str(payload["c"]),
        creative=str(payload["r"]),
        prompt_language=str(payload["p"]),
        counts=bool(payload["n"]),
        who=str(payload["w"]),
    )


def visit_id(session: str, hotspot: str, salt: bytes) -> str:
    """The id of a stay: the same for a reload within the gateway's session, else random.

    `salt` is random and destroyed with its day, so an id leads back to nobody.
    """
    if not session:
        return new_id("vis")
    return "vis_" + mark("visit", f"{hotspot}\0{session}", salt)


def in_language(visit: Visit, language: str) -> Visit:
    """The same visit, read in another language."""
    return replace(visit, language=language)
