"""What the programme must know of media's creatives; the only place in this room that reads them."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.errors import NotFound
from core.paths import within
from media import queries as pictures
from media.models import Creative
from playlists.forms import Faults
from playlists.programme import BUILTIN, CreativeFacts


def creative_facts(s: Session, at: datetime | None = None) -> dict[str, CreativeFacts]:
    """Every creative as the resolver sees it; what was withdrawn after ``at`` had not been withdrawn then."""
    return {row.id: _facts(row, at) for row in s.scalars(select(Creative).order_by(Creative.id))}


def _facts(row: Creative, at: datetime | None) -> CreativeFacts:
    gone = row.withdrawn_at
    if gone is not None and at is not None and gone > at:
        gone = None
    return CreativeFacts(row.id, row.duration_ms, row.languages, gone, row.name)


def creative_names(s: Session, ids: Iterable[str]) -> dict[str, str]:
    """The names of these creatives."""
    rows = s.execute(select(Creative.id, Creative.name).where(Creative.id.in_(sorted(ids))))
    return {row.id: row.name for row in rows}


def owner_of(s: Session, creative_id: str) -> str:
    """The path of the area whose creative it is. Raises NotFound."""
    found = s.get(Creative, creative_id)
    if found is None:
        raise NotFound(f"There is no creative {creative_id!r}")
    return found.owner_path


def keeps_a_code(s: Session, creative_id: str) -> bool:
    """Whether a creative that exists keeps a place free for a QR code."""
    return s.get_one(Creative, creative_id).qr_corner is not None


def check_creatives(s: Session, faults: Faults, ids: Iterable[str], owner_path: str, field: str = "creatives") -> None:
    """Each exists, is at hand for this owner, and may be shown."""
    for creative_id in ids:
        found = s.get(Creative, creative_id)
        if found is None or found.id == BUILTIN:
            faults.add(field, f"there is no creative {creative_id!r}")
            continue
        near = within(found.owner_path, owner_path) or within(owner_path, found.owner_path)
        faults.check(near, field, f"{creative_id!r} belongs to another area")
        faults.check(found.withdrawn_at is None, field, f"{creative_id!r} has been withdrawn")
        readable = not pictures.is_refused(s, creative_id)
        faults.check(readable, field, f"{creative_id!r} was refused by the scan gate: phones cannot read its code")
