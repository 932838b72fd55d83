"""What the server asks the database about itself."""

from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from core.jobs import Job, JobRun
from server.models import Heartbeat


def last_beat(s: Session, process: str) -> datetime | None:
    """When the process last said that it lives."""
    return s.scalar(select(Heartbeat.at).where(Heartbeat.process == process))


def jobs_waiting(s: Session) -> int:
    """Jobs that are not done, whether due or not."""
    return s.scalar(select(func.count()).select_from(Job).where(Job.done_at.is_(None))) or 0


def jobs_failed(s: Session) -> int:
    """Jobs that were given up and are still remembered."""
    return s.scalar(select(func.count()).select_from(Job).where(Job.done_at.is_not(None), Job.error.is_not(None))) or 0


def forget_jobs(s: Session, before: datetime) -> None:
    """Drops what was done before a moment."""
    s.execute(delete(Job).where(Job.done_at < before))
    s.execute(delete(JobRun).where(JobRun.at < before))
