"""Work to be done later by the job process: a queue in the database, claimed by compare-and-set.

``enqueue`` joins the caller's transaction, so a job exists if and only if what it belongs to does. A worker
claims a job for a time and renews its claim while it works; if it dies, the claim lapses and another takes over:
handlers must bear being run twice.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import Index, func, or_, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from core.db import Base, Instant, JsonDoc
from core.ids import new_id

if TYPE_CHECKING:
    from core.services import Services

CLAIM = timedelta(minutes=5)
MOST_ATTEMPTS = 5


class Job(Base):
    """One piece of work. ``key`` is unique among jobs that wait, so asking twice is asking once."""

    __tablename__ = "job"
    __table_args__ = (Index("ix_job_due", "done_at", "run_at"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]
    key: Mapped[str | None] = mapped_column(unique=True)
    payload: Mapped[dict[str, Any]] = mapped_column(JsonDoc)
    run_at: Mapped[datetime] = mapped_column(Instant)
    claimed_until: Mapped[datetime | None] = mapped_column(Instant)
    attempts: Mapped[int] = mapped_column(default=0)
    done_at: Mapped[datetime | None] = mapped_column(Instant)
    error: Mapped[str | None]


class JobRun(Base):
    """A periodic job's period that somebody has taken: the unique row makes a second process harmless."""

    __tablename__ = "job_run"

    name: Mapped[str] = mapped_column(primary_key=True)
    period: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(Instant)


@dataclass(frozen=True)
class Handler:
    """Does the queued jobs of one kind. ``run`` opens its own transactions."""

    kind: str
    run: "Callable[[Services, dict[str, Any]], None]"


@dataclass(frozen=True)
class Periodic:
    """Runs once in every period of ``every_s`` seconds, whichever process comes first."""

    name: str
    every_s: int
    run: "Callable[[Services], None]"


def enqueue(
    s: Session,
    kind: str,
    payload: dict[str, Any],
    *,
    now: datetime,
    key: str | None = None,
    run_at: datetime | None = None,
) -> None:
    """Adds a job to the caller's transaction; with a ``key`` that already waits, nothing happens."""
    if key is not None and s.scalar(select(Job.id).where(Job.key == key)):
        return
    s.add(
        Job(
            id=new_id("job"),
            kind=kind,
            key=key,
            payload=payload,
            run_at=run_at or now,
            attempts=0,
        )
    )
    s.flush()


def claim(s: Session, kinds: list[str], now: datetime) -> Job | None:
    """Takes the oldest job that is due and unclaimed, for CLAIM; None if there is none."""
    free = or_(Job.claimed_until.is_(None), Job.claimed_until < now)
    due = select(Job).where(Job.done_at.is_(None), Job.run_at <= now, free, Job.kind.in_(kinds))
    job = s.scalar(due.order_by(Job.run_at, Job.id).limit(1).with_for_update(skip_locked=True))
    if job is not None:
        job.claimed_until, job.attempts = now + CLAIM, job.attempts + 1
        s.flush()
    return job


def renew(s: Session, job_ids: Collection[str], now: datetime) -> None:
    """Whoever is still at these jobs keeps them for another CLAIM, however long they take."""
    held = update(Job).where(Job.id.in_(job_ids), Job.done_at.is_(None), Job.claimed_until.is_not(None))
    s.execute(held.values(claimed_until=now + CLAIM))


def finish(s: Session, job_id: str, now: datetime) -> None:
    """The job is done; its key is free again."""
    s.execute(update(Job).where(Job.id == job_id).values(done_at=now, key=None, error=None))


def fail(s: Session, job_id: str, error: str, now: datetime) -> None:
    """Puts the job back with growing delay, and gives up after MOST_ATTEMPTS."""
    job = s.get_one(Job, job_id)
    job.error = error[:2000]
    if job.attempts >= MOST_ATTEMPTS:
        job.done_at, job.key = now, None
    else:
        job.claimed_until, job.run_at = None, now + timedelta(seconds=2**job.attempts)


def take_period(s: Session, name: str, every_s: int, now: datetime) -> bool:
    """Whether this process may run the period that ``now`` lies in."""
    period = int(now.timestamp()) // every_s
    if s.get(JobRun, (name, period)):
        return False
    s.add(JobRun(name=name, period=period, at=now))
    s.flush()
    return True


def waiting_and_failed(s: Session) -> tuple[int, int]:
    """How many jobs are not done yet, and how many were given up and are still remembered."""
    given_up = (Job.done_at.is_not(None), Job.error.is_not(None))
    waiting = s.scalar(select(func.count()).select_from(Job).where(Job.done_at.is_(None)))
    failed = s.scalar(select(func.count()).select_from(Job).where(*given_up))
    return waiting or 0, failed or 0
