"""Uploads that may be cut off: the tus protocol 1.0.0, with the extensions creation, expiration, checksum, termination.

Any tus client works: point it at `/api/v1/uploads` with the key as a header. When the last byte is there,
`POST …/asset` makes the asset; until then nothing is known of the file but its head.
"""

from datetime import datetime

from flask import Response, request, url_for
from msgspec import Struct

from api import refs
from api.assets import AssetOut, asset_out, note_asset
from api.kit import Header, Listing, Page, blueprint, call, change, in_order, newest, reply
from core.http import Cache, answer, door
from core.services import services
from media import queries, tus_doors, uploads
from media.models import Upload
from media.tus import PIECE_TYPE
from media.tus_doors import speaking_tus
from people.guards import principal, require

VERSION = Header("Tus-Resumable", "1.0.0", needed=True)
BEGIN = (
    VERSION,
    Header("Upload-Length", "bytes of the whole file", needed=True),
    Header("Upload-Metadata", "filename, and owner_area where you work in several areas; values in base64"),
)
PIECE = (
    VERSION,
    Header("Upload-Offset", "where this piece begins: as many bytes as are there already", needed=True),
    Header("Upload-Checksum", "sha256, sha1 or md5 of the piece, a space, the digest in base64"),
)


class UploadOut(Struct, kw_only=True):
    """An upload under way; `asset` once it has been made. `offset` of `length` bytes are here."""

    id: str
    name: str
    length: int
    offset: int
    owner_area_path: str
    created_at: datetime
    expires_at: datetime
    asset: str | None


@blueprint.route("/uploads", methods=["OPTIONS"])
@door("public", guard=None, cache=Cache.NO_STORE)
def upload_abilities() -> Response:
    """What of the protocol is spoken here. It stands first, for Flask would answer OPTIONS by itself."""
    return tus_doors.abilities()


@call("GET", "/uploads", tag="Media", role="editor", query=Listing, answers=Page[UploadOut])
def list_uploads(query: Listing) -> Response:
    """List the uploads that this key has begun and not finished, the newest first."""
    with services().db.read() as s:
        rows = queries.uploads_of(s, principal().id)
    return in_order(rows, lambda row: newest(row.created_at, row.id), upload_out)


@call(
    "POST",
    "/uploads",
    tag="Media",
    role="editor",
    answers=None,
    status=201,
    headers=BEGIN,
    around=speaking_tus,
    refuses=(400, 404, 409, 412, 413, 422),
)
def begin_upload() -> Response:
    """Begin an upload that may be cut off and continued (tus 1.0.0).

    Location names it; pieces go there by PATCH. It is removed three days after its last piece."""
    s, who, wish = services(), principal(), tus_doors.wish()
    with s.db.read() as session:
        owner = refs.owner(session, who, "editor", wish.facts.get("owner_area") or None)
        quotas = refs.quotas(session, owner)
    made = uploads.begin(s, wish, owner_path=owner, by=who.id, quotas=quotas)
    return tus_doors.begun(made, url_for("api.get_upload", ref=made.id))


@call("GET", "/uploads/<ref>", tag="Media", role="editor", answers=UploadOut, around=speaking_tus, refuses=(404, 410))
def get_upload(ref: str) -> Response:
    """Read how much of an upload is here; HEAD says it in the protocol's headers."""
    found = _mine(ref)
    return tus_doors.where(found) if request.method == "HEAD" else answer(upload_out(found))


@call(
    "PATCH",
    "/uploads/<ref>",
    tag="Media",
    role="editor",
    answers=None,
    status=204,
    headers=PIECE,
    bytes_as=PIECE_TYPE,
    around=speaking_tus,
    refuses=(400, 404, 409, 410, 412, 413, 415, 422, 460),
)
def append_to_upload(ref: str) -> Response:
    """Send a piece of an upload. What has been answered is durable."""
    return tus_doors.piece(_mine(ref))


@call(
    "POST",
    "/uploads/<ref>",
    tag="Media",
    role="editor",
    answers=None,
    status=204,
    headers=(Header("X-HTTP-Method-Override", "PATCH, DELETE or HEAD", needed=True), *PIECE),
    bytes_as=PIECE_TYPE,
    around=speaking_tus,
    refuses=(400, 404, 409, 410, 412, 413, 415, 422, 460),
)
def overridden_upload(ref: str) -> Response:
    """The same where a proxy lets no other method through."""
    return tus_doors.overridden(_mine(ref))


@call(
    "DELETE",
    "/uploads/<ref>",
    tag="Media",
    role="editor",
    answers=None,
    status=204,
    headers=(VERSION,),
    around=speaking_tus,
    refuses=(404, 410, 412),
)
def remove_upload(ref: str) -> Response:
    """Give an upload up; what came of it is removed."""
    return tus_doors.removed(_mine(ref))


@call(
    "POST",
    "/uploads/<ref>/asset",
    tag="Media",
    role="editor",
    answers=AssetOut,
    status=201,
    also=200,
    refuses=(404, 409, 410, 413, 415, 422),
)
def finish_upload(ref: str) -> Response:
    """Make the asset of an upload that is whole.

    200 where these bytes were an asset already, also when asked again; 409 while bytes are missing."""
    made, is_new = uploads.take_in(services(), _mine(ref))
    if is_new:
        change(lambda session, by, now: note_asset(session, by, made, now))
    return reply(asset_out(made), 201 if is_new else 200)


def upload_out(row: Upload) -> UploadOut:
    """As it is shown."""
    own = ("offset", "asset", "owner_area_path")
    same = {name: getattr(row, name) for name in UploadOut.__struct_fields__ if name not in own}
    offset = uploads.offset(services(), row)
    return UploadOut(offset=offset, asset=row.asset_id, owner_area_path=row.owner_path, **same)


def _mine(ref: str) -> Upload:
    """The upload that the asker has begun, where the role still holds. NotFound, Forbidden, Gone."""
    found = uploads.the_upload(services(), ref, principal().id)
    require("editor", found.owner_path)
    return found
