"""Paper: a creative as posters or leaflets, each copy with the code of its own place, and the files to fetch."""

from dataclasses import dataclass
from typing import Any

from flask import g
from flask.typing import ResponseReturnValue

from console.area_tree import area_options
from console.creatives import the_creative
from console.forms import Form
from console.links import channels
from console.pages import again, done, page, see, show
from console.words import paper_name
from core.errors import Conflict, NotFound
from core.http import Cache
from core.i18n import gettext as _
from core.services import services
from measure.channels import PRINTED
from media import prints, queries
from media.models import Creative, PrintOrder
from media.paper import Paper
from media.store import store_of
from media.views import attachment
from places import queries as places
from playlists import queries as playlists
from playlists.actions import Where, order_prints

SOFT_DPI = 150
_NEW = {"paper": "A4", "layout": "portrait", "channel": "poster", "where": "area"}


@page("/library/creatives/<creative_id>/prints")
def creative_prints(creative_id: str) -> ResponseReturnValue:
    found = the_creative(creative_id)
    return show("prints.html", form=Form({**_NEW, "language": found.languages[0]}), **_page(found))


@page("/library/creatives/<creative_id>/prints/list")
def creative_prints_list(creative_id: str) -> ResponseReturnValue:
    """The part of the page that htmx asks for again while the press runs."""
    found = the_creative(creative_id)
    return show("prints_list.html", creative=found, orders=_orders(found))


@page("/library/creatives/<creative_id>/prints", "editor", methods=["POST"])
def order_creative_prints(creative_id: str) -> ResponseReturnValue:
    found, form = the_creative(creative_id), Form.sent(names={"locations": "locations", "area": "area"})
    form.require("campaign")
    if form.text("where") == "area":
        form.require("area")
    ordered = form.attempt(lambda: _order(form, found))
    if ordered is None:
        return again("prints.html", form, **_page(found))
    return done(_("The prints are being made."), "creative_prints", creative_id=creative_id)


def _order(form: Form, creative: Creative) -> PrintOrder:
    s, by = services(), g.principal
    with s.db.read() as db:
        campaign = playlists.campaign(db, form.text("campaign"))
    if campaign is None:
        raise NotFound(_("It does not exist, or it lies outside your area."))
    see(campaign.owner_path)
    chosen = Where(area=form.text("area")) if form.text("where") == "area" else Where(tuple(form.several("locations")))
    asked: dict[str, Any] = {"creative": creative.id, "campaign": campaign, "channel": form.text("channel")}
    asked |= {"where": chosen, "wish": _wish(form), "by": by, "now": s.clock.now()}
    return s.db.write(lambda db: order_prints(db, **asked))


def _wish(form: Form) -> prints.PrintWish:
    return prints.PrintWish(
        paper=form.text("paper"),
        is_landscape=form.text("layout") == "landscape",
        has_bleed=form.ticked("bleed"),
        has_marks=form.ticked("marks"),
        is_merged=form.ticked("merged"),
        language=form.maybe("language"),
    )


@page("/prints/<order_id>/file", cache=Cache.PRIVATE)
def print_file(order_id: str) -> ResponseReturnValue:
    """What was printed, to keep."""
    with services().db.read() as db:
        found = queries.print_order(db, order_id)
    if found is None:
        raise NotFound(_("It does not exist, or it lies outside your area."))
    see(found.area_path)
    if found.sha256 is None or found.mime is None:
        raise Conflict(_("There is no file yet. Wait until it is ready."))
    return attachment(store_of(services().settings).originals, found.sha256, found.mime, prints.file_name(found))


@dataclass(frozen=True)
class Orders:
    """What was ordered of one creative, the newest first."""

    rows: list[PrintOrder]

    @property
    def done(self) -> bool:
        return all(row.state in ("ready", "failed") for row in self.rows)


def _orders(creative: Creative) -> Orders:
    with services().db.read() as db:
        return Orders(list(queries.print_orders(db, g.principal.scope("viewer"), creative.id)))


def _page(creative: Creative) -> dict[str, object]:
    with services().db.read() as db:
        scope = g.principal.scope("editor")
        campaigns = playlists.campaigns(db, g.principal.scope("viewer"))
        areas, locations = places.areas(db, scope), places.locations(db, scope, limit=prints.MOST_SINGLE)
    named = dict(channels())
    return {
        "creative": creative,
        "orders": _orders(creative),
        "papers": [(each.value, paper_name(each)) for each in Paper],
        "channels": [(key, named[key]) for key in PRINTED],
        "campaigns": [("", _("Choose a campaign")), *((one.id, one.name) for one in campaigns)],
        "areas": [("", _("Choose an area")), *area_options(areas)],
        "locations": [(one.code, f"{one.name} ({one.code})") for one in locations],
        "soft_dpi": SOFT_DPI,
    }
