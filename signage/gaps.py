"""Why plays are missing: an hour's planned plays beside those that were played and those that a panel showed. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from places.hours import open_at

Span = tuple[datetime, datetime]
NOT_HUNG, CLOSED, NOT_TOLD, OVERFLOW, WIPED, OFF, UNEXPLAINED = (
    "not_hung", "closed", "not_told", "overflow", "wiped", "off", "unexplained",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known of a screen's day. ``told_to``: up to when its log has been delivered.

    ``overflows`` are stretches whose plays the player itself declared lost; ``wiped`` those between the end of one log
    and the beginning of the next; ``silences`` those in which it was not heard of.
    """

    created_at: datetime
    timezone: str
    hours: Sequence[Mapping[str, Any]]
    told_to: datetime | None
    overflows: Sequence[Span] = ()
    wiped: Sequence[Span] = ()
    silences: Sequence[Span] = ()


@dataclass(frozen=True, slots=True)
class Hour:
    """An hour of a screen. ``displayed`` are plays whose panel did not say that it was off."""

    start: datetime
    until: datetime
    planned: int
    played: int
    displayed: int
    why: str | None = None

    @property
    def missing(self) -> int:
        """Plays that were planned and did not come; one more or less is a matter of where an hour is cut."""
        short = self.planned - self.played
        return short if short > allowed(self.planned) else 0


def allowed(planned: int) -> int:
    """So many plays may be missing from an hour before anybody asks why."""
    return max(1, planned // 20)


def why(hour: Hour, evidence: Evidence) -> str | None:
    """The reason for what is missing, ``unexplained`` where there is none, None where nothing is missing."""
    if not hour.missing:
        return None
    middle = hour.start + (hour.until - hour.start) / 2
    if hour.start < evidence.created_at:
        return NOT_HUNG
    if not open_at(evidence.hours, middle.astimezone(ZoneInfo(evidence.timezone))):
        return CLOSED
    if evidence.told_to is None or evidence.told_to < hour.until:
        return NOT_TOLD
    for reason, spans in ((OVERFLOW, evidence.overflows), (WIPED, evidence.wiped), (OFF, evidence.silences)):
        if any(start < hour.until and until > hour.start for start, until in spans):
            return reason
    return UNEXPLAINED
