"""Results as tables: the funnel by place, kind, creative, language, hour or measure; who is ahead; shares; people."""

from collections.abc import Callable
from datetime import datetime

from flask import abort, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from console import sketches, ui, words
from console.asked import Asked, asked
from console.dashboard import measure_name
from console.pages import page, show
from core.i18n import gettext as _
from core.services import services
from measure.queries import heard
from measure.uniques import SCAN_TOKEN, SPLASH_DEVICE, SPLASH_SESSION, uniques
from reports.locations import complete_to
from reports.queries import closed_screens
from reports.standings import ORDERS, Standing, standings
from reports.voice import voices

CUTS = ("location", "area", "venue_kind", "campaign", "creative", "language", "channel", "measure", "hour")
_RANKED = ("location", "area")


def cut_names() -> dict[str, str]:
    """What results can be cut by."""
    return {
        "location": _("Location"),
        "area": _("Area"),
        "venue_kind": _("Kind of place"),
        "campaign": _("Campaign"),
        "creative": _("Creative"),
        "language": _("Language"),
        "channel": _("Channel"),
        "measure": _("Measure"),
        "hour": _("Hour"),
    }


def order_names(cut: str) -> dict[str, str]:
    """What rows can be ordered by."""
    names = {
        "name": _("Name"),
        "plays": _("Plays"),
        "scans": _("Scans"),
        "stores": _("Store visits"),
        "per_1000_plays": _("Scans per 1,000 plays"),
        "per_1000_residents": _("Scans per 1,000 residents"),
    }
    return {key: name for key, name in names.items() if key in ORDERS and (cut in _RANKED or "residents" not in key)}


@page("/results/by/<cut>")
def result_cut(cut: str) -> ResponseReturnValue:
    """The funnel by one of CUTS, ``?order=`` by one of ORDERS."""
    if cut not in CUTS:
        abort(404)
    order = request.args.get("order", "scans" if cut in _RANKED else "name")
    order = order if order in ORDERS else "name"
    with services().db.read() as db:
        at = asked(db)
        rows = standings(
            db, at.span.first, at.span.last, cut, under=at.under, campaign=at.campaign or None, order=order
        )
        until = complete_until(db, at)
    return show(
        "result_cut.html",
        at=at,
        cut=cut,
        cuts=cut_names(),
        order=order,
        orders=order_names(cut),
        rows=[(row, _name(cut)(row), behind(at, cut, row)) for row in rows],
        complete_to=until,
        share=sketches.share,
        span=sketches.span,
    )


def complete_until(db: Session, at: Asked) -> datetime:
    """Up to when every screen there has told all."""
    gone = closed_screens(db)
    telling = [each for each in heard(db, at.under) if each.screen not in gone]
    return complete_to(telling, services().clock.now())


def _name(cut: str) -> Callable[[Standing], str]:
    """How a row is called: what is no proper name is said in the reader's language."""
    spoken: dict[str, Callable[[str], str]] = {
        "venue_kind": words.venue_name,
        "language": lambda code: ui.language_name(code) if code else "",
        "channel": ui.channel_name,
        "measure": measure_name,
        "hour": lambda hour: f"{int(hour)}:00 – {int(hour) + 1}:00",
    }
    say = spoken.get(cut)
    return lambda row: (say(row.key) if say else row.name) or _("none")


def behind(at: Asked, cut: str, row: Standing) -> Callable[[str], str]:
    """Where the rows behind a number of this row are."""
    key = {"area": "area_path"}.get(cut, cut)
    return lambda metrics: sketches.rows_href(at, metrics, **{key: row.key or "-"})


@page("/results/voice")
def result_voice() -> ResponseReturnValue:
    """Each campaign's share of the screens' plays: planned and delivered."""
    with services().db.read() as db:
        at = asked(db)
        found = voices(db, at.span.first, at.span.last, under=at.under, now=services().clock.now())
        until = complete_until(db, at)
    return show("result_voice.html", at=at, voices=found, complete_to=until, share=sketches.share)


@page("/results/people")
def result_people() -> ResponseReturnValue:
    """Different people a day, with the error of the estimate and how they were told apart."""
    with services().db.read() as db:
        at = asked(db)
        found = uniques(db, at.span.first, at.span.last, under=at.under)
        until = complete_until(db, at)
    kinds = [kind for kind in _kinds() if any(each.kind == kind for each in found)]
    sums = {kind: sum(each.estimate for each in found if each.kind == kind) for kind in kinds}
    days = {each.day for each in found}
    by_day = [(day, {each.kind: each for each in found if each.day == day}) for day in sorted(days, reverse=True)]
    named = [(kind, _kinds()[kind]) for kind in kinds]
    return show("result_people.html", at=at, days=by_day, kinds=named, sums=sums, complete_to=until)


def _kinds() -> dict[str, str]:
    return {
        SCAN_TOKEN: _("Scanned, or opened a link (told apart by a random token of one day)"),
        SPLASH_DEVICE: _("On public wifi (told apart by a digest of the device, good for one day)"),
        SPLASH_SESSION: _("On public wifi (told apart by the stay alone: who comes back counts again)"),
    }
