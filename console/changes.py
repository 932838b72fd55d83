"""A change and its line in the audit log, in one transaction: for rooms below people, which cannot write the log."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from flask import g
from sqlalchemy.orm import Session

from core.services import services
from people.actions import audit

T = TypeVar("T")


@dataclass(frozen=True)
class Line:
    """What the log says: ``action`` of a ``kind`` called ``ref`` within the area ``path``."""

    action: str
    kind: str
    ref: str
    path: str
    detail: dict[str, object] | None = None


def change(work: Callable[[Session, datetime], T], line: Line | Callable[[T], Line]) -> T:
    """Runs ``work`` with the moment that both bear; ``line`` may depend on what was made."""
    s, principal = services(), g.principal
    now = s.clock.now()

    def recorded(db: Session) -> T:
        made = work(db, now)
        said = line(made) if callable(line) else line
        audit(db, principal, said.action, said.kind, said.ref, said.path, said.detail, now=now)
        return made

    return s.db.write(recorded)
