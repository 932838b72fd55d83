"""Hotspots as they are stored, and what is kept of how they fare. No table here has a place for a person."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, Instant, JsonDoc


class Hotspot(Base):
    """One wifi network of a location and the gateway in front of it. `code` stands in the splash's address."""

    __tablename__ = "hotspot"

    code: Mapped[str] = mapped_column(String(64), primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    location_code: Mapped[str] = mapped_column(ForeignKey("location.code"), index=True)
    dialect: Mapped[str] = mapped_column(String(32))
    grant_base: Mapped[str | None] = mapped_column(String(255))
    settings: Mapped[dict[str, Any]] = mapped_column(JsonDoc, default=dict)
    secrets: Mapped[str | None] = mapped_column(Text)  # sealed with the instance's key
    session_minutes: Mapped[int | None]
    networks: Mapped[list[str]] = mapped_column(JsonDoc, default=list)  # where its phones ask from, if that is known
    terms: Mapped[dict[str, str]] = mapped_column(JsonDoc, default=dict)  # by language; empty: the house's own
    terms_version: Mapped[int] = mapped_column(default=1)
    logo_version: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(Instant)
    updated_at: Mapped[datetime] = mapped_column(Instant)
    closed_at: Mapped[datetime | None] = mapped_column(Instant)


class TermsVersion(Base):
    """Every wording of a hotspot's terms that travellers have been shown."""

    __tablename__ = "hotspot_terms"

    hotspot_code: Mapped[str] = mapped_column(ForeignKey("hotspot.code"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    texts: Mapped[dict[str, str]] = mapped_column(JsonDoc)
    since: Mapped[datetime] = mapped_column(Instant)


class HotspotLogo(Base):
    """Every logo of a hotspot's host that travellers have been shown; no `data`: from then on none was."""

    __tablename__ = "hotspot_logo"

    hotspot_code: Mapped[str] = mapped_column(ForeignKey("hotspot.code"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    data: Mapped[bytes | None] = mapped_column(LargeBinary)
    mime: Mapped[str | None] = mapped_column(String(80))
    width: Mapped[int | None]
    height: Mapped[int | None]
    since: Mapped[datetime] = mapped_column(Instant)


class HotspotDay(Base):
    """How a hotspot fared on one local day: what was refused and why, and when it was last heard of."""

    __tablename__ = "hotspot_day"

    hotspot_code: Mapped[str] = mapped_column(String(64), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    splashes: Mapped[int] = mapped_column(default=0)
    grants: Mapped[int] = mapped_column(default=0)
    refused_targets: Mapped[int] = mapped_column(default=0)
    bad_signatures: Mapped[int] = mapped_column(default=0)
    forged_visits: Mapped[int] = mapped_column(default=0)
    failed_calls: Mapped[int] = mapped_column(default=0)  # to a controller, given up after five minutes
    polls: Mapped[int] = mapped_column(default=0)
    clock_ahead_s: Mapped[int | None]  # of the gateway's own clock, where it tells the time; the least of the day
    last_seen_at: Mapped[datetime | None] = mapped_column(Instant)


class ViewGap(Base):
    """Between these moments a process of the web server ended before it had written what it had seen: up to so much
    may be missing of what all its hotspots counted."""

    __tablename__ = "view_gap"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    since: Mapped[datetime] = mapped_column(Instant)
    until: Mapped[datetime] = mapped_column(Instant, index=True)


class TermsAccepted(Base):
    """That terms were accepted, how often in an hour, in which version and language: of nobody."""

    __tablename__ = "hotspot_terms_accepted"

    hotspot_code: Mapped[str] = mapped_column(String(64), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    language: Mapped[str] = mapped_column(String(16), primary_key=True)
    hour: Mapped[datetime] = mapped_column(Instant, primary_key=True)
    n: Mapped[int] = mapped_column(default=0)


class PendingGrant(Base):
    """A grant that a gateway or a controller has still to fetch: sealed, and gone after five minutes at most."""

    __tablename__ = "pending_grant"
    __table_args__ = (Index("ix_pending_grant_queue", "hotspot_code", "queue"),)

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    hotspot_code: Mapped[str] = mapped_column(String(64))
    queue: Mapped[str] = mapped_column(String(128))
    sealed: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(Instant)
    expires_at: Mapped[datetime] = mapped_column(Instant, index=True)
