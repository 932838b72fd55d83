"""The verbs of a visit: arrive, go on line, be on line, go to the store. No Flask, and nothing waits for a write."""

from __future__ import annotations

from dataclasses import dataclass, replace

from portal.desk import Desk
from portal.gateways.base import Arrival, Form, Grant, Link, Refused
from portal.gateways.targets import same_gateway
from portal.languages import NAMES
from portal.online import mark
from portal.prompts import Prompt
from portal.stands import Stand
from portal.visit import Forged, Visit, seal, unseal, visit_id


class Turned(Exception):
    """This request is refused; `tally` is the count that it goes into."""

    def __init__(self, tally: str, why: str) -> None:
        super().__init__(why)
        self.tally = tally


@dataclass(frozen=True, slots=True)
class Shown:
    """A page's content: the visit, its sealed text, and the prompt."""

    visit: Visit
    token: str
    prompt: Prompt


def arrive(desk: Desk, stand: Stand, query: str, language: str) -> tuple[Arrival, Shown]:
    """A phone that its gateway sent here. Raises Turned for a gateway that is not the hotspot's own."""
    arrival = stand.dialect.parse(query, stand.gateway)
    if arrival.signature == "bad":
        raise Turned("bad_signatures", arrival.note)
    if arrival.target and not same_gateway(arrival.target, stand.gateway.grant_base or ""):
        raise Turned("refused_targets", "the query names another gateway")
    now = desk.services.clock.now()
    if arrival.clock:
        desk.clocked(stand, arrival.clock)
    salt = desk.salt.today(now)
    ident = visit_id(arrival.session, stand.code, salt)
    prompt = desk.prompts.prompt(stand.spot, language, ident, now)
    visit = Visit(
        id=ident,
        hotspot=stand.code,
        language=language,
        facts=arrival.facts,
        campaign=prompt.campaign,
        creative=prompt.creative,
        prompt_language=prompt.language,
        counts=arrival.state == "captive",
        who=mark("mac", arrival.who, salt) if arrival.who else "",
    )
    return arrival, Shown(visit, seal(visit, desk.services.sealer, now), prompt)


def reopen(desk: Desk, stand: Stand, token: str) -> tuple[Visit, bool]:
    """(visit, whether it is still good). Raises Turned for a text that was not made here for this hotspot."""
    try:
        return unseal(token, stand.code, desk.services.sealer, desk.services.clock.now())
    except Forged:
        raise Turned("forged_visits", "this visit was not made here") from None


def renewed(desk: Desk, stand: Stand, visit: Visit, language: str | None = None) -> Shown:
    """The same visit afresh, in another language perhaps; with the prompt that it had, if there is one."""
    now, spoken = desk.services.clock.now(), language if language in NAMES else visit.language
    prompt = desk.prompts.prompt(stand.spot, spoken, visit.id, now)
    visit = replace(visit, language=spoken, campaign=prompt.campaign, creative=prompt.creative)
    visit = replace(visit, prompt_language=prompt.language)
    return Shown(visit, seal(visit, desk.services.sealer, now), prompt)


def seen_prompt(desk: Desk, stand: Stand, visit: Visit) -> Prompt:
    """The prompt that this visit was shown."""
    return desk.prompts.again(stand.location.code, visit.campaign, visit.creative, visit.language)


def grant_for(stand: Stand, visit: Visit, online_url: str) -> Grant:
    """The gateway's grant for this visit, led to nobody but the hotspot's own gateway. Raises Turned."""
    grant = stand.dialect.grant(visit.facts, stand.gateway, online_url)
    if isinstance(grant, Refused):
        raise Turned("no_gateway", grant.why)
    if isinstance(grant, Link | Form) and not same_gateway(grant.url, stand.gateway.grant_base or ""):
        raise Turned("refused_targets", "the grant would lead away from the hotspot's gateway")
    return grant
