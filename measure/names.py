"""Names as they were: what a place, a campaign or a creative was called when something happened there."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import func, select, tuple_
from sqlalchemy.orm import Session

from measure.models import Name
from measure.writes import insert_new


class Named(NamedTuple):
    """Something's name at present. `kind` is `location`, `campaign`, `creative`, `screen`, `placement` …"""

    kind: str
    ref: str
    name: str


def latest_names(s: Session, refs: Iterable[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """The last known name of each (kind, ref) that has one."""
    wanted = sorted(set(refs))
    if not wanted:
        return {}
    newest = (
        select(Name.kind, Name.ref, func.max(Name.since).label("since"))
        .where(tuple_(Name.kind, Name.ref).in_(wanted))
        .group_by(Name.kind, Name.ref)
        .subquery()
    )
    same = (Name.kind == newest.c.kind) & (Name.ref == newest.c.ref) & (Name.since == newest.c.since)
    rows = s.execute(select(Name.kind, Name.ref, Name.name).join(newest, same))
    return {(kind, ref): name for kind, ref, name in rows}


def remember(s: Session, names: Iterable[Named], now: datetime) -> None:
    """Keeps each name that differs from the last one known."""
    current = {(each.kind, each.ref): each.name for each in names if each.ref and each.name}
    known = latest_names(s, current)
    changed = [
        {"kind": kind, "ref": ref, "since": now, "name": name}
        for (kind, ref), name in sorted(current.items())
        if known.get((kind, ref)) != name
    ]
    insert_new(s, Name, changed)
