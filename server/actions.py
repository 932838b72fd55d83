"""The server's own verbs."""

from datetime import datetime

from sqlalchemy.orm import Session

from server.models import Heartbeat


def beat(s: Session, process: str, now: datetime) -> None:
    """The process says that it lives."""
    found = s.get(Heartbeat, process)
    if found is None:
        s.add(Heartbeat(process=process, at=now))
    else:
        found.at = now
    s.flush()
