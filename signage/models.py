"""Screens, their keys, and what they last said."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, BigInt, Instant, JsonDoc


class Screen(Base):
    """One panel at one location. Width and height are the pixels it shows, as it hangs.

    ``dialect`` is what its player speaks (`signage.dialects.table`).
    """

    __tablename__ = "screen"
    __table_args__ = (
        CheckConstraint("width BETWEEN 16 AND 16384", name="width"),
        CheckConstraint("height BETWEEN 16 AND 16384", name="height"),
        Index("ix_screen_changed", "changed_at"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    location_code: Mapped[str] = mapped_column(ForeignKey("location.code"), index=True)
    width: Mapped[int]
    height: Mapped[int]
    pixel_pitch_mm: Mapped[float | None]
    testing: Mapped[bool] = mapped_column(default=False)
    dialect: Mapped[str] = mapped_column(String(16), default="own", server_default="own")
    created_at: Mapped[datetime] = mapped_column(Instant)
    changed_at: Mapped[datetime] = mapped_column(Instant)
    closed_at: Mapped[datetime | None] = mapped_column(Instant)


class ScreenKey(Base):
    """A secret that speaks for a screen, kept as its digest. Past ``expires_at`` or ``revoked_at`` it is nobody's.

    ``player`` is the digest of what its first player called itself, where players of a dialect do: no other one may
    come with this key.
    """

    __tablename__ = "screen_key"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    screen_id: Mapped[str] = mapped_column(ForeignKey("screen.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(Instant)
    expires_at: Mapped[datetime | None] = mapped_column(Instant)
    revoked_at: Mapped[datetime | None] = mapped_column(Instant)
    player: Mapped[str | None] = mapped_column(String(64))


class OneTimeKey(Base):
    """A key that was printed for a screen before its box was there: whoever brings it first is that screen's player."""

    __tablename__ = "one_time_key"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    screen_id: Mapped[str] = mapped_column(ForeignKey("screen.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(Instant)
    expires_at: Mapped[datetime] = mapped_column(Instant)
    used_at: Mapped[datetime | None] = mapped_column(Instant)


class GivenEntry(Base):
    """An entry that was given to a player of another make: what a name or a number in its reports means, also when it
    plays no longer. ``duration_ms`` is how long it was to be shown, as last given."""

    __tablename__ = "given_entry"

    number: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=True)
    entry: Mapped[str] = mapped_column(String(64), unique=True)
    creative_id: Mapped[str] = mapped_column(String(64))
    placement_id: Mapped[str | None] = mapped_column(String(64))
    duration_ms: Mapped[int] = mapped_column(BigInt)


class Enrolment(Base):
    """A device that shows a code and asks whether somebody has claimed it."""

    __tablename__ = "enrolment"

    device_digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_code: Mapped[str] = mapped_column(String(8), unique=True)
    client: Mapped[dict[str, Any]] = mapped_column(JsonDoc)
    width: Mapped[int]
    height: Mapped[int]
    expires_at: Mapped[datetime] = mapped_column(Instant, index=True)
    next_at: Mapped[datetime] = mapped_column(Instant)
    wait_s: Mapped[int]
    screen_id: Mapped[str | None] = mapped_column(ForeignKey("screen.id"))
    denied_at: Mapped[datetime | None] = mapped_column(Instant)


class ScreenSeen(Base):
    """When a screen was last heard of, at most some seconds behind."""

    __tablename__ = "screen_seen"

    screen_id: Mapped[str] = mapped_column(ForeignKey("screen.id"), primary_key=True)
    at: Mapped[datetime] = mapped_column(Instant)


class ScreenSilence(Base):
    """A stretch in which a screen that spoke before and after it was not heard of."""

    __tablename__ = "screen_silence"

    screen_id: Mapped[str] = mapped_column(ForeignKey("screen.id"), primary_key=True)
    start: Mapped[datetime] = mapped_column(Instant, primary_key=True)
    until: Mapped[datetime] = mapped_column(Instant)


class ScreenStatus(Base):
    """The last status report of a screen, at most some seconds behind."""

    __tablename__ = "screen_status"

    screen_id: Mapped[str] = mapped_column(ForeignKey("screen.id"), primary_key=True)
    at: Mapped[datetime] = mapped_column(Instant)
    entry: Mapped[str | None] = mapped_column(String(64))
    revision: Mapped[str | None] = mapped_column(String(64))
    takeover_shown: Mapped[str | None] = mapped_column(String(64))
    display: Mapped[str] = mapped_column(String(8))
    storage: Mapped[dict[str, Any] | None] = mapped_column(JsonDoc)
    media: Mapped[dict[str, Any] | None] = mapped_column(JsonDoc)
    player: Mapped[dict[str, Any]] = mapped_column(JsonDoc)


class TakeoverShown(Base):
    """A screen said that it shows a takeover: when it did so first."""

    __tablename__ = "takeover_shown"

    takeover_id: Mapped[str] = mapped_column(ForeignKey("takeover.id"), primary_key=True)
    screen_id: Mapped[str] = mapped_column(ForeignKey("screen.id"), primary_key=True)
    at: Mapped[datetime] = mapped_column(Instant)


class ScreenTrouble(Base):
    """Something that went wrong at a screen, as it told it; ``at`` is when we were told."""

    __tablename__ = "screen_trouble"
    __table_args__ = (Index("ix_screen_trouble_screen", "screen_id", "at"),)

    id: Mapped[int] = mapped_column(BigInt, primary_key=True)
    screen_id: Mapped[str] = mapped_column(ForeignKey("screen.id"))
    at: Mapped[datetime] = mapped_column(Instant)
    code: Mapped[str] = mapped_column(String(64))
    detail: Mapped[str] = mapped_column(String(500))


class Screenshot(Base):
    """The last photograph that a screen took of itself, and the command that asked for it.

    ``verdict`` is what came of holding it against what should have been there, ``evidence`` what it was held against;
    both are empty until that is done.
    """

    __tablename__ = "screenshot"

    screen_id: Mapped[str] = mapped_column(ForeignKey("screen.id"), primary_key=True)
    command_id: Mapped[str] = mapped_column(String(32))
    at: Mapped[datetime] = mapped_column(Instant)
    sha256: Mapped[str] = mapped_column(String(64))
    jpeg: Mapped[bytes] = mapped_column(LargeBinary)
    verdict: Mapped[str | None] = mapped_column(String(16))
    evidence: Mapped[dict[str, Any] | None] = mapped_column(JsonDoc)


class Shortfall(Base):
    """An hour of a screen in which plays are missing and, at last look, nothing explained it or the log had not come.

    ``why`` is ``unexplained`` or ``not_told``; an hour that was explained since has no row.
    """

    __tablename__ = "screen_shortfall"
    __table_args__ = (Index("ix_screen_shortfall_hour", "hour"),)

    screen_id: Mapped[str] = mapped_column(ForeignKey("screen.id"), primary_key=True)
    hour: Mapped[datetime] = mapped_column(Instant, primary_key=True)
    planned: Mapped[int]
    played: Mapped[int]
    why: Mapped[str] = mapped_column(String(16))


class Command(Base):
    """Something a screen is asked to do; given to it until it answers or ``expires_at`` is past."""

    __tablename__ = "screen_command"
    __table_args__ = (Index("ix_screen_command_open", "screen_id", "done_at"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    screen_id: Mapped[str] = mapped_column(ForeignKey("screen.id"))
    type: Mapped[str] = mapped_column(String(16))
    args: Mapped[dict[str, Any]] = mapped_column(JsonDoc)
    asked_by: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(Instant)
    expires_at: Mapped[datetime] = mapped_column(Instant)
    done_at: Mapped[datetime | None] = mapped_column(Instant)
    ok: Mapped[bool | None]
    detail: Mapped[str | None] = mapped_column(String(500))


class FleetAlert(Base):
    """Screens of an area with which one thing is wrong: one alert however many they are.

    ``subject`` is what: ``silent``, ``differs`` (it shows something else) or ``unexplained`` (plays are missing).

    ``members`` are their ids; one that speaks again leaves. ``told_count`` is how many the last notice spoke of.
    """

    __tablename__ = "fleet_alert"
    __table_args__ = (Index("ix_fleet_alert_open", "recovered_at", "area_code"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    area_code: Mapped[str] = mapped_column(ForeignKey("area.code"))
    subject: Mapped[str] = mapped_column(String(16), default="silent", server_default="silent")
    opened_at: Mapped[datetime] = mapped_column(Instant)
    members: Mapped[list[str]] = mapped_column(JsonDoc)
    told_at: Mapped[datetime | None] = mapped_column(Instant)
    told_count: Mapped[int] = mapped_column(default=0)
    recovered_at: Mapped[datetime | None] = mapped_column(Instant)


class AlertNotice(Base):
    """What is to be told of an alert to one address, tried until it has arrived."""

    __tablename__ = "alert_notice"
    __table_args__ = (Index("ix_alert_notice_due", "next_at"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    alert_id: Mapped[str] = mapped_column(ForeignKey("fleet_alert.id"), index=True)
    kind: Mapped[str] = mapped_column(String(16))
    channel: Mapped[str] = mapped_column(String(8))
    target: Mapped[str] = mapped_column(String(500))
    content: Mapped[dict[str, Any]] = mapped_column(JsonDoc)
    created_at: Mapped[datetime] = mapped_column(Instant)
    attempts: Mapped[int] = mapped_column(default=0)
    next_at: Mapped[datetime | None] = mapped_column(Instant)
    delivered_at: Mapped[datetime | None] = mapped_column(Instant)
    error: Mapped[str | None] = mapped_column(String(500))
