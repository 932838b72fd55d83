"""Assets: pictures, films and documents as they were brought, judged before they are kept."""

from datetime import datetime

from flask import Response, request
from msgspec import Struct
from sqlalchemy.orm import Session

from api import refs
from api.kit import Listing, Page, call, change, in_order, newest, reply
from core.services import services
from media import actions, queries
from media.intake import MOST_BYTES
from media.models import Asset
from media.multipart import read_upload
from media.store import store_of
from people.actions import audit
from people.guards import principal
from people.roles import Principal

FORM = {
    "type": "object",
    "required": ["file"],
    "properties": {
        "file": {"type": "string", "contentMediaType": "application/octet-stream"},
        "owner_area": {"type": "string", "description": "may be left out by who works in one area"},
    },
}


class AssetOut(Struct, kw_only=True):
    """An asset. `sha256` is of the bytes as they came; sizes are in pixels, times in milliseconds."""

    id: str
    sha256: str
    name: str
    kind: str
    mime: str
    bytes: int
    width: int
    height: int
    duration_ms: int | None
    pages: int | None
    page: int
    state: str
    problem: str | None
    owner_area_path: str
    created_at: datetime


@call("GET", "/assets", tag="Media", role="viewer", query=Listing, answers=Page[AssetOut])
def list_assets(query: Listing) -> Response:
    """List the assets of your areas, the newest first."""
    with services().db.read() as s:
        rows = queries.assets(s, principal().scope("viewer"))
    return in_order(rows, lambda row: newest(row.created_at, row.id), asset_out)


@call(
    "POST",
    "/assets",
    tag="Media",
    role="editor",
    answers=AssetOut,
    status=201,
    also=200,
    upload=FORM,
    refuses=(404,),
)
def upload_asset() -> Response:
    """Upload a file.

    The same bytes again are the same asset of their area, answered with 200."""
    s, who = services(), principal()
    store = store_of(s.settings)
    upload = read_upload(request.environ, store.drafts, most_bytes=max(MOST_BYTES.values()))
    try:
        with s.db.read() as session:
            owner = refs.owner(session, who, "editor", upload.fields.get("owner_area"))
        made, is_new = actions.receive_upload(s, upload.draft, name=upload.name, owner_path=owner, by=who.id)
    finally:
        upload.draft.discard()
    if is_new:
        change(lambda session, by, now: _note(session, by, made, now))
    return reply(asset_out(made), 201 if is_new else 200)


@call("GET", "/assets/<ref>", tag="Media", role="viewer", answers=AssetOut, refuses=(404,))
def get_asset(ref: str) -> AssetOut:
    """Read what is known of an asset."""
    with services().db.read() as s:
        return asset_out(refs.asset(s, principal(), "viewer", ref))


def asset_out(row: Asset) -> AssetOut:
    """As it is shown."""
    same = {name: getattr(row, name) for name in AssetOut.__struct_fields__ if name != "owner_area_path"}
    return AssetOut(owner_area_path=row.owner_path, **same)


def _note(s: Session, who: Principal, made: Asset, now: datetime) -> None:
    audit(s, who, "asset.create", "asset", made.id, made.owner_path, {"sha256": made.sha256}, now=now)
