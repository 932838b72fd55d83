"""The library: files that came in, and the creatives made of them."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import g, redirect, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from console.campaigns import owner_areas
from console.changes import Line, change
from console.forms import Form
from console.pages import again, done, must, page, see, show
from console.paging import paged
from console.uploads import note_upload, quotas_of, unfinished
from core.errors import NotFound
from core.http import Cache
from core.i18n import gettext as _
from core.services import services
from media import queries, upkeep
from media.actions import take_pages
from media.cards import file_url
from media.models import Asset


@page("/library")
def library() -> ResponseReturnValue:
    """Creatives first: they are what shows; ``?show=files`` is what they are made of."""
    shown, scope = request.args.get("show", ""), g.principal.scope("viewer")
    listed = {"files": queries.assets, "retired": queries.retired_assets}.get(shown, queries.creatives)
    with services().db.read() as db:
        page = paged(list(listed(db, scope)), 24)
    more = {"areas": owner_areas("editor"), "unfinished": unfinished(), "rooms": rooms()}
    return show("library.html", shown=shown, files=listed is not queries.creatives, page=page, **more)


@dataclass(frozen=True)
class Room:
    """How much of its quota an area has used, in bytes."""

    area_path: str
    used: int
    most: int


def rooms() -> list[Room]:
    """The quotas that bind this person's uploads."""
    quotas = {quota for path in g.principal.scope("editor") for quota in quotas_of(path)}
    with services().db.read() as db:
        return [
            Room(quota.area_path, queries.bytes_used(db, quota.area_path), quota.most_bytes)
            for quota in sorted(quotas, key=lambda quota: quota.area_path)
        ]


@page("/library/files/<asset_id>")
def asset(asset_id: str) -> ResponseReturnValue:
    return show("asset.html", form=Form(), **_asset_page(asset_id))


def _asset_page(asset_id: str) -> dict[str, object]:
    found = the_asset(asset_id)
    with services().db.read() as db:
        uses = [one for one in queries.creatives(db, g.principal.scope("viewer")) if one.asset_id == asset_id]
    gone_at = found.retired_at and found.retired_at + upkeep.RETIRED_KEPT
    return {"asset": found, "uses": uses, "gone_at": gone_at}


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
        return again("asset.html", form, **_asset_page(asset_id))
    now, path = s.clock.now(), found.owner_path
    for one in made:
        note_upload(one, path, now)
    return done(_("%(n)s pages are in the library.", n=len(made)), "library", show="files")


@page("/library/files/<asset_id>/retire", "editor", methods=["POST"])
def retire_asset(asset_id: str) -> ResponseReturnValue:
    """Out of the library; for thirty days it can be brought back."""
    now = services().clock.now()
    return _kept(asset_id, "retire", lambda db: upkeep.retire_asset(db, asset_id, now=now), _("It has been retired."))


@page("/library/files/<asset_id>/restore", "editor", methods=["POST"])
def restore_asset(asset_id: str) -> ResponseReturnValue:
    quotas = quotas_of(the_asset(asset_id).owner_path)
    said = _("It is back in the library.")
    return _kept(asset_id, "restore", lambda db: upkeep.restore_asset(db, asset_id, quotas=quotas), said)


def _kept(asset_id: str, verb: str, work: Callable[[Session], Asset], said: str) -> ResponseReturnValue:
    found, form = the_asset(asset_id), Form.sent()
    must("editor", found.owner_path)
    line = Line(f"asset.{verb}", "asset", found.id, found.owner_path, {"name": found.name})
    if form.attempt(lambda: change(lambda db, _now: work(db), line)) is None:
        return again("asset.html", form, **_asset_page(asset_id))
    return done(said, "asset", asset_id=asset_id)


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
