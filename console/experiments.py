"""Which of a placement's creatives does better: the variants side by side, and how sure that is."""

from flask import g
from flask.typing import ResponseReturnValue

from console.asked import asked_span
from console.campaigns import the_campaign
from console.pages import page, show
from console.placements import the_placement
from core.errors import NotFound
from core.i18n import current_language
from core.i18n import gettext as _
from core.services import services
from reports.experiments import compare, verdict


@page("/campaigns/<campaign_id>/placements/<placement_id>/experiment")
def experiment(campaign_id: str, placement_id: str) -> ResponseReturnValue:
    """``?from=&to=`` are local days; the last thirty without a wish."""
    campaign = the_campaign(campaign_id)
    placement, span = the_placement(campaign, placement_id), asked_span(30)
    if not placement.variants:
        raise NotFound(_("This placement compares nothing."))
    with services().db.read() as db:
        told = compare(db, placement, span.first, span.last, under=g.principal.scope("viewer"))
    outcomes = {
        "scans_per_play": (_("On screens: plays that were scanned"), _("scans"), _("plays")),
        "stores_per_view": (_("On wifi: greetings that led to a store"), _("store visits"), _("greetings")),
    }
    shown = [(one, verdict(one, current_language()), outcomes[one.outcome]) for one in told]
    return show("experiment.html", campaign=campaign, placement=placement, span=span, comparisons=shown)
