"""Assets, creatives and renditions as they are stored. Pixels and bytes lie on the shelf, never in a row,
but for the splash's small pictures."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.branches import FOLLOWS
from core.db import Base, BigInt, Instant, JsonDoc

SPLASH_BYTES = 6 * 1024


class Asset(Base):
    """A file that somebody brought. `sha256` is that of the bytes as they came; they are never served.
    `master_*` is the picture made of them: upright, sRGB, without metadata."""

    __tablename__ = "asset"
    __table_args__ = (
        UniqueConstraint("owner_path", "sha256", "page"),
        CheckConstraint("kind IN ('image', 'video', 'document')", name="kind"),
        CheckConstraint("state IN ('processing', 'ready', 'refused', 'retired')", name="state"),
    )

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    owner_path: Mapped[str] = mapped_column(String(1024), info=FOLLOWS)
    name: Mapped[str] = mapped_column(String(200))
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    page: Mapped[int] = mapped_column(default=0)  # from 1: a page of a document; 0: the whole file
    bytes: Mapped[int] = mapped_column(BigInt)
    kind: Mapped[str] = mapped_column(String(16))
    mime: Mapped[str] = mapped_column(String(80))
    state: Mapped[str] = mapped_column(String(16))
    width: Mapped[int] = mapped_column(default=0)
    height: Mapped[int] = mapped_column(default=0)
    duration_ms: Mapped[int | None]
    pages: Mapped[int | None]
    progress_pct: Mapped[int | None]
    problem: Mapped[str | None] = mapped_column(String(500))
    master_sha256: Mapped[str | None] = mapped_column(String(64))
    master_mime: Mapped[str | None] = mapped_column(String(80))
    created_by: Mapped[str] = mapped_column(String(80))
    created_at: Mapped[datetime] = mapped_column(Instant)
    retired_at: Mapped[datetime | None] = mapped_column(Instant)


class Upload(Base):
    """A file on its way in, piece by piece. How much of it is here is the size of its file: nothing else is."""

    __tablename__ = "upload"
    __table_args__ = (CheckConstraint("length >= 1", name="length"),)

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    owner_path: Mapped[str] = mapped_column(String(1024), info=FOLLOWS)
    name: Mapped[str] = mapped_column(String(200))
    length: Mapped[int] = mapped_column(BigInt)
    told: Mapped[str] = mapped_column(String(4096))  # Upload-Metadata as it came, to be told again
    created_by: Mapped[str] = mapped_column(String(80), index=True)
    created_at: Mapped[datetime] = mapped_column(Instant)
    expires_at: Mapped[datetime] = mapped_column(Instant, index=True)
    asset_id: Mapped[str | None] = mapped_column(String(40))  # once it has been taken in


class Creative(Base):
    """What is shown: an asset or a plain ground, words in some languages, a place for the code."""

    __tablename__ = "creative"
    __table_args__ = (CheckConstraint("duration_ms >= 1000", name="duration"),)

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    owner_path: Mapped[str] = mapped_column(String(1024), index=True, info=FOLLOWS)
    name: Mapped[str] = mapped_column(String(200))
    asset_id: Mapped[str | None] = mapped_column(ForeignKey("asset.id", ondelete="RESTRICT"), index=True)
    texts: Mapped[dict[str, dict[str, str]]] = mapped_column(JsonDoc)
    duration_ms: Mapped[int]
    fit: Mapped[str] = mapped_column(String(16))
    focal_x: Mapped[float]
    focal_y: Mapped[float]
    background: Mapped[str] = mapped_column(String(7))
    qr_corner: Mapped[str | None] = mapped_column(String(16))
    qr_width_pct: Mapped[float | None]
    sound: Mapped[bool] = mapped_column(default=False)  # of a film; it is shown without, unless asked
    design: Mapped[int] = mapped_column(default=1)  # grows with every change of what is drawn
    progress_pct: Mapped[int | None]  # of the film that is being made now
    stopped_at: Mapped[datetime | None] = mapped_column(Instant)  # somebody stopped the drawing
    created_by: Mapped[str] = mapped_column(String(80))
    created_at: Mapped[datetime] = mapped_column(Instant)
    withdrawn_at: Mapped[datetime | None] = mapped_column(Instant)
    withdrawn_by: Mapped[str | None] = mapped_column(String(80))
    withdrawn_reason: Mapped[str | None] = mapped_column(String(500))

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages it speaks, Vietnamese first, then as the alphabet has them."""
        return tuple(sorted(self.texts, key=lambda language: (language != "vi", language)))


class Rendition(Base):
    """A creative in one language on one shape, drawn. `design` tells which version of the creative it shows."""

    __tablename__ = "rendition"
    __table_args__ = (Index("ix_rendition_shape", "width", "height"),)

    creative_id: Mapped[str] = mapped_column(ForeignKey("creative.id", ondelete="CASCADE"), primary_key=True)
    language: Mapped[str] = mapped_column(String(16), primary_key=True)
    width: Mapped[int] = mapped_column(primary_key=True)
    height: Mapped[int] = mapped_column(primary_key=True)
    design: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    bytes: Mapped[int] = mapped_column(BigInt)
    mime: Mapped[str] = mapped_column(String(80))
    quality: Mapped[int | None]  # the encoder's number; None where nothing is lost, and for films
    score: Mapped[float | None]  # likeness to the picture before it was encoded, from 0 to 1
    has_sound: Mapped[bool] = mapped_column(default=False)
    qr_x: Mapped[int | None]
    qr_y: Mapped[int | None]
    qr_width: Mapped[int | None]
    contrast: Mapped[float]
    cut: Mapped[list[str]] = mapped_column(JsonDoc)  # texts that did not fit and were shortened
    made_at: Mapped[datetime] = mapped_column(Instant)


class Encoding(Base):
    """A rendition for players that say that they decode more than JPEG and PNG. `of_sha256` is the rendition it stands
    for: once that is drawn anew, this is nobody's. It may be the very same file, where no other is smaller.
    `judged` holds the scan gate's verdict by geometry, "" for the picture alone."""

    __tablename__ = "encoding"

    creative_id: Mapped[str] = mapped_column(ForeignKey("creative.id", ondelete="CASCADE"), primary_key=True)
    language: Mapped[str] = mapped_column(String(16), primary_key=True)
    width: Mapped[int] = mapped_column(primary_key=True)
    height: Mapped[int] = mapped_column(primary_key=True)
    accepts: Mapped[str] = mapped_column(String(80), primary_key=True)
    of_sha256: Mapped[str] = mapped_column(String(64))
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    bytes: Mapped[int] = mapped_column(BigInt)
    mime: Mapped[str] = mapped_column(String(80))
    quality: Mapped[int | None]
    score: Mapped[float]
    judged: Mapped[dict[str, str]] = mapped_column(JsonDoc)


class SplashPicture(Base):
    """The small picture that the splash carries within its page."""

    __tablename__ = "splash_picture"
    __table_args__ = (CheckConstraint(f"length(data) <= {SPLASH_BYTES}", name="small"),)

    creative_id: Mapped[str] = mapped_column(ForeignKey("creative.id", ondelete="CASCADE"), primary_key=True)
    design: Mapped[int]
    mime: Mapped[str] = mapped_column(String(80))
    width: Mapped[int]
    height: Mapped[int]
    data: Mapped[bytes] = mapped_column(LargeBinary)


class WantedShape(Base):
    """A shape that some screen has: every creative is drawn for it."""

    __tablename__ = "wanted_shape"

    width: Mapped[int] = mapped_column(primary_key=True)
    height: Mapped[int] = mapped_column(primary_key=True)
    since: Mapped[datetime] = mapped_column(Instant)


class WantedEncoding(Base):
    """A type that some player decodes on a screen of this shape."""

    __tablename__ = "wanted_encoding"

    width: Mapped[int] = mapped_column(primary_key=True)
    height: Mapped[int] = mapped_column(primary_key=True)
    accepts: Mapped[str] = mapped_column(String(80), primary_key=True)
    since: Mapped[datetime] = mapped_column(Instant)


class WantedGeometry(Base):
    """A pitch and a viewing distance under which some screen of a shape hangs: the gate judges for it."""

    __tablename__ = "wanted_geometry"

    width: Mapped[int] = mapped_column(primary_key=True)
    height: Mapped[int] = mapped_column(primary_key=True)
    geometry: Mapped[str] = mapped_column(String(40), primary_key=True)
    pitch_mm: Mapped[float]
    distance_m: Mapped[float]


class ScanVerdict(Base):
    """What the scan gate found for one rendition under one geometry."""

    __tablename__ = "scan_verdict"
    __table_args__ = (CheckConstraint("verdict IN ('passed', 'warned', 'refused', 'none')", name="verdict"),)

    creative_id: Mapped[str] = mapped_column(ForeignKey("creative.id", ondelete="CASCADE"), primary_key=True)
    language: Mapped[str] = mapped_column(String(16), primary_key=True)
    width: Mapped[int] = mapped_column(primary_key=True)
    height: Mapped[int] = mapped_column(primary_key=True)
    geometry: Mapped[str] = mapped_column(String(40), primary_key=True)  # "" judges the picture alone
    sha256: Mapped[str] = mapped_column(String(64))  # the rendition that was judged
    verdict: Mapped[str] = mapped_column(String(16))
    grade: Mapped[str] = mapped_column(String(2))
    report: Mapped[dict[str, Any]] = mapped_column(JsonDoc)
    evidence_sha256: Mapped[str | None] = mapped_column(String(64))
    judged_at: Mapped[datetime] = mapped_column(Instant)


class PrintOrder(Base):
    """Copies of a creative on paper, each with a code of its own. `copies` lists what stands on each: location, name,
    code. The file lies with the originals: it is fetched by who may see the order, not by its hash."""

    __tablename__ = "print_order"
    __table_args__ = (CheckConstraint("state IN ('waiting', 'printing', 'ready', 'failed')", name="state"),)

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    creative_id: Mapped[str] = mapped_column(ForeignKey("creative.id", ondelete="CASCADE"), index=True)
    campaign: Mapped[str] = mapped_column(String(40))
    channel: Mapped[str] = mapped_column(String(40))
    area_path: Mapped[str] = mapped_column(String(1024), index=True, info=FOLLOWS)
    language: Mapped[str] = mapped_column(String(16))
    paper: Mapped[str] = mapped_column(String(4))
    is_landscape: Mapped[bool]
    has_bleed: Mapped[bool]
    has_marks: Mapped[bool]
    is_merged: Mapped[bool]
    copies: Mapped[list[dict[str, str]]] = mapped_column(JsonDoc)
    state: Mapped[str] = mapped_column(String(16))
    printed: Mapped[int] = mapped_column(default=0)
    reach_m: Mapped[float | None]
    picture_dpi: Mapped[int | None]
    cut: Mapped[list[str]] = mapped_column(JsonDoc)
    sha256: Mapped[str | None] = mapped_column(String(64))
    bytes: Mapped[int | None] = mapped_column(BigInt)
    mime: Mapped[str | None] = mapped_column(String(80))
    problem: Mapped[str | None] = mapped_column(String(500))
    created_by: Mapped[str] = mapped_column(String(80))
    created_at: Mapped[datetime] = mapped_column(Instant)
