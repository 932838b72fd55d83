"""Prints: posters and leaflets as print-ready PDF, each copy with a tracked code of its own."""

from datetime import datetime
from typing import Annotated, Any

from flask import Response
from msgspec import Meta, Struct
from sqlalchemy.orm import Session

from api import refs
from api.kit import Listing, Page, call, change, in_order, newest
from api.shapes import Codes
from core.errors import Conflict
from core.services import services
from measure.channels import PRINTED
from media import prints, queries
from media.models import PrintOrder
from media.store import store_of
from media.views import attachment
from people.guards import principal
from people.roles import Principal
from playlists.actions import Where, order_prints

PaperSize = Annotated[str, Meta(pattern="^A[2-5]$", examples=["A4"])]
Channel = Annotated[str, Meta(pattern=f"^({'|'.join(PRINTED)})$", examples=["poster"])]


class PrintIn(Struct, kw_only=True, forbid_unknown_fields=True):
    """What to print, and for which places: `locations`, or all that are open in `area`.

    `bleed` adds 3 mm of picture on each side, `marks` the lines to cut along; `merged` makes one file with a page for
    each place instead of one file a place. `language` is the creative's first where it is left out."""

    creative: str
    campaign: str
    channel: Channel = "poster"
    paper: PaperSize = "A4"
    landscape: bool = False
    bleed: bool = False
    marks: bool = False
    merged: bool = False
    language: str | None = None
    locations: Codes | None = None
    area: str | None = None


class CopyOut(Struct):
    """One copy, and the code that its QR holds."""

    location: str
    name: str
    code: str


class PrintOut(Struct, kw_only=True):
    """An order. `printed` of `of` copies are done; `file_url` is there once it is `ready`.

    `reach_m` says from how far the code reads, `picture_dpi` how many of the picture's own pixels come to an inch,
    `cut` which texts had to be shortened."""

    id: str
    state: str
    creative: str
    campaign: str
    channel: str
    language: str
    paper: str
    landscape: bool
    bleed: bool
    marks: bool
    merged: bool
    copies: list[CopyOut]
    printed: int
    of: int
    reach_m: float | None
    picture_dpi: int | None
    cut: list[str]
    file_url: str | None
    bytes: int | None
    mime: str | None
    problem: str | None
    area_path: str
    created_at: datetime


class Prints(Listing, kw_only=True, forbid_unknown_fields=True):
    """Which prints: of one creative, or all."""

    creative: str | None = None


@call("GET", "/prints", tag="Media", role="viewer", query=Prints, answers=Page[PrintOut])
def list_prints(query: Prints) -> Response:
    """List what was printed for your areas in the last 30 days, the newest first."""
    with services().db.read() as s:
        rows = queries.print_orders(s, principal().scope("viewer"), query.creative)
    return in_order(rows, lambda row: newest(row.created_at, row.id), print_out)


@call("POST", "/prints", tag="Media", role="editor", body=PrintIn, answers=PrintOut, status=201, refuses=(404, 409))
def order_print(body: PrintIn) -> PrintOut:
    """Print a creative.

    The job process prints; ask again until the state is ready or failed. Every place gets the link of its own that
    this creative, campaign and channel have there, the same one each time."""

    def work(s: Session, who: Principal, now: datetime) -> PrintOrder:
        refs.creative(s, who, "viewer", body.creative)
        return order_prints(
            s,
            creative=body.creative,
            campaign=refs.campaign(s, who, "viewer", body.campaign),
            channel=body.channel,
            where=Where(tuple(body.locations or ()), body.area),
            wish=_wish(body),
            by=who,
            now=now,
        )

    return print_out(change(work))


@call("GET", "/prints/<ref>", tag="Media", role="viewer", answers=PrintOut, refuses=(404,))
def get_print(ref: str) -> PrintOut:
    """Read how far a print is."""
    with services().db.read() as s:
        return print_out(refs.print_order(s, principal(), "viewer", ref))


@call("GET", "/prints/<ref>/file", tag="Media", role="viewer", answers=prints.FILE_TYPES, refuses=(404, 409))
def get_print_file(ref: str) -> Response:
    """Fetch what was printed: a PDF, or a ZIP with one for each place."""
    with services().db.read() as s:
        found = refs.print_order(s, principal(), "viewer", ref)
    if found.sha256 is None or found.mime is None:
        raise Conflict(f"There is no file: the print is {found.state}")
    return attachment(store_of(services().settings).originals, found.sha256, found.mime, prints.file_name(found))


def print_out(row: PrintOrder) -> PrintOut:
    """As it is shown."""
    url = f"{services().settings.public_url}/api/v1/prints/{row.id}/file"
    renamed: dict[str, Any] = {
        "creative": row.creative_id,
        "landscape": row.is_landscape,
        "bleed": row.has_bleed,
        "marks": row.has_marks,
        "merged": row.is_merged,
        "copies": [CopyOut(**each) for each in row.copies],
        "of": len(row.copies),
        "file_url": url if row.state == "ready" else None,
    }
    same = {name: getattr(row, name) for name in PrintOut.__struct_fields__ if name not in renamed}
    return PrintOut(**renamed, **same)


def _wish(body: PrintIn) -> prints.PrintWish:
    return prints.PrintWish(
        paper=body.paper,
        is_landscape=body.landscape,
        has_bleed=body.bleed,
        has_marks=body.marks,
        is_merged=body.merged,
        language=body.language,
    )
