"""The fleet at a glance: which screens there are, how each is, what it shows, and what last went wrong."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import g, request
from flask.typing import ResponseReturnValue

from console import on_air
from console.area_tree import area_options
from console.pages import page, show
from console.paging import Page, paged
from core.i18n import gettext as _
from core.services import services
from places import queries as places
from places.folding import fold
from signage import queries, standing
from signage.liveness import STATES, counts, state_of
from signage.models import ScreenTrouble
from signage.queries import FleetRow
from signage.standing import Standing

ASKED = ("state", "area", "location", "search", "only", "by")


@dataclass(frozen=True)
class Line:
    """A screen as the list shows it."""

    row: FleetRow
    state: str
    shows: on_air.Named | None
    trouble: ScreenTrouble | None


@page("/screens")
def screens() -> ResponseReturnValue:
    """``?state=``, ``?area=``, ``?location=``, ``?search=`` and ``?only=`` narrow the list; with ``?by=location`` it
    counts the screens of each location."""
    now, scope = services().clock.now(), g.principal.scope("viewer")
    asked = {name: request.args.get(name, "").strip() for name in ASKED}
    with services().db.read() as db:
        areas = places.areas(db, scope)
        area = next((one for one in areas if one.code == asked["area"]), None)
        here = queries.fleet(db, [area.path] if area else scope)
        meant = standing.of_kind(db, here, asked["only"], now)
        alerts = [one for one in queries.alerts(db, [area.path] if area else scope) if one[0].recovered_at is None]
    fleet = [row for row in meant if _fits(row, asked["location"], asked["search"])]
    wanted = [row for row in fleet if not asked["state"] or state_of(row.seen_at, now) == asked["state"]]
    grouped = asked["by"] == "location"
    return show(
        "screens.html",
        page=_standings(fleet, wanted, now) if grouped else _lines(standing.in_order(wanted), now),
        kinds=_kinds(),
        alerts=alerts,
        counts=counts([row.seen_at for row in fleet], now),
        whole=len(here),
        states=STATES,
        asked=asked,
        area=area,
        area_options=area_options(areas),
        locations=_locations(here),
        screen_address=f"{services().settings.public_url}/screen",
    )


def _kinds() -> list[tuple[str, str]]:
    words = _("An error within a day"), _("Panel off"), _("Test mode"), _("A player of another make")
    return list(zip(standing.KINDS, words, strict=True))


def _fits(row: FleetRow, location: str, search: str) -> bool:
    if location and row.location.code != location:
        return False
    words = fold(f"{row.screen.name} {row.location.name} {row.location.code} {row.screen.id}")
    return fold(search) in words


def _locations(rows: Sequence[FleetRow]) -> list[tuple[str, str]]:
    """The locations of these screens, in their order, each once."""
    return list({row.location.code: row.location.name for row in rows}.items())


def _standings(fleet: Sequence[FleetRow], wanted: Sequence[FleetRow], now: datetime) -> Page[Standing]:
    """Each location that has a screen that is wanted, with all of its screens."""
    codes = {row.location.code for row in wanted}
    return paged(standing.by_location([row for row in fleet if row.location.code in codes], now))


def _lines(rows: Sequence[FleetRow], now: datetime) -> Page[Line]:
    """Of the page that is asked for, what each screen shows and what last went wrong."""
    found = paged(rows)
    shown = on_air.named(found.items, now)
    with services().db.read() as db:
        troubles = queries.last_troubles(db, [row.screen.id for row in found.items])
    lines = [
        Line(row, state_of(row.seen_at, now), shown.get(row.screen.id), troubles.get(row.screen.id))
        for row in found.items
    ]
    return Page(lines, found.pager)
