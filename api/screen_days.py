"""A screen's last day by the hour, and its last photograph of itself."""

from datetime import datetime

from flask import Response
from msgspec import Struct

from api import refs
from api.kit import call
from core.errors import NotFound
from core.services import services
from people.guards import principal
from signage import queries
from signage.story import last_day


class HourOut(Struct):
    """An hour: planned and played plays, those whose panel did not say it was off, what is missing and why.

    `why` is `not_hung`, `closed`, `not_told` (off line, the log has not come), `overflow`, `wiped`, `off` or
    `unexplained`; null where nothing is missing.
    """

    start: datetime
    planned: int
    played: int
    displayed: int
    missing: int
    why: str | None


class DayOut(Struct):
    """The last 24 whole hours, newest first."""

    hours: list[HourOut]


@call("GET", "/screens/<ref>/day", tag="Screens", role="viewer", answers=DayOut, refuses=(404,))
def get_screen_day(ref: str) -> DayOut:
    """Read what a screen should have played in the last day, what it played, and why something is missing."""
    now = services().clock.now()
    with services().db.read() as s:
        refs.screen(s, principal(), "viewer", ref)
        hours = last_day(s, ref, now)
    told = [HourOut(one.start, one.planned, one.played, one.displayed, one.missing, one.why) for one in hours]
    return DayOut(told)


@call("GET", "/screens/<ref>/screenshot", tag="Screens", role="viewer", answers=None, refuses=(404,))
def get_screenshot(ref: str) -> Response:
    """Read the last photograph that a screen took of itself, a JPEG."""
    with services().db.read() as s:
        refs.screen(s, principal(), "viewer", ref)
        found = queries.screenshot(s, ref)
    if found is None:
        raise NotFound("This screen has taken no photograph yet")
    return Response(found.jpeg, mimetype="image/jpeg")
