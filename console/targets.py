"""Installs and targets: how far each area is, who is ahead, the pace that is needed, and who is late today."""

from flask import abort, g, url_for
from flask.typing import ResponseReturnValue

from console import sketches, ui
from console.day_reports import today
from console.pages import page, show
from core.i18n import gettext as _
from core.paths import within_any
from core.services import services
from people.queries import users
from places import queries as places
from reports.actions import OFFICIALS
from reports.late import late_units
from reports.pictures import Mark, bars
from reports.queries import installs_told
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


@page("/installs/<code>", "viewer")
def installs_of(code: str) -> ResponseReturnValue:
    """The numbers that an area's figures rest on: what was told, by whom, for which day."""
    with services().db.read() as db:
        area = places.area(db, code)
        if area is None or not within_any(area.path, g.principal.scope("viewer")):
            abort(404)
        told = installs_told(db, code)
        people = {each.id: each.name for each in users(db)}
    return show("installs_of.html", area=area, told=told, people=people, officials=OFFICIALS)


def _picture(lines: list[TargetLine]) -> str:
    """Shares of the population, the highest first."""
    ahead = sorted((line for line in lines if line.share is not None), key=lambda line: -(line.share or 0))
    marks = [
        Mark(line.name, line.share or 0, sketches.share(line.share), _goal(line), line.on_pace is False, _rows(line))
        for line in ahead[:MOST_DRAWN]
    ]
    return bars(_("Installed, of the population"), marks, 2 * sketches.WIDTH) if marks else ""


def _rows(line: TargetLine) -> str:
    return url_for("console.installs_of", code=line.area)


def _goal(line: TargetLine) -> str:
    if line.target_share is None:
        return ""
    goal = _("target %(share)s", share=sketches.share(line.target_share))
    return f"{goal}, {ui.day(line.target_by)}" if line.target_by else goal
