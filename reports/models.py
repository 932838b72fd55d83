"""What reports keep of their own: imported installs, what units say, and the reports that were frozen."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Date, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.branches import FOLLOWS
from core.db import Base, BigInt, Instant, JsonDoc


class Installs(Base):
    """How many had installed in an area by the end of a day, as we were told. `who`: `population` or `officials`."""

    __tablename__ = "installs"

    area: Mapped[str] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    who: Mapped[str] = mapped_column(primary_key=True)
    total: Mapped[int] = mapped_column(BigInt)
    source: Mapped[str]
    by: Mapped[str]
    at: Mapped[datetime] = mapped_column(Instant)


class UnitNote(Base):
    """What a unit adds to its report of the day: a remark, and what it did by hand, by measure (1-10)."""

    __tablename__ = "unit_note"

    area: Mapped[str] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    remark: Mapped[str]
    by_hand: Mapped[dict[str, int]] = mapped_column(JsonDoc)
    by: Mapped[str]
    at: Mapped[datetime] = mapped_column(Instant)
    first_at: Mapped[datetime] = mapped_column(Instant)


class DayReport(Base):
    """A frozen report: `unit` of one area, or `aggregate` of an area and all below it. Never changed.

    `sha256` is that of `content` as it is stored; `signature` (Ed25519, base64) signs it.
    """

    __tablename__ = "day_report"
    __table_args__ = (UniqueConstraint("area", "day", "kind"), Index("ix_day_report_day", "day"))

    id: Mapped[str] = mapped_column(primary_key=True)
    area: Mapped[str]
    area_path: Mapped[str] = mapped_column(info=FOLLOWS)
    day: Mapped[date] = mapped_column(Date)
    kind: Mapped[str]
    closes_at: Mapped[datetime] = mapped_column(Instant)
    made_at: Mapped[datetime] = mapped_column(Instant)
    content: Mapped[str]
    sha256: Mapped[str]
    signature: Mapped[str]

    @property
    def on_time(self) -> bool:
        """Whether it was made within a minute of its closing, and not when the machine had come back."""
        return (self.made_at - self.closes_at).total_seconds() <= 60


class Delivery(Base):
    """A report on its way to somebody: by `mail` to an address or by `webhook` to a URL; tried until it arrives."""

    __tablename__ = "report_delivery"
    __table_args__ = (UniqueConstraint("report", "channel", "target"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    report: Mapped[str]
    channel: Mapped[str]
    target: Mapped[str]
    attempts: Mapped[int] = mapped_column(default=0)
    next_at: Mapped[datetime | None] = mapped_column(Instant)
    delivered_at: Mapped[datetime | None] = mapped_column(Instant)
    error: Mapped[str | None]


class Reminder(Base):
    """That a unit was reminded of a day's report, so that it is reminded once."""

    __tablename__ = "report_reminder"

    area: Mapped[str] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    at: Mapped[datetime] = mapped_column(Instant)
