"""The library: files that came in, and the creatives made of them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from flask import Response, g, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage

from console import notices
from console.campaigns import owner_areas
from console.forms import Form
from console.pages import again, done, must, page, route, see, show
from console.paging import paged
from console.refusals import say
from core.errors import NotFound, Problem
from core.http import Cache
from core.i18n import gettext as _
from core.services import services
from media import queries
from media.actions import receive_upload, take_pages
from media.cards import file_url
from media.intake import MOST_UPLOAD
from media.models import Asset
from media.shelf import Draft
from media.store import store_of
from people.actions import audit
from people.guards import signed_in
from places import queries as places

PIECE = 1 << 18
MOST_AT_ONCE = MOST_UPLOAD + 1_000_000


@page("/library")
def library() -> ResponseReturnValue:
    """Creatives first: they are what shows; ``?show=files`` is what they are made of."""
    files, scope = request.args.get("show") == "files", g.principal.scope("viewer")
    with services().db.read() as db:
        found = queries.assets(db, scope) if files else queries.creatives(db, scope)
    return show("library.html", files=files, page=paged(list(found), 24), areas=owner_areas("editor"))


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
        _audit_upload(one, path, now)
    return done(_("%(n)s pages are in the library.", n=len(made)), "library", show="files")


@page("/library/files/<asset_id>/picture", cache=Cache.PRIVATE)
def asset_picture(asset_id: str) -> ResponseReturnValue:
    """The file's upright, clean picture; what an operator uploaded is never sent as it came."""
    found = the_asset(asset_id)
    if found.master_sha256 is None or found.master_mime is None:
        raise NotFound(_("There is no picture of this file yet."))
    return redirect(file_url(found.master_sha256, found.master_mime))


@dataclass(frozen=True)
class roomy:
    """Lets a body of files in before the guard reads the form's token."""

    guard: Callable[[], None]

    def __call__(self) -> None:
        request.max_content_length = MOST_AT_ONCE
        self.guard()


@route("/library/upload", "operator", roomy(signed_in("editor")), ["POST"])
def upload() -> ResponseReturnValue:
    """One file from the page's own script, which is answered with a line for its list; or several from a plain form."""
    files, path = (
        [file for file in request.files.getlist("file") if file.filename],
        owner_path_of(request.form.get("owner_area", "")),
    )
    if "HX-Request" in request.headers:
        return _uploaded_line(files, path)
    if not files:
        notices.say(_("Choose a file first."), "warn")
    for file in files:
        _upload_and_say(file, path)
    return make_response(redirect(url_for("console.library", show="files"), 303))


def _uploaded_line(files: list[FileStorage], path: str) -> Response:
    try:
        if not files:
            raise NotFound(_("Choose a file first."))
        made, is_new = _take_in(files[0], path)
    except Problem as refusal:
        return make_response(show("upload_line.html", refusal=refusal), refusal.status)
    return make_response(show("upload_line.html", asset=made, is_new=is_new, refusal=None), 201 if is_new else 200)


def _upload_and_say(file: FileStorage, path: str) -> None:
    try:
        made, _is_new = _take_in(file, path)
        notices.say(_("%(name)s is in the library.", name=made.name))
    except Problem as refusal:
        notices.say(f"{file.filename}: {say(refusal.detail or refusal.title)}", "bad")


def _take_in(file: FileStorage, path: str) -> tuple[Asset, bool]:
    s, by = services(), g.principal
    draft = Draft(store_of(s.settings).drafts)
    while piece := file.stream.read(PIECE):
        draft.write(piece)
    made, is_new = receive_upload(s, draft, name=file.filename or "", owner_path=path, by=by.id)
    if is_new:
        _audit_upload(made, path, s.clock.now())
    return made, is_new


def _audit_upload(made: Asset, path: str, now: datetime) -> None:
    by, detail = g.principal, {"name": made.name, "sha256": made.sha256}
    services().db.write(lambda db: audit(db, by, "asset.upload", "asset", made.id, path, detail, now=now))


def owner_path_of(code: str) -> str:
    """The path of the area that a form names; without one, the first in which this person edits."""
    if not code:
        return str(g.principal.scope("editor")[0])
    with services().db.read() as db:
        area = places.area(db, code)
    if area is None:
        raise NotFound(_("It does not exist, or it lies outside your area."))
    must("editor", area.path)
    return area.path


def the_asset(asset_id: str) -> Asset:
    """The asset, if this person may see it."""
    with services().db.read() as db:
        found = queries.asset(db, asset_id)
    if found is None:
        raise NotFound(_("It does not exist, or it lies outside your area."))
    see(found.owner_path)
    return found
