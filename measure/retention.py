"""Raw facts are dropped after a while; the counts made of them stay for ever.

Plays are dropped a range of a log at a time: a log is in order of time, so what is too old is the beginning of
each log's range of the primary key, and no index by time has to be kept for thirteen million rows a day.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any, cast

from sqlalchemy import CursorResult, case, delete, func, select
from sqlalchemy.orm import Session

from core.db import Database, to_ms
from measure.models import Play, PlayAck, Scan, VisitEvent

KEEP = timedelta(days=35)
_RANGE = 5_000  # some milliseconds in which others' writes wait
_ROWS = 5_000


def drop_old_facts(db: Database, now: datetime) -> int:
    """Drops what happened before `now - KEEP`, in short transactions; returns how many rows went."""
    before_ms = to_ms(now - KEEP)
    with db.read() as s:
        streams = list(s.scalars(select(PlayAck.stream).order_by(PlayAck.stream)))
    drops = [partial(drop_plays, stream=stream, before_ms=before_ms) for stream in streams]
    drops += [partial(drop_rows, model=model, before_ms=before_ms) for model in (Scan, VisitEvent)]
    return sum(_drop_all(db, drop) for drop in drops)


def _drop_all(db: Database, drop: Callable[[Session], int]) -> int:
    dropped = 0
    while some := db.write(drop):
        dropped += some
    return dropped


def drop_plays(s: Session, stream: int, before_ms: int) -> int:
    """Drops up to a range of a log's oldest plays, as far as they are from before that moment; returns how many."""
    oldest = select(Play.seq, Play.at).where(Play.stream == stream).order_by(Play.seq).limit(_RANGE).subquery()
    young = case((oldest.c.at >= before_ms, oldest.c.seq))
    last, kept = s.execute(select(func.max(oldest.c.seq), func.min(young))).one()
    if last is None:
        return 0
    old = delete(Play).where(Play.stream == stream, Play.seq <= last if kept is None else Play.seq < kept)
    return cast(CursorResult[Any], s.execute(old)).rowcount


def drop_rows(s: Session, model: type[Scan] | type[VisitEvent], before_ms: int) -> int:
    """Drops scans or visit events from before that moment, at most so many at once; returns how many."""
    table = model.__table__
    key = next(iter(table.primary_key))
    old = select(key).where(table.c.at < before_ms).limit(_ROWS)
    keys = set(s.scalars(old))
    if keys:
        s.execute(delete(model).where(key.in_(keys), table.c.at < before_ms))
    return len(keys)
