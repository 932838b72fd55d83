"""The only SQL about encodings: what players decode, and renditions as they were encoded for these. Nothing commits."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from media.distance import Geometry
from media.models import Creative, Encoding, Rendition, WantedEncoding
from media.queries import geometries, renditions


def is_encoding_wanted(s: Session, width: int, height: int, accepts: str) -> bool:
    return s.get(WantedEncoding, (width, height, accepts)) is not None


def wanted_encodings(s: Session) -> list[tuple[int, int, str]]:
    """Each (width, height, type) that some player decodes."""
    found = select(WantedEncoding.width, WantedEncoding.height, WantedEncoding.accepts)
    return [(row.width, row.height, row.accepts) for row in s.execute(found.order_by(*found.selected_columns))]


def encodings(s: Session, creative_id: str) -> Sequence[Encoding]:
    """Of one creative, by shape and language; also those of pictures that were drawn anew since."""
    found = select(Encoding).where(Encoding.creative_id == creative_id)
    return s.scalars(found.order_by(Encoding.width, Encoding.height, Encoding.language, Encoding.accepts)).all()


def unencoded(s: Session, creative: Creative) -> list[tuple[Rendition, str]]:
    """Pictures of the present design that are still to be encoded for a type that is wanted on their shape."""
    have = {(row.language, row.width, row.height, row.accepts, row.of_sha256) for row in encodings(s, creative.id)}
    wanted = wanted_encodings(s)
    return [
        (row, accepts)
        for row in renditions(s, creative.id)
        for width, height, accepts in wanted
        if (row.width, row.height, row.design) == (width, height, creative.design)
        and row.mime.startswith("image/")
        and (row.language, width, height, accepts, row.sha256) not in have
    ]


def unjudged_encodings(s: Session, creative_id: str) -> list[tuple[Encoding, Rendition, list[Geometry | None]]]:
    """Encodings of what is shown now, with the geometries for which the gate has not judged them."""
    shown = {(row.language, row.width, row.height): row for row in renditions(s, creative_id)}
    found = []
    for row in encodings(s, creative_id):
        rendition = shown.get((row.language, row.width, row.height))
        if rendition is not None and rendition.sha256 == row.of_sha256:
            wanted: list[Geometry | None] = [None, *geometries(s, row.width, row.height)]
            if waiting := [one for one in wanted if (one.key if one else "") not in row.judged]:
                found.append((row, rendition, waiting))
    return found


def note_judged(s: Session, encoding: Encoding, verdicts: dict[str, str]) -> None:
    """Adds the gate's verdicts on an encoding, unless it has been made anew meanwhile."""
    key = (encoding.creative_id, encoding.language, encoding.width, encoding.height, encoding.accepts)
    held = s.get(Encoding, key)
    if held is not None and held.sha256 == encoding.sha256:
        held.judged = {**held.judged, **verdicts}


def ready_encodings(
    s: Session, of: Iterable[Rendition], accepts: str, geometry: Geometry | None = None
) -> dict[str, Encoding]:
    """What a player that decodes `accepts` is given in place of these renditions (of one shape), by their hash; nothing
    that the gate has not judged for this geometry, or has refused."""
    shown = {row.sha256: row for row in of}
    if not shown or not accepts:
        return {}
    shape = next(iter(shown.values()))
    found = select(Encoding).where(
        Encoding.creative_id.in_({row.creative_id for row in shown.values()}),
        Encoding.width == shape.width,
        Encoding.height == shape.height,
        Encoding.accepts == accepts,
    )
    keys = ("", geometry.key) if geometry else ("",)
    return {row.of_sha256: row for row in s.scalars(found) if row.of_sha256 in shown and _may_show(row, keys)}


def _may_show(row: Encoding, keys: Collection[str]) -> bool:
    return all(row.judged.get(key) not in (None, "refused") for key in keys)


def drawn_as(s: Session, sha256: str) -> str:
    """The hash of the rendition that a file shows; its own where it is no encoding of another."""
    return s.scalar(select(Encoding.of_sha256).where(Encoding.sha256 == sha256).limit(1)) or sha256


def forget_stale_encodings(s: Session, creative: Creative) -> None:
    """Removes those in languages that the creative no longer speaks."""
    s.execute(delete(Encoding).where(Encoding.creative_id == creative.id, Encoding.language.not_in(creative.languages)))
