"""Links, where they lead, and what things were called."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, SmallInteger, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.branches import FOLLOWS
from core.db import Base, Instant


class Link(Base):
    """A tracked link: what leads from one place, through one channel, to a campaign.

    Empty strings mean "none", so that the pair of uniqueness holds in both engines.
    """

    __tablename__ = "link"
    __table_args__ = (
        UniqueConstraint("campaign", "location", "channel", "creative", "measure", "shared_from", name="uq_link_what"),
        Index("ix_link_location", "location"),
    )

    code: Mapped[str] = mapped_column(primary_key=True)
    campaign: Mapped[str]
    location: Mapped[str]
    area_path: Mapped[str] = mapped_column(info=FOLLOWS)
    timezone: Mapped[str]
    channel: Mapped[str]
    creative: Mapped[str]
    measure: Mapped[int] = mapped_column(SmallInteger)
    shared_from: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime] = mapped_column(Instant)
    retired_at: Mapped[datetime | None] = mapped_column(Instant)


class CampaignDestination(Base):
    """Where a campaign's links lead at present; empty where it names no such store."""

    __tablename__ = "campaign_destination"

    campaign: Mapped[str] = mapped_column(primary_key=True)
    android_url: Mapped[str]
    ios_url: Mapped[str]
    other_url: Mapped[str]


class Name(Base):
    """What something was called from a moment on: places, campaigns, creatives, screens, as they were."""

    __tablename__ = "name"

    kind: Mapped[str] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(primary_key=True)
    since: Mapped[datetime] = mapped_column(Instant, primary_key=True)
    name: Mapped[str]
