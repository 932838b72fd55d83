"""Ordering prints: a creative on paper for some places, each copy with a code of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from core.errors import Conflict, FieldError, Invalid, NotFound
from core.ids import new_id
from core.jobs import enqueue
from media import queries
from media.models import Creative, PrintOrder
from media.paper import Paper, Sheet

PDF, ZIP = "application/pdf", "application/zip"
FILE_TYPES = (PDF, ZIP)
MOST_MERGED = 500  # pages of one file
MOST_SINGLE = 200  # files, each with the picture in it


@dataclass(frozen=True, slots=True)
class CopyFor:
    """One copy: the place where it will hang or be handed out, and the code of its link."""

    location: str
    name: str
    code: str


@dataclass(frozen=True, slots=True)
class PrintWish:
    """What to print. `language` None is the creative's first; `is_merged` makes one file instead of one a copy."""

    paper: str = "A4"
    is_landscape: bool = False
    has_bleed: bool = False
    has_marks: bool = False
    is_merged: bool = False
    language: str | None = None


def check_print(s: Session, creative_id: str, wish: PrintWish, copies: int) -> Creative:
    """The creative, if it can be printed like this. Raises NotFound, Conflict, or Invalid with every fault."""
    creative = queries.creative(s, creative_id)
    if creative is None or creative.id == queries.BUILTIN:
        raise NotFound("There is no such creative")
    if creative.withdrawn_at is not None:
        raise Conflict("The creative was withdrawn")
    if faults := _faults(creative, wish, copies):
        raise Invalid(faults)
    return creative


def _faults(creative: Creative, wish: PrintWish, copies: int) -> list[FieldError]:
    faults: list[FieldError] = []
    if wish.paper not in set(Paper):
        faults.append(("paper", f"must be one of {', '.join(Paper)}"))
    if wish.language is not None and wish.language not in creative.languages:
        faults.append(("language", f"must be one of {', '.join(creative.languages)}"))
    if creative.qr_corner is None:
        faults.append(("creative", "has no place for a QR code, so nothing that it brings could be counted"))
    most = MOST_MERGED if wish.is_merged else MOST_SINGLE
    if not 1 <= copies <= most:
        faults.append(("locations", f"from 1 to {most} places can be printed at once; these are {copies}"))
    return faults


def order_print(
    s: Session,
    creative: Creative,
    wish: PrintWish,
    copies: Sequence[CopyFor],
    *,
    campaign: str,
    channel: str,
    area_path: str,
    by: str,
    now: datetime,
) -> PrintOrder:
    """Has the job process print what :func:`check_print` let pass."""
    order = PrintOrder(
        id=new_id("prt"),
        creative_id=creative.id,
        campaign=campaign,
        channel=channel,
        area_path=area_path,
        language=wish.language or creative.languages[0],
        paper=wish.paper,
        is_landscape=wish.is_landscape,
        has_bleed=wish.has_bleed,
        has_marks=wish.has_marks,
        is_merged=wish.is_merged,
        copies=[asdict(copy) for copy in copies],
        state="waiting",
        cut=[],
        created_by=by,
        created_at=now,
    )
    s.add(order)
    s.flush()
    enqueue(s, "media.print", {"order_id": order.id}, key=f"print:{order.id}", now=now)
    return order


def sheet_of(order: PrintOrder) -> Sheet:
    """The sheet that was ordered."""
    return Sheet(Paper(order.paper), order.is_landscape, order.has_bleed, order.has_marks)


def file_name(order: PrintOrder) -> str:
    """What the file is called once it is fetched."""
    where = order.copies[0]["location"] if len(order.copies) == 1 else f"{len(order.copies)}"
    return f"{order.channel}-{order.paper}-{where}.{'zip' if order.mime == ZIP else 'pdf'}"
