"""What the server asks the database about itself."""

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from core.jobs import Job, JobRun
from server.models import Heartbeat


def last_beat(s: Session, process: str) -> datetime | None:
    """When the process last said that it lives."""
    return s.scalar(select(Heartbeat.at).where(Heartbeat.process == process))


def forget_jobs(s: Session, before: datetime) -> None:
    """Drops what was done before a moment."""
    s.execute(delete(Job).where(Job.done_at < before))
    s.execute(delete(JobRun).where(JobRun.at < before))
