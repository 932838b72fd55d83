"""Areas and locations as they are stored."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, Float, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from core.branches import FOLLOWS
from core.db import Base, Instant, JsonDoc
from places.folding import SORT_KEY_LENGTH

DEFAULT_TIMEZONE = "Asia/Ho_Chi_Minh"
DEFAULT_LANGUAGES = {"vi": 100}


class Area(Base):
    """A province, a commune, a unit: whatever has places in it and answers for them."""

    __tablename__ = "area"
    __table_args__ = (
        CheckConstraint("population IS NULL OR population >= 0", name="population"),
        CheckConstraint("smartphone_users IS NULL OR smartphone_users >= 0", name="smartphone_users"),
        Index("ix_area_sort", "sort_key", "code"),
    )

    code: Mapped[str] = mapped_column(String(64), primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(32), default="other")
    parent_code: Mapped[str | None] = mapped_column(ForeignKey("area.code"), index=True)
    path: Mapped[str] = mapped_column(String(1024), unique=True, info=FOLLOWS)
    population: Mapped[int | None]
    population_source: Mapped[str | None] = mapped_column(String(200))
    population_as_of: Mapped[date | None]
    smartphone_users: Mapped[int | None]
    target_population_pct: Mapped[float | None] = mapped_column(Float)
    target_by: Mapped[date | None]
    timezone: Mapped[str] = mapped_column(String(64), default=DEFAULT_TIMEZONE)
    settings: Mapped[dict[str, Any]] = mapped_column(JsonDoc, default=dict)
    folded: Mapped[str] = mapped_column(String(300))
    sort_key: Mapped[str] = mapped_column(String(SORT_KEY_LENGTH))
    created_at: Mapped[datetime] = mapped_column(Instant)
    updated_at: Mapped[datetime] = mapped_column(Instant)
    closed_at: Mapped[datetime | None] = mapped_column(Instant)


class Location(Base):
    """One place with screens or wifi in it; its code is what reports and players call it by."""

    __tablename__ = "location"
    __table_args__ = (
        CheckConstraint("audience_multiplier >= 0", name="audience_multiplier"),
        Index("ix_location_sort", "sort_key", "code"),
    )

    code: Mapped[str] = mapped_column(String(64), primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    area_code: Mapped[str] = mapped_column(ForeignKey("area.code"), index=True)
    area_path: Mapped[str] = mapped_column(String(1024), index=True, info=FOLLOWS)
    venue_kind: Mapped[str] = mapped_column(String(40))
    timezone: Mapped[str] = mapped_column(String(64), default=DEFAULT_TIMEZONE)
    latitude: Mapped[float | None] = mapped_column(Float)
    longitude: Mapped[float | None] = mapped_column(Float)
    tags: Mapped[list[str]] = mapped_column(JsonDoc, default=list)
    viewing_distance_m: Mapped[float | None] = mapped_column(Float)
    audience_multiplier: Mapped[float] = mapped_column(Float, default=1.0)
    audience_source: Mapped[str | None] = mapped_column(String(200))
    operating_hours: Mapped[list[dict[str, Any]]] = mapped_column(JsonDoc, default=list)
    languages: Mapped[dict[str, int]] = mapped_column(JsonDoc, default=lambda: dict(DEFAULT_LANGUAGES))
    folded: Mapped[str] = mapped_column(String(300))
    sort_key: Mapped[str] = mapped_column(String(SORT_KEY_LENGTH))
    created_at: Mapped[datetime] = mapped_column(Instant)
    updated_at: Mapped[datetime] = mapped_column(Instant)
    closed_at: Mapped[datetime | None] = mapped_column(Instant)
