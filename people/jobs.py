"""Sessions and links that nobody can use any more are removed."""

from datetime import datetime

from sqlalchemy import delete, or_
from sqlalchemy.orm import Session

from core.jobs import Handler, Periodic
from core.services import Services
from people.lifetimes import SESSION_IDLE, SESSION_LONGEST
from people.models import OneTimeLink, UserSession


def sweep(services: Services) -> None:
    """Once an hour."""
    now = services.clock.now()
    services.db.write(lambda s: _sweep(s, now))


def _sweep(s: Session, now: datetime) -> None:
    old = or_(UserSession.created_at < now - SESSION_LONGEST, UserSession.seen_at < now - SESSION_IDLE)
    s.execute(delete(UserSession).where(old))
    s.execute(delete(OneTimeLink).where(OneTimeLink.expires_at < now))


JOBS: list[Handler | Periodic] = [Periodic("people.sweep", 3600, sweep)]
