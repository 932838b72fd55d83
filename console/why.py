"""Why a screen shows what it shows: at any moment, past or to come, published or still a draft."""

from datetime import datetime
from zoneinfo import ZoneInfo

from flask import request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from console.forms import Form, local_text
from console.pages import page, see, show
from console.schedule import with_draft
from core.errors import NotFound
from core.i18n import current_language
from core.i18n import gettext as _
from core.services import services
from playlists import queries
from playlists.explain import Explanation, explain
from playlists.library import creative_names
from playlists.programme import Segment, Spot, World
from playlists.sentences import headline, sentence
from playlists.simulate import bounds, simulate_spot
from signage import queries as signage
from signage.board import card_of
from signage.queries import Hung


@page("/screens/<screen_id>/why")
def why(screen_id: str) -> ResponseReturnValue:
    """``?at=`` is on the screen's own clock; ``?draft=`` names a campaign to be taken as approved."""
    now = services().clock.now()
    with services().db.read() as db:
        hung, spot = _hung(db, screen_id)
        zone = hung.location.timezone
        at = _moment(zone, now)
        draft = queries.campaign(db, request.args.get("draft", ""))
        world = queries.load_world(db, at if at < now else None, drafts=True)
        if draft is not None:
            see(draft.owner_path)
            world = with_draft(world, draft)
        labels = _labels(db, world)
    language = current_language()
    told = explain(world, spot, at)
    return show(
        "why.html",
        screen=hung.screen,
        location=hung.location,
        form=Form({"at": local_text(at, zone)}),
        told=told,
        headline=headline(told, language),
        findings=[(one, sentence(one, language, zone)) for one in told.findings],
        labels=labels,
        line=_timeline(world, told),
        draft=draft,
        past=at < now,
    )


def _hung(db: Session, screen_id: str) -> tuple[Hung, Spot]:
    found, facts = signage.hung(db, screen_id), signage.hung_facts(db, screen_id)
    if found is None or facts is None:
        raise NotFound(_("It does not exist, or it lies outside your area."))
    see(found.location.area_path)
    return found, card_of(facts).spot


def _labels(db: Session, world: World) -> dict[str, str]:
    """What each placement shows, where its campaign has several: by its name alone they could not be told apart."""
    several = [one for one in (*world.campaigns, *world.drafts) if len(one.placements) > 1]
    names = creative_names(db, {name for one in several for row in one.placements for name in row.creatives})
    return {row.id: ", ".join(names.get(name, name) for name in row.creatives) for x in several for row in x.placements}


def _moment(zone: str, now: datetime) -> datetime:
    form = Form(request.args.to_dict())
    return form.moment("at", zone) or now


def _timeline(world: World, told: Explanation) -> list[dict[str, object]]:
    """The local day around the moment, as stretches of a bar 1,000 units long."""
    day = told.at.astimezone(ZoneInfo(told.spot.timezone)).date()
    start, until = bounds(told.spot.timezone, day)
    whole = until - start
    names = {one.id: one.name for one in world.campaigns}
    segments = simulate_spot(world, told.spot, day).programme.segments
    return [
        {
            "x": round((one.start - start) / whole * 1000, 1),
            "width": round((one.until - one.start) / whole * 1000, 1),
            "tone": _tone(one),
            "start": one.start,
            "until": one.until,
            "shows": _shows(one, names),
            "now": one.start <= told.at < one.until,
        }
        for one in segments
    ]


def _tone(segment: Segment) -> str:
    if segment.takeover_id:
        return "taken"
    return "fallback" if all(entry.campaign_id is None for entry in segment.loop) else "plays"


def _shows(segment: Segment, names: dict[str, str]) -> str:
    if segment.takeover_id:
        return _("Takeover")
    found = sorted({names.get(entry.campaign_id, "") for entry in segment.loop if entry.campaign_id})
    return ", ".join(found) or _("Fallback")
