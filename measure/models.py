"""What is kept: links, facts, what was put aside, and the counts made of the facts.

Columns named `…_ms` and `at` in the busy tables are milliseconds since 1970. Nothing here refers to a row of
another room: ids are opaque, and names are kept as they were.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Date, Index, SmallInteger, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.branches import FOLLOWS, STAYS
from core.db import Base, BigInt, Instant, JsonDoc

_WITHOUT_ROWID = {"sqlite_with_rowid": False}


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


class DailySalt(Base):
    """The random salt of a local day, destroyed when the day is over; then nothing leads back to anybody."""

    __tablename__ = "daily_salt"

    day: Mapped[date] = mapped_column(Date, primary_key=True)
    salt: Mapped[bytes]


class SketchRegister(Base):
    """One register of a day's count of different people at a location (HyperLogLog); holds the highest rank seen."""

    __tablename__ = "sketch_register"
    __table_args__ = _WITHOUT_ROWID

    day: Mapped[date] = mapped_column(Date, primary_key=True)
    location: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    register: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    area_path: Mapped[str] = mapped_column(info=STAYS)
    rank: Mapped[int] = mapped_column(SmallInteger)


class Sketch(Base):
    """The registers of a day that is over, packed; `kind` also says how people were told apart."""

    __tablename__ = "sketch"
    __table_args__ = _WITHOUT_ROWID

    day: Mapped[date] = mapped_column(Date, primary_key=True)
    location: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    area_path: Mapped[str] = mapped_column(info=STAYS)
    registers: Mapped[bytes]
