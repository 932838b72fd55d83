"""Why a screen or a splash page shows what it shows."""

from datetime import datetime
from typing import Any

from msgspec import Struct
from sqlalchemy.orm import Session

from api import refs
from api.kit import call
from api.shapes import Moment
from core.errors import Invalid
from core.i18n import choose
from core.services import services
from people.guards import principal
from playlists import queries
from playlists.explain import Explanation, Finding, explain
from playlists.programme import LoopEntry, Spot
from playlists.sentences import headline, sentence
from portal.prompts import spot_of
from signage import queries as signage
from signage.board import card_of

LANGUAGES = ("en", "vi")


class Where(Struct, kw_only=True, forbid_unknown_fields=True):
    """One screen or one hotspot, at a moment; now if none is named. For the past, what was published then holds."""

    screen: str | None = None
    hotspot: str | None = None
    at: Moment | None = None


class EntryOut(Struct, kw_only=True):
    """One turn of the loop."""

    placement: str | None
    campaign: str | None
    creative: str
    language: str
    duration_ms: int


class FindingOut(Struct, kw_only=True):
    """One placement. `why` is in the language of Accept-Language; `reason` is one word for programs."""

    placement: str
    campaign: str
    campaign_name: str
    plays: bool
    reason: str
    why: str
    share: float
    plays_per_hour: float
    params: dict[str, Any]


class ExplanationOut(Struct, kw_only=True):
    """What is shown there then; `fallback` where there is nothing else to show."""

    at: datetime
    location: str
    timezone: str
    headline: str
    loop: list[EntryOut]
    takeover: str | None
    fallback: bool
    next_change: datetime | None
    findings: list[FindingOut]


@call("GET", "/explain", tag="Screens", role="viewer", query=Where, answers=ExplanationOut, refuses=(404,))
def explain_spot(query: Where) -> ExplanationOut:
    """Say what plays there then, and for each placement why or why not."""
    now = services().clock.now()
    at = query.at or now
    with services().db.read() as s:
        spot = _spot(s, query)
        world = queries.load_world(s, at if at < now else None, drafts=True)
    return explanation_out(explain(world, spot, at), choose(LANGUAGES, "en"))


def explanation_out(found: Explanation, language: str) -> ExplanationOut:
    """As it is shown."""
    return ExplanationOut(
        at=found.at,
        location=found.spot.location,
        timezone=found.spot.timezone,
        headline=headline(found, language),
        loop=[_entry_out(each) for each in found.loop],
        takeover=found.takeover.id if found.takeover else None,
        fallback=found.fallback,
        next_change=found.next_change,
        findings=[_finding_out(each, language, found.spot.timezone) for each in found.findings],
    )


def _spot(s: Session, query: Where) -> Spot:
    if (query.screen is None) == (query.hotspot is None):
        raise Invalid([("screen", "name one screen, or one hotspot")])
    if query.screen is not None:
        refs.screen(s, principal(), "viewer", query.screen)
        facts = signage.hung_facts(s, query.screen)
        if facts is None:
            raise refs.missing("screen", query.screen)
        return card_of(facts).spot
    hotspot, place = refs.hotspot(s, principal(), "viewer", query.hotspot or "")
    return spot_of(hotspot.code, place)


def _entry_out(entry: LoopEntry) -> EntryOut:
    return EntryOut(
        placement=entry.placement_id,
        campaign=entry.campaign_id,
        creative=entry.creative_id,
        language=entry.language,
        duration_ms=entry.duration_ms,
    )


def _finding_out(found: Finding, language: str, timezone: str) -> FindingOut:
    return FindingOut(
        placement=found.placement_id,
        campaign=found.campaign_id,
        campaign_name=found.campaign_name,
        plays=found.plays,
        reason=found.reason,
        why=sentence(found, language, timezone),
        share=found.share,
        plays_per_hour=found.plays_per_hour,
        params=dict(found.params),
    )
