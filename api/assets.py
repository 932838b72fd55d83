"""Assets: pictures, films and documents as they were brought, judged before they are kept."""

from datetime import datetime
from typing import Annotated

from flask import Response, request
from msgspec import Meta, Struct
from sqlalchemy.orm import Session

from api import refs
from api.kit import Listing, Page, call, change, in_order, newest, reply
from core.paths import ROOT
from core.services import services
from media import actions, queries, upkeep
from media.intake import MOST_BYTES
from media.models import Asset
from media.multipart import read_upload
from media.store import store_of
from people.actions import audit
from people.guards import principal, require
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


class Pages(Struct, forbid_unknown_fields=True):
    """Which pages, counted from 1."""

    pages: Annotated[list[Annotated[int, Meta(ge=1, le=10_000)]], Meta(min_length=1, max_length=100)]


class Assets(Listing, kw_only=True, forbid_unknown_fields=True):
    """Those in the library, or those that were retired from it."""

    retired: bool = False


class Sweep(Struct, kw_only=True):
    """The last sweep, null before the first: files removed, and files that nothing refers to but that still wait."""

    at: datetime | None = None
    removed: int = 0
    waiting: int = 0


@call("GET", "/assets", tag="Media", role="viewer", query=Assets, answers=Page[AssetOut])
def list_assets(query: Assets) -> Response:
    """List the assets of your areas, the newest first.

    With `retired=true` those that were taken out of the library."""
    found = queries.retired_assets if query.retired else queries.assets
    with services().db.read() as s:
        rows = found(s, principal().scope("viewer"))
    return in_order(sorted(rows, key=_order), _order, asset_out)


def _order(row: Asset) -> str:
    return newest(row.created_at, row.id)


@call("GET", "/assets/sweep", tag="Media", role="admin", answers=Sweep)
def last_sweep() -> Sweep:
    """Read what the last sweep for files that nothing refers to has found."""
    require("admin", ROOT)
    found = upkeep.last_sweep(services())
    return Sweep(at=found.at, removed=found.removed, waiting=found.waiting) if found else Sweep()


@call("POST", "/assets/sweep", tag="Media", role="admin", answers=None, status=204)
def ask_for_sweep() -> None:
    """Have files removed that nothing has referred to for a week.

    It happens once a day by itself; what a creative or a picture on a screen needs is never touched."""
    require("admin", ROOT)

    def work(s: Session, who: Principal, now: datetime) -> None:
        actions.ask_for_sweep(s, now=now)
        audit(s, who, "media.sweep", "media", "shelf", ROOT, now=now)

    change(work)


@call(
    "POST",
    "/assets",
    tag="Media",
    role="editor",
    answers=AssetOut,
    status=201,
    also=200,
    upload=FORM,
    refuses=(404, 409),
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
            quotas = refs.quotas(session, owner)
        made, is_new = actions.receive_upload(
            s, upload.draft, name=upload.name, owner_path=owner, by=who.id, quotas=quotas
        )
    finally:
        upload.draft.discard()
    if is_new:
        change(lambda session, by, now: note_asset(session, by, made, now))
    return reply(asset_out(made), 201 if is_new else 200)


@call("GET", "/assets/<ref>", tag="Media", role="viewer", answers=AssetOut, refuses=(404,))
def get_asset(ref: str) -> AssetOut:
    """Read what is known of an asset."""
    with services().db.read() as s:
        return asset_out(refs.asset(s, principal(), "viewer", ref))


@call(
    "POST",
    "/assets/<ref>/pages",
    tag="Media",
    role="editor",
    body=Pages,
    answers=Page[AssetOut],
    status=201,
    refuses=(404,),
)
def take_pages(ref: str, body: Pages) -> dict[str, object]:
    """Make assets of a document's pages."""
    s, who = services(), principal()
    with s.db.read() as session:
        refs.asset(session, who, "editor", ref)
    made = actions.take_pages(s, ref, body.pages, by=who.id)

    def note(session: Session, by: Principal, now: datetime) -> None:
        for each in made:
            note_asset(session, by, each, now)

    change(note)
    return {"items": [asset_out(each) for each in made], "next": None}


@call("DELETE", "/assets/<ref>", tag="Media", role="editor", answers=AssetOut, refuses=(404, 409))
def retire_asset(ref: str) -> AssetOut:
    """Take an asset out of the library.

    For thirty days it can be restored. 409 while a creative shows it."""

    def work(s: Session, who: Principal, now: datetime) -> Asset:
        refs.asset(s, who, "editor", ref)
        found = upkeep.retire_asset(s, ref, now=now)
        audit(s, who, "asset.retire", "asset", ref, found.owner_path, now=now)
        return found

    return asset_out(change(work))


@call("POST", "/assets/<ref>/restore", tag="Media", role="editor", answers=AssetOut, refuses=(404, 409))
def restore_asset(ref: str) -> AssetOut:
    """Put a retired asset back into the library."""

    def work(s: Session, who: Principal, now: datetime) -> Asset:
        held = refs.asset(s, who, "editor", ref)
        found = upkeep.restore_asset(s, ref, quotas=refs.quotas(s, held.owner_path))
        audit(s, who, "asset.restore", "asset", ref, found.owner_path, now=now)
        return found

    return asset_out(change(work))


def asset_out(row: Asset) -> AssetOut:
    """As it is shown."""
    same = {name: getattr(row, name) for name in AssetOut.__struct_fields__ if name != "owner_area_path"}
    return AssetOut(owner_area_path=row.owner_path, **same)


def note_asset(s: Session, who: Principal, made: Asset, now: datetime) -> None:
    """The line in the audit log."""
    audit(s, who, "asset.create", "asset", made.id, made.owner_path, {"sha256": made.sha256}, now=now)
