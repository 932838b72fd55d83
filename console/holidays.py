"""The calendar of days that are not as others, and what shows where nothing is placed."""

from flask import g
from flask.typing import ResponseReturnValue

from console.area_tree import area_options
from console.campaigns import run
from console.forms import Form
from console.pages import again, done, page, show
from core.i18n import gettext as _
from core.paths import ROOT
from core.services import services
from media import queries as media
from places import queries as places
from playlists import actions, queries
from playlists.library import creative_names


@page("/calendar")
def calendar() -> ResponseReturnValue:
    return show("calendar.html", form=Form(), **_calendar())


@page("/calendar", "approver", methods=["POST"])
def add_holiday() -> ResponseReturnValue:
    form = Form.sent()
    doc = {name: form.maybe(name) for name in ("name", "first", "last", "area")}
    if form.attempt(lambda: run(lambda db, by, now: actions.set_holiday(db, doc, by=by, now=now))) is None:
        return again("calendar.html", form, **_calendar())
    return done(_("The days are in the calendar. Placements that skip holidays are silent then."), "calendar")


@page("/calendar/<holiday_id>/remove", "approver", methods=["POST"])
def remove_holiday(holiday_id: str) -> ResponseReturnValue:
    run(lambda db, by, now: actions.remove_holiday(db, holiday_id, by=by, now=now))
    return done(_("The days are as others again."), "calendar")


@page("/calendar/fallback", "approver", methods=["POST"])
def set_fallback() -> ResponseReturnValue:
    """An empty creative gives back to what lies above."""
    form = Form.sent(names={"scope": "place"})
    scope, _colon, code = form.text("place").partition(":")
    creative = form.maybe("creative")
    work = form.attempt(
        lambda: run(lambda db, by, now: actions.set_fallback(db, scope, code, creative, by=by, now=now))  # type: ignore[arg-type]
    )
    if work is None:
        return again("calendar.html", form, **_calendar())
    return done(_("The fallback has been changed. Screens follow within a minute."), "calendar")


def _calendar() -> dict[str, object]:
    scope = g.principal.scope("approver")
    with services().db.read() as db:
        lines = queries.published(db)
        fallbacks = [
            x for x in lines if x.kind == "fallback" and x.snapshot and g.principal.allows("viewer", x.area_path)
        ]
        names = creative_names(db, {x.snapshot["creative"] for x in fallbacks if x.snapshot})
        areas, spots = places.areas(db, scope), places.locations(db, scope)
        creatives = media.creatives(db, g.principal.scope("viewer"))
    holidays = [line for line in lines if line.kind == "holiday" and line.snapshot]
    ready = [(one.id, one.name) for one in creatives if one.withdrawn_at is None]
    return {
        "holidays": sorted(holidays, key=lambda line: str(line.snapshot and line.snapshot["first"])),
        "fallbacks": fallbacks,
        "names": names,
        "areas": [*([("", _("Everywhere"))] if g.principal.allows("approver", ROOT) else []), *area_options(areas)],
        "places": [
            *((f"area:{code}", name) for code, name in area_options(areas)),
            *((f"location:{place.code}", f"{place.name} ({place.code})") for place in spots),
        ],
        "creatives": [("", _("None: what lies above shows")), *ready],
    }
