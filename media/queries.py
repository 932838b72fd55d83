"""The only SQL of this room. Nothing here commits."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, delete, exists, func, select, update
from sqlalchemy.orm import Session

from core.paths import below
from media.distance import Geometry
from media.geometry import Shape
from media.models import (
    Asset,
    Creative,
    Encoding,
    PrintOrder,
    Rendition,
    ScanVerdict,
    SplashPicture,
    Upload,
    WantedGeometry,
    WantedShape,
)

BUILTIN = "builtin"
# What the console previews, and what most screens have.
USUAL_SHAPES = (Shape(1080, 1920), Shape(1920, 1080))


def asset(s: Session, asset_id: str) -> Asset | None:
    return s.get(Asset, asset_id)


def assets(s: Session, under: Collection[str]) -> Sequence[Asset]:
    """Assets owned within these area paths, the newest first; not those that were retired."""
    found = select(Asset).where(below(Asset.owner_path, under), Asset.retired_at.is_(None))
    return s.scalars(found.order_by(Asset.created_at.desc(), Asset.id)).all()


def retired_assets(s: Session, under: Collection[str]) -> Sequence[Asset]:
    """Assets owned within these area paths that were taken out of the library, the last one first."""
    found = select(Asset).where(below(Asset.owner_path, under), Asset.retired_at.is_not(None))
    return s.scalars(found.order_by(Asset.retired_at.desc(), Asset.id)).all()


def asset_by_content(s: Session, owner_path: str, sha256: str, page: int = 0) -> Asset | None:
    return s.scalar(select(Asset).where(Asset.owner_path == owner_path, Asset.sha256 == sha256, Asset.page == page))


def creative(s: Session, creative_id: str) -> Creative | None:
    return s.get(Creative, creative_id)


def creatives(s: Session, under: Collection[str]) -> Sequence[Creative]:
    """Creatives owned within these area paths, the newest first, withdrawn ones too; not the built-in one."""
    found = select(Creative).where(below(Creative.owner_path, under), Creative.id != BUILTIN)
    return s.scalars(found.order_by(Creative.created_at.desc(), Creative.id)).all()


def creatives_to_draw(s: Session) -> list[str]:
    """The ids of those that are to be drawn for every shape: neither withdrawn nor stopped."""
    live = select(Creative.id).where(Creative.withdrawn_at.is_(None), Creative.stopped_at.is_(None))
    return list(s.scalars(live.order_by(Creative.id)))


def is_being_drawn(s: Session, creative_id: str, design: int) -> bool:
    """Whether this design of a creative is still wanted."""
    found = select(Creative.design).where(Creative.id == creative_id)
    live = found.where(Creative.withdrawn_at.is_(None), Creative.stopped_at.is_(None))
    return s.scalar(live) == design


def note_progress(s: Session, creative_id: str, percent: int | None) -> None:
    s.execute(update(Creative).where(Creative.id == creative_id).values(progress_pct=percent))


def renditions(s: Session, creative_id: str) -> Sequence[Rendition]:
    """All renditions of one creative, by shape and language."""
    found = select(Rendition).where(Rendition.creative_id == creative_id)
    return s.scalars(found.order_by(Rendition.width, Rendition.height, Rendition.language)).all()


def ready_renditions(
    s: Session, creative_ids: Collection[str], width: int, height: int, geometry: Geometry | None = None
) -> dict[tuple[str, str], Rendition]:
    """What can be shown on this shape, by (creative, language). A creative that was withdrawn has nothing, nor has
    one whose code the gate refused there."""
    found = (
        select(Rendition)
        .join(Creative, Creative.id == Rendition.creative_id)
        .where(
            Rendition.creative_id.in_(creative_ids),
            Rendition.width == width,
            Rendition.height == height,
            Creative.withdrawn_at.is_(None),
            ~_refused(geometry),
        )
    )
    return {(row.creative_id, row.language): row for row in s.scalars(found)}


def _refused(geometry: Geometry | None) -> ColumnElement[bool]:
    """The gate has judged this very picture, by itself or for this geometry, and refused it."""
    return exists().where(
        ScanVerdict.creative_id == Rendition.creative_id,
        ScanVerdict.language == Rendition.language,
        ScanVerdict.width == Rendition.width,
        ScanVerdict.height == Rendition.height,
        ScanVerdict.sha256 == Rendition.sha256,
        ScanVerdict.verdict == "refused",
        ScanVerdict.geometry.in_(("", geometry.key) if geometry else ("",)),
    )


def inline_picture(s: Session, creative_id: str) -> SplashPicture | None:
    """The small picture for the splash page, or None while there is none."""
    return s.get(SplashPicture, creative_id)


def wanted_shapes(s: Session) -> list[Shape]:
    """Every shape that creatives are drawn for."""
    rows = s.execute(select(WantedShape.width, WantedShape.height)).all()
    return sorted({*USUAL_SHAPES, *(Shape(*row) for row in rows)}, key=lambda shape: (shape.width, shape.height))


def is_wanted(s: Session, width: int, height: int) -> bool:
    return s.get(WantedShape, (width, height)) is not None


def is_judged_for(s: Session, width: int, height: int, geometry: str) -> bool:
    return s.get(WantedGeometry, (width, height, geometry)) is not None


def geometries(s: Session, width: int, height: int) -> list[Geometry]:
    """Every geometry that the gate judges for on this shape."""
    found = select(WantedGeometry).where(WantedGeometry.width == width, WantedGeometry.height == height)
    return [Geometry(row.pitch_mm, row.distance_m) for row in s.scalars(found.order_by(WantedGeometry.geometry))]


def verdicts(s: Session, creative_id: str) -> Sequence[ScanVerdict]:
    """What the gate found for one creative, by shape, geometry and language."""
    found = select(ScanVerdict).where(ScanVerdict.creative_id == creative_id)
    order = (ScanVerdict.width, ScanVerdict.height, ScanVerdict.geometry, ScanVerdict.language)
    return s.scalars(found.order_by(*order)).all()


def is_refused(s: Session, creative_id: str) -> bool:
    """Whether the gate has judged what is drawn of a creative, and refused it on every screen."""
    drawn = {row.sha256 for row in renditions(s, creative_id)}
    found = [row.verdict for row in verdicts(s, creative_id) if row.sha256 in drawn]
    return bool(found) and all(verdict == "refused" for verdict in found)


def unjudged(s: Session, creative: Creative) -> list[tuple[Rendition, Geometry | None]]:
    """Renditions of the present design that the gate has not judged for a geometry that is wanted."""
    have = {(v.language, v.width, v.height, v.geometry, v.sha256) for v in verdicts(s, creative.id)}
    return [
        (row, geometry)
        for row in renditions(s, creative.id)
        for geometry in (None, *geometries(s, row.width, row.height))
        if (row.language, row.width, row.height, geometry.key if geometry else "", row.sha256) not in have
    ]


def missing_renditions(s: Session, creative: Creative) -> list[tuple[str, Shape]]:
    """What is still to be drawn: (language, shape), each language of a shape together."""
    have = {
        (row.language, row.width, row.height) for row in renditions(s, creative.id) if row.design == creative.design
    }
    return [
        (language, shape)
        for shape in wanted_shapes(s)
        for language in creative.languages
        if (language, shape.width, shape.height) not in have
    ]


def forget_stale(s: Session, creative: Creative) -> None:
    """Removes renditions in languages that the creative no longer speaks."""
    s.execute(
        delete(Rendition).where(Rendition.creative_id == creative.id, Rendition.language.not_in(creative.languages))
    )


def live_users(s: Session, asset_id: str) -> list[str]:
    """Names of the creatives that show an asset and were not withdrawn."""
    found = select(Creative.name).where(Creative.asset_id == asset_id, Creative.withdrawn_at.is_(None))
    return list(s.scalars(found.order_by(Creative.name)))


def bytes_used(s: Session, area_path: str) -> int:
    """Bytes of the originals owned within an area, with those that are on their way there; a document's pages share
    its bytes."""
    kept = select(func.sum(Asset.bytes)).where(below(Asset.owner_path, [area_path]), Asset.page == 0)
    coming = select(func.sum(Upload.length)).where(below(Upload.owner_path, [area_path]), Upload.asset_id.is_(None))
    sums = s.scalar(kept.where(Asset.retired_at.is_(None))), s.scalar(coming)
    return sum(int(each or 0) for each in sums)  # PostgreSQL sums into a decimal


def upload(s: Session, upload_id: str) -> Upload | None:
    return s.get(Upload, upload_id)


def uploads_of(s: Session, by: str) -> Sequence[Upload]:
    """What somebody has begun to upload and not finished, the newest first."""
    found = select(Upload).where(Upload.created_by == by, Upload.asset_id.is_(None))
    return s.scalars(found.order_by(Upload.created_at.desc(), Upload.id)).all()


def uploads_past(s: Session, now: datetime) -> Sequence[Upload]:
    """Those whose time is over."""
    return s.scalars(select(Upload).where(Upload.expires_at <= now).order_by(Upload.id)).all()


def upload_ids(s: Session) -> set[str]:
    return set(s.scalars(select(Upload.id)))


def forget_retired(s: Session, before: datetime) -> None:
    """Drops assets that were retired before a moment and that no creative refers to."""
    used = exists().where(Creative.asset_id == Asset.id)
    s.execute(delete(Asset).where(Asset.retired_at < before, ~used))


def needed_files(s: Session) -> set[str]:
    """The hashes of every file that some row refers to."""
    columns = (
        Asset.sha256,
        Asset.master_sha256,
        Rendition.sha256,
        Encoding.sha256,
        ScanVerdict.evidence_sha256,
        PrintOrder.sha256,
    )
    return {sha for column in columns for sha in s.scalars(select(column)) if sha}


def rendition_of(s: Session, sha256: str) -> Rendition | None:
    """A rendition with these bytes."""
    return s.scalar(select(Rendition).where(Rendition.sha256 == sha256).limit(1))


def print_order(s: Session, order_id: str) -> PrintOrder | None:
    return s.get(PrintOrder, order_id)


def print_orders(s: Session, under: Collection[str], creative_id: str | None = None) -> Sequence[PrintOrder]:
    """Orders for places within these area paths, the newest first; of one creative or of all."""
    found = select(PrintOrder).where(below(PrintOrder.area_path, under))
    if creative_id is not None:
        found = found.where(PrintOrder.creative_id == creative_id)
    return s.scalars(found.order_by(PrintOrder.created_at.desc(), PrintOrder.id)).all()


def forget_prints(s: Session, before: datetime) -> None:
    """Drops orders made before a moment; what they printed can be made again from the creative."""
    s.execute(delete(PrintOrder).where(PrintOrder.created_at < before))
