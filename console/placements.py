"""Placements of a campaign: what shows where, at which hours, how much."""

from flask.typing import ResponseReturnValue

from console import placement_forms
from console.campaigns import run, the_campaign
from console.forms import Form
from console.pages import again, done, must, page, show
from core.errors import Conflict, NotFound
from core.i18n import gettext as _
from playlists import actions
from playlists.models import Campaign, Placement

NAMES = {"targets": "targets", "dayparts": "dayparts"}


@page("/campaigns/<campaign_id>/placements/new", "editor")
def new_placement(campaign_id: str) -> ResponseReturnValue:
    campaign = _editable(campaign_id)
    form = Form({"weight": 10, "priority": "normal", "media": ["screen", "splash"]})
    return show(
        "placement_form.html", form=form, campaign=campaign, placement=None, **placement_forms.choices(campaign)
    )


@page("/campaigns/<campaign_id>/placements/new", "editor", methods=["POST"])
def create_placement(campaign_id: str) -> ResponseReturnValue:
    campaign, form = _editable(campaign_id), Form.sent()
    facts = placement_forms.facts(form)
    made = form.attempt(
        lambda: run(lambda db, by, now: actions.add_placement(db, campaign_id, **facts, by=by, now=now))
    )
    if made is None:
        return again(
            "placement_form.html", form, campaign=campaign, placement=None, **placement_forms.choices(campaign)
        )
    return done(_("Placed. Submit the campaign when it is complete."), "campaign", campaign_id=campaign_id)


@page("/campaigns/<campaign_id>/placements/<placement_id>", "editor")
def edit_placement(campaign_id: str, placement_id: str) -> ResponseReturnValue:
    campaign = _editable(campaign_id)
    placement = the_placement(campaign, placement_id)
    form = placement_forms.of_placement(placement)
    return show(
        "placement_form.html", form=form, campaign=campaign, placement=placement, **placement_forms.choices(campaign)
    )


@page("/campaigns/<campaign_id>/placements/<placement_id>", "editor", methods=["POST"])
def update_placement(campaign_id: str, placement_id: str) -> ResponseReturnValue:
    campaign, form = _editable(campaign_id), Form.sent()
    placement, facts = the_placement(campaign, placement_id), placement_forms.facts(form)
    if not placement_forms.is_simple(placement):
        raise Conflict(_("This placement was written by a script and holds more than this form shows."))
    saved = form.attempt(
        lambda: run(lambda db, by, now: actions.update_placement(db, placement_id, facts, by=by, now=now))
    )
    if saved is None:
        return again(
            "placement_form.html", form, campaign=campaign, placement=placement, **placement_forms.choices(campaign)
        )
    return done(_("Saved. The campaign asks for approval again."), "campaign", campaign_id=campaign_id)


@page("/campaigns/<campaign_id>/placements/<placement_id>/remove", "editor", methods=["POST"])
def remove_placement(campaign_id: str, placement_id: str) -> ResponseReturnValue:
    the_placement(_editable(campaign_id), placement_id)
    run(lambda db, by, now: actions.remove_placement(db, placement_id, by=by, now=now))
    return done(_("The placement is gone. The campaign asks for approval again."), "campaign", campaign_id=campaign_id)


def _editable(campaign_id: str) -> Campaign:
    campaign = the_campaign(campaign_id)
    must("editor", campaign.owner_path)
    return campaign


def the_placement(campaign: Campaign, placement_id: str) -> Placement:
    """One of the campaign's placements. Raises NotFound."""
    found = next((row for row in campaign.placements if row.id == placement_id), None)
    if found is None:
        raise NotFound(_("It does not exist, or it lies outside your area."))
    return found
