"""Taking files in: in pieces that survive a cut connection (tus 1.0.0), or as a plain form."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from flask import Response, g, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage

from console import notices
from console.pages import done, must, page, route, show
from console.refusals import say
from core.errors import NotFound, Problem
from core.i18n import gettext as _
from core.services import services
from media import queries, tus_doors
from media import uploads as pieces
from media.actions import receive_upload
from media.intake import MOST_UPLOAD
from media.models import Asset, Upload
from media.shelf import Draft
from media.store import store_of
from media.tus_doors import speaking_tus
from media.upkeep import Quota
from people.actions import audit
from people.guards import signed_in
from places import queries as places

PIECE = 1 << 18
MOST_AT_ONCE = MOST_UPLOAD + 1_000_000


@route("/library/uploads", "operator", speaking_tus(signed_in("editor")), ["POST"])
def begin_upload() -> ResponseReturnValue:
    """An upload to which the page's script sends pieces."""
    wish, by = tus_doors.wish(), g.principal
    path = owner_path_of(wish.facts.get("owner_area", ""))
    made = pieces.begin(services(), wish, owner_path=path, by=by.id, quotas=quotas_of(path))
    return tus_doors.begun(made, url_for("console.upload_piece", upload_id=made.id))


@route("/library/uploads/<upload_id>", "operator", speaking_tus(signed_in("editor")), ["HEAD", "PATCH", "DELETE"])
def upload_piece(upload_id: str) -> ResponseReturnValue:
    """How much is here; a piece more; or none of it is wanted any longer."""
    answers = {"HEAD": tus_doors.where, "PATCH": tus_doors.piece, "DELETE": tus_doors.removed}
    return answers[request.method](_mine(upload_id))


@route("/library/uploads/<upload_id>/asset", "operator", signed_in("editor"), ["POST"])
def finish_upload(upload_id: str) -> ResponseReturnValue:
    """What was made of an upload that is whole, as a line for the page's list."""

    def take_in() -> tuple[Asset, bool]:
        made, is_new = pieces.take_in(services(), _mine(upload_id))
        if is_new:
            note_upload(made, made.owner_path, services().clock.now())
        return made, is_new

    return _line_of(take_in)


@page("/library/uploads/<upload_id>/remove", "editor", methods=["POST"])
def remove_upload(upload_id: str) -> ResponseReturnValue:
    found = _mine(upload_id)
    pieces.remove(services(), found)
    return done(_("%(name)s is no longer being uploaded.", name=found.name), "library")


def _mine(upload_id: str) -> Upload:
    found = pieces.the_upload(services(), upload_id, g.principal.id)
    must("editor", found.owner_path)
    return found


@dataclass(frozen=True)
class Unfinished:
    """An upload that was cut off; `here` of its bytes have come."""

    upload: Upload
    here: int

    @property
    def percent(self) -> int:
        return 100 * self.here // self.upload.length


def unfinished() -> list[Unfinished]:
    """What this person has begun to upload and not finished."""
    s, now = services(), services().clock.now()
    with s.db.read() as db:
        found = queries.uploads_of(db, g.principal.id)
    return [Unfinished(one, pieces.offset(s, one)) for one in found if one.expires_at > now]


@dataclass(frozen=True)
class roomy:
    """Lets a body of files in before the guard reads the form's token."""

    guard: Callable[[], None]
    most_bytes: int = MOST_AT_ONCE

    def __call__(self) -> None:
        request.max_content_length = self.most_bytes
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
    def first() -> tuple[Asset, bool]:
        if not files:
            raise NotFound(_("Choose a file first."))
        return take_in(files[0], path)

    return _line_of(first)


def _line_of(take_in: Callable[[], tuple[Asset, bool]]) -> Response:
    try:
        made, is_new = take_in()
    except Problem as refusal:
        return make_response(show("upload_line.html", refusal=refusal), refusal.status)
    return make_response(show("upload_line.html", asset=made, is_new=is_new, refusal=None), 201 if is_new else 200)


def _upload_and_say(file: FileStorage, path: str) -> None:
    try:
        made, _is_new = take_in(file, path)
        notices.say(_("%(name)s is in the library.", name=made.name))
    except Problem as refusal:
        notices.say(f"{file.filename}: {say(refusal.detail or refusal.title)}", "bad")


def take_in(file: FileStorage, path: str) -> tuple[Asset, bool]:
    """The asset made of a file from a form, and whether it is new. Raises as `receive_upload` does."""
    s, by = services(), g.principal
    draft = Draft(store_of(s.settings).drafts, MOST_UPLOAD)
    try:
        while piece := file.stream.read(PIECE):
            draft.write(piece)
        name, quotas = file.filename or "", quotas_of(path)
        made, is_new = receive_upload(s, draft, name=name, owner_path=path, by=by.id, quotas=quotas)
    finally:
        draft.discard()
        file.close()
    if is_new:
        note_upload(made, path, s.clock.now())
    return made, is_new


def quotas_of(path: str) -> list[Quota]:
    """How many bytes of media may be kept within this area and those above it."""
    with services().db.read() as db:
        return [Quota.of(area_path, mb) for area_path, mb in places.settings(db, path, Quota.SETTING)]


def note_upload(made: Asset, path: str, now: datetime) -> None:
    """The line in the audit log."""
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
