"""The library: files that came in, and the creatives made of them."""

from flask import g, redirect, request
from flask.typing import ResponseReturnValue

from console.campaigns import owner_areas
from console.forms import Form
from console.pages import again, done, must, page, see, show
from console.paging import paged
from console.uploads import note_upload, unfinished
from core.errors import NotFound
from core.http import Cache
from core.i18n import gettext as _
from core.services import services
from media import queries
from media.actions import take_pages
from media.cards import file_url
from media.models import Asset


@page("/library")
def library() -> ResponseReturnValue:
    """Creatives first: they are what shows; ``?show=files`` is what they are made of."""
    files, scope = request.args.get("show") == "files", g.principal.scope("viewer")
    with services().db.read() as db:
        found = queries.assets(db, scope) if files else queries.creatives(db, scope)
    page, areas = paged(list(found), 24), owner_areas("editor")
    return show("library.html", files=files, page=page, areas=areas, unfinished=unfinished())


@page("/library/files/<asset_id>")
def asset(asset_id: str) -> ResponseReturnValue:
    found = the_asset(asset_id)
    with services().db.read() as db:
        uses = [one for one in queries.creatives(db, g.principal.scope("viewer")) if one.asset_id == asset_id]
    return show("asset.html", form=Form(), asset=found, uses=uses)


@page("/library/files/<asset_id>/state")
def asset_state(asset_id: str) -> ResponseReturnValue:
    """The part of the page that htmx asks for again while the file is being prepared."""
    return show("asset_state.html", asset=the_asset(asset_id))


@page("/library/files/<asset_id>/pages", "editor", methods=["POST"])
def take_asset_pages(asset_id: str) -> ResponseReturnValue:
    """Chosen pages of a document become files of their own."""
    s, found, form, by = services(), the_asset(asset_id), Form.sent(), g.principal
    must("editor", found.owner_path)
    pages = [int(text) for text in form.several("pages") if text.isascii() and text.isdigit() and len(text) < 6]
    made = form.attempt(lambda: take_pages(s, asset_id, pages, by=by.id))
    if made is None:
        return again("asset.html", form, asset=found, uses=[])
    now, path = s.clock.now(), found.owner_path
    for one in made:
        note_upload(one, path, now)
    return done(_("%(n)s pages are in the library.", n=len(made)), "library", show="files")


@page("/library/files/<asset_id>/picture", cache=Cache.PRIVATE)
def asset_picture(asset_id: str) -> ResponseReturnValue:
    """The file's upright, clean picture; what an operator uploaded is never sent as it came."""
    found = the_asset(asset_id)
    if found.master_sha256 is None or found.master_mime is None:
        raise NotFound(_("There is no picture of this file yet."))
    return redirect(file_url(found.master_sha256, found.master_mime))


def the_asset(asset_id: str) -> Asset:
    """The asset, if this person may see it."""
    with services().db.read() as db:
        found = queries.asset(db, asset_id)
    if found is None:
        raise NotFound(_("It does not exist, or it lies outside your area."))
    see(found.owner_path)
    return found
