"""Installs and targets: how far each area is, who is ahead, the pace that is needed, and who is late today."""

from flask import g
from flask.typing import ResponseReturnValue

from console import sketches, ui
from console.day_reports import today
from console.pages import page, show
from core.i18n import gettext as _
from core.services import services
from reports.late import late_units
from reports.pictures import Mark, bars
from reports.targets import TargetLine, targets

MOST_DRAWN = 15


@page("/installs", "viewer")
def installs_and_targets() -> ResponseReturnValue:
    """Every area that this person sees."""
    scope, day = tuple(g.principal.scope("viewer")), today()
    with services().db.read() as db:
        lines = targets(db, day, under=scope)
        late = late_units(db, day, services().clock.now(), under=scope)
    told = [line for line in lines if line.total is not None or line.target_share is not None]
    return show("targets.html", lines=told, picture=_picture(told), late=late, day=day, share=sketches.share)


def _picture(lines: list[TargetLine]) -> str:
    """Shares of the population, the highest first."""
    ahead = sorted((line for line in lines if line.share is not None), key=lambda line: -(line.share or 0))
    marks = [
        Mark(line.name, line.share or 0, sketches.share(line.share), _goal(line), faint=line.on_pace is False)
        for line in ahead[:MOST_DRAWN]
    ]
    return bars(_("Installed, of the population"), marks, 2 * sketches.WIDTH) if marks else ""


def _goal(line: TargetLine) -> str:
    if line.target_share is None:
        return ""
    goal = _("target %(share)s", share=sketches.share(line.target_share))
    return f"{goal}, {ui.day(line.target_by)}" if line.target_by else goal
