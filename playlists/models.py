"""Campaigns and placements as operators write them, and publications as they were made.

What plays comes from publications alone: a line in a log that is only ever added to. The newest line of a kind and
reference is what holds; the newest at or before a moment is what held then.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.branches import FOLLOWS
from core.db import Base, BigInt, Instant, JsonDoc

ID = String(64)


class Campaign(Base):
    """A campaign as its authors have it now.

    ``status`` is how far the present text has come (draft, submitted, approved), ``standing`` what became of the last
    approved one: an edit leaves what was published playing.
    """

    __tablename__ = "campaign"
    __table_args__ = (
        CheckConstraint("starts_at < ends_at", name="period"),
        CheckConstraint("status IN ('draft', 'submitted', 'approved')", name="status"),
        CheckConstraint("standing IN ('unpublished', 'live', 'paused', 'ended')", name="standing"),
    )

    id: Mapped[str] = mapped_column(ID, primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    owner_path: Mapped[str] = mapped_column(String(1024), index=True, info=FOLLOWS)
    starts_at: Mapped[datetime] = mapped_column(Instant)
    ends_at: Mapped[datetime] = mapped_column(Instant)
    destination: Mapped[dict[str, str]] = mapped_column(JsonDoc)
    status: Mapped[str] = mapped_column(String(16), default="draft")
    standing: Mapped[str] = mapped_column(String(16), default="unpublished")
    published_seq: Mapped[int | None] = mapped_column(BigInt)
    revision: Mapped[int] = mapped_column(default=1)
    edited_by: Mapped[str] = mapped_column(ID)
    submitted_by: Mapped[str | None] = mapped_column(ID)
    approved_by: Mapped[str | None] = mapped_column(ID)
    created_at: Mapped[datetime] = mapped_column(Instant, index=True)
    updated_at: Mapped[datetime] = mapped_column(Instant)
    placements: Mapped[list[Placement]] = relationship(
        order_by="Placement.created_at, Placement.id", cascade="all, delete-orphan", lazy="selectin"
    )

    def state(self, now: datetime) -> str:
        """In one word: draft, submitted, approved, live, paused or ended."""
        if self.standing == "ended" or (self.standing != "unpublished" and self.ends_at <= now):
            return "ended"
        if self.standing == "paused":
            return "paused"
        if self.status == "approved":
            return "live" if self.starts_at <= now else "approved"
        return self.status


class Placement(Base):
    """Creatives on targets, at hours, with a weight."""

    __tablename__ = "placement"
    __table_args__ = (
        CheckConstraint("weight BETWEEN 1 AND 100", name="weight"),
        CheckConstraint("priority IN ('filler', 'normal', 'important')", name="priority"),
        CheckConstraint("max_plays_per_hour >= 1", name="max_plays_per_hour"),
    )

    id: Mapped[str] = mapped_column(ID, primary_key=True)
    campaign_id: Mapped[str] = mapped_column(ForeignKey("campaign.id", ondelete="CASCADE"), index=True)
    shown: Mapped[list[PlacementCreative]] = relationship(
        order_by="PlacementCreative.position", cascade="all, delete-orphan", lazy="selectin"
    )
    targets: Mapped[dict[str, Any]] = mapped_column(JsonDoc)
    dayparts: Mapped[list[dict[str, Any]]] = mapped_column(JsonDoc)
    on_holidays: Mapped[str] = mapped_column(String(8), default="play")
    weight: Mapped[int] = mapped_column(default=1)
    priority: Mapped[str] = mapped_column(String(16), default="normal")
    max_plays_per_hour: Mapped[int | None]
    variants: Mapped[list[dict[str, Any]]] = mapped_column(JsonDoc)
    created_at: Mapped[datetime] = mapped_column(Instant)

    @property
    def creatives(self) -> list[str]:
        """Ids of what is shown, in the order of rotation."""
        return [one.creative_id for one in self.shown]

    @creatives.setter
    def creatives(self, ids: list[str]) -> None:
        held = {one.creative_id: one for one in self.shown}
        self.shown = [held.get(one) or PlacementCreative(creative_id=one) for one in ids]
        for position, one in enumerate(self.shown):
            one.position = position


class PlacementCreative(Base):
    """A creative of a placement; while it is one, the creative cannot be deleted."""

    __tablename__ = "placement_creative"

    placement_id: Mapped[str] = mapped_column(ForeignKey("placement.id", ondelete="CASCADE"), primary_key=True)
    creative_id: Mapped[str] = mapped_column(ForeignKey("creative.id", ondelete="RESTRICT"), primary_key=True)
    position: Mapped[int]


class Takeover(Base):
    """Exclusive while it lasts. ``ended_at`` is when someone ended it before its time."""

    __tablename__ = "takeover"
    __table_args__ = (CheckConstraint("starts_at < ends_at", name="period"),)

    id: Mapped[str] = mapped_column(ID, primary_key=True)
    creative_id: Mapped[str] = mapped_column(ForeignKey("creative.id", ondelete="RESTRICT"))
    targets: Mapped[dict[str, Any]] = mapped_column(JsonDoc)
    owner_path: Mapped[str] = mapped_column(String(1024), info=FOLLOWS)
    starts_at: Mapped[datetime] = mapped_column(Instant)
    ends_at: Mapped[datetime] = mapped_column(Instant, index=True)
    reason: Mapped[str] = mapped_column(String(500))
    created_by: Mapped[str] = mapped_column(ID)
    created_by_name: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    ended_by: Mapped[str | None] = mapped_column(ID)


class Publication(Base):
    """One change of what is played: ``snapshot`` is what holds from then on, None that nothing does."""

    __tablename__ = "publication"
    __table_args__ = (Index("ix_publication_what", "kind", "ref", "seq"),)

    seq: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=True)
    at: Mapped[datetime] = mapped_column(Instant, index=True)
    by: Mapped[str] = mapped_column(ID)
    by_name: Mapped[str] = mapped_column(String(200))
    action: Mapped[str] = mapped_column(String(16))
    kind: Mapped[str] = mapped_column(String(16))
    ref: Mapped[str] = mapped_column(String(130))
    name: Mapped[str] = mapped_column(String(200))
    area_path: Mapped[str] = mapped_column(String(1024), info=FOLLOWS)
    snapshot: Mapped[dict[str, Any] | None] = mapped_column(JsonDoc)
