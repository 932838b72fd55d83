"""How far each player's local log has been taken over: read and moved on for many logs at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from measure.models import PlayAck
from measure.rows import in_rows, is_sqlite, put

Key = tuple[str, str]
_START = ("screen", "epoch", "location", "area_path", "ack")
_FIND = """SELECT stream, screen, epoch, ack, last_at, heard_to FROM play_ack
    JOIN (VALUES {rows}) AS wanted ON screen = wanted.column1 AND epoch = wanted.column2"""
_FIND_AND_LOCK = _FIND + " ORDER BY stream FOR UPDATE OF play_ack"
_MOVE = """UPDATE play_ack SET ack = new.column2, last_at = new.column3, heard_to = new.column4,
    location = new.column5, area_path = new.column6 FROM (VALUES {rows}) AS new WHERE stream = new.column1"""
_MOVED = ("BIGINT", "BIGINT", "BIGINT", "BIGINT", "TEXT", "TEXT")


@dataclass(slots=True)
class Log:
    """One log. ``last_at``: when its newest play began; ``heard_to``: up to when it tells what played (both ms)."""

    stream: int
    screen: str
    epoch: str
    ack: int
    last_at: int | None
    heard_to: int | None
    location: str = ""
    area_path: str = ""
    moved: bool = False

    def stand(self, location: str, area_path: str, ack: int, heard_to: int | None) -> None:
        """From now on the log stands here."""
        self.location, self.area_path, self.ack, self.moved = location, area_path, ack, True
        self.heard_to = max(heard_to or 0, self.heard_to or 0) or None


def logs_of(s: Session, starts: Mapping[Key, tuple[str, str, int]]) -> dict[Key, Log]:
    """The logs of these (screen, epoch), locked; one at first sight begins with its (location, area path, ack)."""
    keys = sorted(starts)
    found = _find(s, keys)
    unseen = [key for key in keys if key not in found]
    if unseen:
        put(s, PlayAck, _START, [(*key, *starts[key]) for key in unseen], new=False)
        found |= _find(s, unseen)
    return found


def _find(s: Session, keys: Sequence[Key]) -> dict[Key, Log]:
    query = _FIND if is_sqlite(s) else _FIND_AND_LOCK  # SQLite's writer is alone anyhow
    rows = (Log(*tuple(row)) for result in in_rows(s, query, keys, ("TEXT", "TEXT")) for row in result)
    return {(log.screen, log.epoch): log for log in rows}


def move_on(s: Session, logs: Iterable[Log]) -> None:
    """Writes down where the logs stand now."""
    rows = [(log.stream, log.ack, log.last_at, log.heard_to, log.location, log.area_path) for log in logs]
    for _ in in_rows(s, _MOVE, sorted(rows), _MOVED):
        pass
