"""Facts as they came, and what was put aside."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Date, Index, SmallInteger, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.branches import FOLLOWS, STAYS
from core.db import Base, BigInt

_WITHOUT_ROWID = {"sqlite_with_rowid": False}


class PlayAck(Base):
    """One player's local log: how far it has been taken over, and up to when it tells us what played."""

    __tablename__ = "play_ack"
    __table_args__ = (UniqueConstraint("screen", "epoch"),)

    stream: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=True)
    screen: Mapped[str]
    location: Mapped[str]
    area_path: Mapped[str] = mapped_column(info=FOLLOWS)
    epoch: Mapped[str]
    ack: Mapped[int] = mapped_column(BigInt)
    last_at: Mapped[int | None] = mapped_column(BigInt)
    heard_to: Mapped[int | None] = mapped_column(BigInt)


class Showing(Base):
    """What a play showed and where: the same for thousands of plays, so kept once, under a digest of itself."""

    __tablename__ = "showing"

    id: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False)
    location: Mapped[str]
    area_path: Mapped[str] = mapped_column(info=STAYS)
    timezone: Mapped[str]
    campaign: Mapped[str]
    placement: Mapped[str]
    creative: Mapped[str]
    language: Mapped[str]
    entry: Mapped[str]
    sha256: Mapped[str]
    revision: Mapped[str]


class Play(Base):
    """One play: that of `seq` in the log of `stream`. `late`: received more than an hour after it was due."""

    __tablename__ = "play"
    __table_args__ = _WITHOUT_ROWID

    stream: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False)
    seq: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False)
    showing: Mapped[int] = mapped_column(BigInt)
    at: Mapped[int] = mapped_column(BigInt)
    delay_ms: Mapped[int] = mapped_column(BigInt)
    duration_ms: Mapped[int] = mapped_column(BigInt)
    expected_ms: Mapped[int] = mapped_column(BigInt)
    ended: Mapped[int] = mapped_column(SmallInteger)
    display: Mapped[int] = mapped_column(SmallInteger)
    sure: Mapped[int] = mapped_column(SmallInteger)
    late: Mapped[int] = mapped_column(SmallInteger)


class Gap(Base):
    """Plays that a player says it has lost: `from_seq` to `to_seq`, both included, between two moments."""

    __tablename__ = "play_gap"
    __table_args__ = _WITHOUT_ROWID

    stream: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False)
    from_seq: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False)
    to_seq: Mapped[int] = mapped_column(BigInt)
    location: Mapped[str]
    area_path: Mapped[str] = mapped_column(info=STAYS)
    after: Mapped[int | None] = mapped_column(BigInt)
    before: Mapped[int] = mapped_column(BigInt)


class RefusedPlay(Base):
    """A row of a player's log that could not be a play, put aside as it came."""

    __tablename__ = "refused_play"
    __table_args__ = _WITHOUT_ROWID

    stream: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False)
    seq: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False)
    reason: Mapped[str]
    raw: Mapped[str]
    received: Mapped[int] = mapped_column(BigInt)


class VisitEvent(Base):
    """Something that happened once in one visit to a splash page. `visit` is random and dies with the visit."""

    __tablename__ = "visit_event"
    __table_args__ = (Index("ix_visit_event_at", "at"), _WITHOUT_ROWID)

    visit: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[int] = mapped_column(BigInt)
    location: Mapped[str]
    area_path: Mapped[str] = mapped_column(info=STAYS)
    timezone: Mapped[str]
    hotspot: Mapped[str]
    campaign: Mapped[str]
    creative: Mapped[str]
    language: Mapped[str]


class Scan(Base):
    """A stage of one opening of a tracked link: `resolved`, then `landed` and `store` on the landing page.

    `verdict` is `person`, `machine` (with the `reason`), `flood` or `test`; only persons count. `opening` is random
    behind its moment: rows that lie in order cost a commit fewer pages. `register` and `rank` are what a person
    adds to the day's sketch; they are wiped when the day is packed.
    """

    __tablename__ = "scan"
    __table_args__ = (
        Index("ix_scan_code_at_verdict", "code", "at", "verdict"),  # a flood is seen from the index alone
        Index("ix_scan_at", "at"),
        Index("ix_scan_local_date", "local_date"),
        _WITHOUT_ROWID,
    )

    opening: Mapped[str] = mapped_column(primary_key=True)
    stage: Mapped[str] = mapped_column(primary_key=True)
    code: Mapped[str]
    area_path: Mapped[str] = mapped_column(info=STAYS)
    at: Mapped[int] = mapped_column(BigInt)
    verdict: Mapped[str]
    reason: Mapped[str]
    family: Mapped[str]
    language: Mapped[str]
    to_store: Mapped[int] = mapped_column(SmallInteger)
    local_date: Mapped[date] = mapped_column(Date)
    register: Mapped[int | None] = mapped_column(SmallInteger)
    rank: Mapped[int | None] = mapped_column(SmallInteger)
