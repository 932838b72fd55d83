"""Writing the audit log, and checking that nobody else has."""

from datetime import datetime
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from core.paths import ROOT
from people import queries
from people.chain import BEFORE_THE_FIRST, Line, first_broken, line_hash
from people.models import AuditEntry
from people.roles import Principal

_CHAIN_LOCK = 4_211_977  # any number that no other advisory lock uses


def audit(
    s: Session,
    principal: Principal,
    action: str,
    kind: str,
    ref: str,
    area_path: str = ROOT,
    detail: dict[str, Any] | None = None,
    *,
    now: datetime,
) -> None:
    """Add one line in the caller's transaction, so that it stands if and only if the change does."""
    if s.get_bind().dialect.name == "postgresql":  # SQLite has one writing transaction at a time anyway
        s.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _CHAIN_LOCK})
    last = queries.last_entry(s)
    previous = last.hash if last else BEFORE_THE_FIRST
    line = Line(
        seq=last.seq + 1 if last else 1,
        at=now.replace(microsecond=now.microsecond // 1000 * 1000),  # as exact as the column keeps it
        actor_kind=principal.kind,
        actor_id=principal.id,
        actor_name=principal.name,
        action=action,
        kind=kind,
        ref=ref,
        area_path=area_path,
        detail=detail or {},
    )
    facts = {name: getattr(line, name) for name in Line.__dataclass_fields__}
    s.add(AuditEntry(**facts, previous=previous, hash=line_hash(previous, line)))
    s.flush()


def broken_at(s: Session) -> int | None:
    """The seq of the first line that does not continue the chain; None when the log is whole."""
    with queries.whole_log(s) as log:
        return first_broken((queries.line_of(entry), entry.previous, entry.hash) for entry in log)
