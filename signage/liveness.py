"""How a screen is, from when it was last heard of. Pure."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

LATE_AFTER = timedelta(minutes=5)  # ten polls missed
LOST_AFTER = timedelta(hours=1)
STATES = ("live", "late", "lost", "never")


class Heard(NamedTuple):
    """When a screen was last heard of: later than ``after``, not later than ``upto``, or ``never``."""

    after: datetime | None = None
    upto: datetime | None = None
    never: bool = False


def heard(state: str, now: datetime) -> Heard:
    """When a screen that is in this state was last heard of. Raises KeyError."""
    late, lost = now - LATE_AFTER, now - LOST_AFTER
    return {"live": Heard(late), "late": Heard(lost, late), "lost": Heard(None, lost), "never": Heard(never=True)}[
        state
    ]


def state_of(seen_at: datetime | None, now: datetime) -> str:
    """live, late, lost, or never when it has not spoken since it was made."""
    if seen_at is None:
        return "never"
    silent = now - seen_at
    if silent >= LOST_AFTER:
        return "lost"
    return "late" if silent >= LATE_AFTER else "live"


def counts(seen: Iterable[datetime | None], now: datetime) -> dict[str, int]:
    """How many screens are in each state, and all together as ``total``."""
    found = Counter(state_of(at, now) for at in seen)
    return {state: found[state] for state in STATES} | {"total": found.total()}
