"""A screen's last day by the hour, and its last photograph of itself."""

from datetime import datetime
from typing import Any

import msgspec
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


class PictureOut(Struct):
    """A rendition: `media_url` leads to its file, without the code that a player lays over it."""

    creative: str
    language: str
    media_url: str
    mime: str


class ComparisonOut(Struct, kw_only=True):
    """A photograph beside what should have been there. `verdict` is `same`, `other` (another picture that the screen
    knows), `differs`, `unclear`, or null until it has been compared. `shown` is the picture that the photograph shows,
    `due` those of which any would have been right; `apart` how far the photograph is from the closest (0 to 255, of the
    patch that differs most); `turn` by how many degrees, anticlockwise, it had to be turned."""

    taken_at: datetime
    verdict: str | None
    shown: PictureOut | None
    apart: float | None
    turn: int
    due: list[PictureOut]


@call("GET", "/screens/<ref>/comparison", tag="Screens", role="viewer", answers=ComparisonOut, refuses=(404,))
def get_comparison(ref: str) -> ComparisonOut:
    """Read whether a screen's last photograph shows what should have been there."""
    with services().db.read() as s:
        refs.screen(s, principal(), "viewer", ref)
        found = queries.screenshot(s, ref)
    if found is None:
        raise NotFound("This screen has taken no photograph yet")
    nothing: dict[str, Any] = {"shown": None, "apart": None, "turn": 0, "due": []}
    told = {**(found.evidence or nothing), "taken_at": found.at, "verdict": found.verdict}
    return msgspec.convert(told, ComparisonOut)


@call("GET", "/screens/<ref>/screenshot", tag="Screens", role="viewer", answers=None, refuses=(404,))
def get_screenshot(ref: str) -> Response:
    """Read the last photograph that a screen took of itself, a JPEG."""
    with services().db.read() as s:
        refs.screen(s, principal(), "viewer", ref)
        found = queries.screenshot(s, ref)
    if found is None:
        raise NotFound("This screen has taken no photograph yet")
    return Response(found.jpeg, mimetype="image/jpeg")
