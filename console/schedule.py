"""The week of a campaign: its hours drawn, changed by dragging, and what would be wrong with it, before it plays."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import g, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from console import placement_forms, troubles, ui, week
from console.campaigns import run, the_campaign
from console.forms import Form
from console.pages import again, done, must, page, show
from core.errors import NotFound
from core.i18n import gettext as _
from core.services import services
from playlists import actions, queries
from playlists.dayparts import clock_of
from playlists.library import creative_names
from playlists.models import Campaign, Placement
from playlists.programme import Spot, World
from playlists.simulate import NOTHING, Simulation, simulate
from signage import queries as signage
from signage.board import card_of

MOST_SCREENS = 40
MOST_BESIDE = 12


@page("/schedule")
def schedule() -> ResponseReturnValue:
    """Which campaign?"""
    now = services().clock.now()
    with services().db.read() as db:
        found = [one for one in queries.campaigns(db, g.principal.scope("viewer")) if one.placements]
    return show("schedules.html", campaigns=[one for one in found if one.state(now) != "ended"], now=now)


@page("/schedule/<campaign_id>")
def week_of(campaign_id: str) -> ResponseReturnValue:
    return show("schedule.html", form=Form(), **_week(the_campaign(campaign_id), _monday()))


@page("/schedule/<campaign_id>", "editor", methods=["POST"])
def add_window(campaign_id: str) -> ResponseReturnValue:
    """One more window of a placement, as it was dragged or written."""
    campaign, form = the_campaign(campaign_id), Form.sent(names={"dayparts": "from"})
    must("editor", campaign.owner_path)
    form.require("from", "to")
    placement = _placement(campaign, form.text("placement"))
    part = {"days": form.several("days"), "from": form.text("from"), "to": form.text("to")}
    parts = [*placement.dayparts, part]
    if not form.attempt(lambda: _keep(placement, parts)):
        return again("schedule.html", form, **_week(campaign, _monday()))
    return _back(campaign_id, _("The hours have been added. The campaign asks for approval again."))


@page("/schedule/<campaign_id>/remove", "editor", methods=["POST"])
def remove_window(campaign_id: str) -> ResponseReturnValue:
    campaign, form = the_campaign(campaign_id), Form.sent()
    must("editor", campaign.owner_path)
    placement, number = _placement(campaign, form.text("placement")), form.whole("number")
    if number is None or not 0 <= number < len(placement.dayparts):
        raise NotFound(_("These hours are not there any more."))
    _keep(placement, [part for place, part in enumerate(placement.dayparts) if place != number])
    return _back(campaign_id, _("The hours are gone. The campaign asks for approval again."))


def _keep(placement: Placement, parts: Sequence[dict[str, Any]]) -> object:
    changes = {"dayparts": parts}
    return run(lambda db, by, now: actions.update_placement(db, placement.id, changes, by=by, now=now))


def _back(campaign_id: str, said: str) -> ResponseReturnValue:
    return done(said, "week_of", campaign_id=campaign_id, week=_monday().isoformat())


def _placement(campaign: Campaign, placement_id: str) -> Placement:
    found = next((row for row in campaign.placements if row.id == placement_id), None)
    if found is None:
        raise NotFound(_("It does not exist, or it lies outside your area."))
    return found


def _monday() -> date:
    """The week that is looked at; this one if none is named."""
    try:
        return week.monday_of(date.fromisoformat(request.values.get("week", "")))
    except ValueError:
        return week.monday_of(services().clock.now().astimezone(ZoneInfo(ui.ZONE)).date())


def _week(campaign: Campaign, monday: date) -> dict[str, object]:
    with services().db.read() as db:
        world = with_draft(queries.load_world(db), campaign)
        names = creative_names(db, {one for row in campaign.placements for one in row.creatives})
        spots = screens_of(db, campaign)
        screen_names = {row.id: f"{row.name} · {row.location_name}" for row in signage.all_hung_facts(db)}
    labels = [", ".join(names.get(one, one) for one in row.creatives) for row in campaign.placements]
    days = [monday + timedelta(days=number) for number in range(7)]
    plan = queries.plan(campaign)
    simulated = [simulate(world, spots, day) for day in days]
    wrong = troubles.told(list(zip(days, simulated, strict=True)), world, campaign.id)
    return {
        "campaign": campaign,
        "state": campaign.state(services().clock.now()),
        "days": days,
        "day_names": placement_forms.days(),
        "blocks": week.blocks(plan, monday, ui.ZONE, world.holidays, labels),
        "week": week,
        "labels": labels,
        "spots": spots,
        "shares": _shares(simulated, campaign, world),
        "troubles": wrong,
        "marks": troubles.marks(wrong, monday),
        "clock_of": clock_of,
        "screen_names": screen_names,
        "earlier": monday - timedelta(days=7),
        "later": monday + timedelta(days=7),
    }


def with_draft(world: World, campaign: Campaign) -> World:
    """The world as it would be if the campaign were approved as it stands."""
    others = tuple(one for one in world.campaigns if one.id != campaign.id)
    drafts = tuple(one for one in world.drafts if one.id != campaign.id)
    return replace(world, campaigns=(*others, queries.plan(campaign, "approved")), drafts=drafts, worked_out={})


def screens_of(db: Session, campaign: Campaign) -> list[Spot]:
    """The screens that the campaign reaches, as far as a preview looks at them."""
    reached = {
        place.code
        for row in queries.plan(campaign).placements
        for place, _spots in queries.reached(db, row.target, campaign.owner_path)
    }
    rows = [row for row in signage.all_hung_facts(db) if row.location in reached]
    return [card_of(row).spot for row in rows[:MOST_SCREENS]]


def _shares(days: Sequence[Simulation], campaign: Campaign, world: World) -> list[tuple[str, list[tuple[int, float]]]]:
    """This campaign and whoever shares its screens: for each day plays on all of them, and per cent of air time."""
    names = {one.id: one.name for one in world.campaigns}
    air = Counter[str]({campaign.id: 0})
    for one in days:
        air.update({key: part.air_ms for key, part in one.planned.items()})
    others = sorted(air.keys() - {campaign.id}, key=lambda key: (key not in names, -air[key], key))
    return [
        (names.get(key) or _beside(key), [_planned(one, key) for one in days])
        for key in (campaign.id, *others[:MOST_BESIDE])
    ]


def _beside(key: str) -> str:
    return _("Fallback") if key.startswith("fallback:") else _("Takeover")


def _planned(day: Simulation, key: str) -> tuple[int, float]:
    return day.planned.get(key, NOTHING).plays, round(day.share(key) * 100, 1)
