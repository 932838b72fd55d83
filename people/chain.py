"""The chain that makes a changed or missing line of the audit log show. Pure.

Each entry's hash covers the hash before it, so nothing in the middle can be altered, dropped or put in
without every later hash being wrong. The end alone can be cut off: keep a copy of the last hash elsewhere.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

BEFORE_THE_FIRST = "0" * 64


@dataclass(frozen=True)
class Line:
    """What one entry of the log says."""

    seq: int
    at: datetime
    actor_kind: str
    actor_id: str
    actor_name: str
    action: str
    kind: str
    ref: str
    area_path: str
    detail: dict[str, Any]


def line_hash(previous: str, line: Line) -> str:
    """SHA-256 in hex over the previous hash and the line as JSON with sorted keys."""
    said = msgspec.json.encode(line, order="deterministic")
    return hashlib.sha256(previous.encode() + b"\n" + said).hexdigest()


def first_broken(lines: Iterable[tuple[Line, str, str]], previous: str = BEFORE_THE_FIRST) -> int | None:
    """The seq of the first of these (line, previous, hash) that does not continue the chain; None if all do."""
    seq: int | None = None
    for line, before, kept in lines:
        gap = seq is not None and line.seq != seq + 1
        if gap or before != previous or kept != line_hash(previous, line):
            return line.seq
        seq, previous = line.seq, kept
    return None
