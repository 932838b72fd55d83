"""What is counted of the facts, by hour, day, dekad and month, and whether the two were found to agree."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Date, Index, SmallInteger
from sqlalchemy.orm import Mapped, mapped_column

from core.branches import STAYS
from core.db import Base, BigInt, Instant, JsonDoc

_WITHOUT_ROWID = {"sqlite_with_rowid": False}


class Slice(Base):
    """What a count is a count of, under a digest of itself."""

    __tablename__ = "slice"
    __table_args__ = (Index("ix_slice_location", "location"),)

    id: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False)
    metric: Mapped[str]
    location: Mapped[str]
    area_path: Mapped[str] = mapped_column(info=STAYS)
    campaign: Mapped[str]
    creative: Mapped[str]
    language: Mapped[str]
    placement: Mapped[str]
    channel: Mapped[str]
    measure: Mapped[int] = mapped_column(SmallInteger)


class HourlyCount(Base):
    """How many facts of a slice fell into a local hour, and how many of them came late. Kept for ever."""

    __tablename__ = "hourly_count"
    __table_args__ = (Index("ix_hourly_count_slice_hour", "slice", "hour"), _WITHOUT_ROWID)

    hour: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False)
    slice: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False)
    local_date: Mapped[date] = mapped_column(Date)
    n: Mapped[int] = mapped_column(BigInt)
    late: Mapped[int] = mapped_column(BigInt)


class _Totals:
    """One column for each metric (`metrics.py`), and how many facts came late."""

    plays: Mapped[int] = mapped_column(BigInt, default=0)
    splash_views: Mapped[int] = mapped_column(BigInt, default=0)
    grants: Mapped[int] = mapped_column(BigInt, default=0)
    splash_stores: Mapped[int] = mapped_column(BigInt, default=0)
    scans: Mapped[int] = mapped_column(BigInt, default=0)
    scan_stores: Mapped[int] = mapped_column(BigInt, default=0)
    landings: Mapped[int] = mapped_column(BigInt, default=0)
    landing_stores: Mapped[int] = mapped_column(BigInt, default=0)
    shared_scans: Mapped[int] = mapped_column(BigInt, default=0)
    shared_stores: Mapped[int] = mapped_column(BigInt, default=0)
    machines: Mapped[int] = mapped_column(BigInt, default=0)
    floods: Mapped[int] = mapped_column(BigInt, default=0)
    late: Mapped[int] = mapped_column(BigInt, default=0)


class DayCount(_Totals, Base):
    """A location's counts for a campaign and a local day."""

    __tablename__ = "day_count"
    __table_args__ = _WITHOUT_ROWID

    local_date: Mapped[date] = mapped_column(Date, primary_key=True)
    location: Mapped[str] = mapped_column(primary_key=True)
    campaign: Mapped[str] = mapped_column(primary_key=True)
    area_path: Mapped[str] = mapped_column(primary_key=True, info=STAYS)


class DekadCount(_Totals, Base):
    """A location's counts for a campaign and a third of a month (`spans.py`), named by its first day."""

    __tablename__ = "dekad_count"
    __table_args__ = _WITHOUT_ROWID

    dekad: Mapped[date] = mapped_column(Date, primary_key=True)
    location: Mapped[str] = mapped_column(primary_key=True)
    campaign: Mapped[str] = mapped_column(primary_key=True)
    area_path: Mapped[str] = mapped_column(primary_key=True, info=STAYS)


class MonthCount(_Totals, Base):
    """A location's counts for a campaign and a calendar month (its first day), so that a year is twelve rows."""

    __tablename__ = "month_count"
    __table_args__ = _WITHOUT_ROWID

    month: Mapped[date] = mapped_column(Date, primary_key=True)
    location: Mapped[str] = mapped_column(primary_key=True)
    campaign: Mapped[str] = mapped_column(primary_key=True)
    area_path: Mapped[str] = mapped_column(primary_key=True, info=STAYS)


class LedgerCheck(Base):
    """What the nightly comparison of facts and counts found: nothing, or the first places where they differ."""

    __tablename__ = "ledger_check"

    at: Mapped[datetime] = mapped_column(Instant, primary_key=True)
    since: Mapped[datetime] = mapped_column(Instant)
    facts: Mapped[int] = mapped_column(BigInt)
    differences: Mapped[list[str]] = mapped_column(JsonDoc)
