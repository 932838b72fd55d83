"""What was seen and is still to be written down: facts of visits, and what a hotspot's day counts."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from measure.ledger import VisitFact, record_visits
from portal import queries
from portal.pending import Waiting
from portal.stands import Stand

DAY_COUNTS = {"splash_view": "splashes", "grant": "grants"}


@dataclass(frozen=True, slots=True)
class Seen:
    """A fact of a visit, with the moment it happened."""

    fact: VisitFact
    at: datetime


@dataclass(frozen=True, slots=True)
class Asked:
    """A grant that a gateway has still to fetch, for the other processes."""

    grant: Waiting
    sealed: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Fetched:
    """Grants that need not be kept any longer."""

    ids: tuple[str, ...]
    at: datetime


@dataclass(frozen=True, slots=True)
class Tallied:
    """Something that a hotspot's day counts: a refusal, a poll."""

    stand: Stand
    what: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Accepted:
    """That somebody accepted the terms: which wording, in which language, where, in which hour."""

    hotspot: str
    version: int
    language: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Clocked:
    """What time it was for a gateway when it sent a phone."""

    stand: Stand
    told: datetime
    at: datetime


@dataclass(frozen=True, slots=True)
class Missed:
    """That a process ended with views since then that it had not written; `at` is when that was found."""

    since: datetime
    at: datetime


Item = Seen | Tallied | Asked | Fetched | Accepted | Clocked | Missed


def deliver(s: Session, batch: list[Item]) -> None:
    """Writes what was seen, each fact of a visit once."""
    days: dict[tuple[str, date], Counter[str]] = {}
    seen = [item for item in batch if isinstance(item, Seen)]
    for one, new in zip(seen, record_visits(s, [(one.fact, one.at) for one in seen]), strict=True):
        if new and one.fact.kind in DAY_COUNTS:
            day = one.at.astimezone(ZoneInfo(one.fact.timezone)).date()
            days.setdefault((one.fact.hotspot, day), Counter())[DAY_COUNTS[one.fact.kind]] += 1
    for item in batch:
        if isinstance(item, Tallied):
            days.setdefault((item.stand.code, _day_at(item.stand, item.at)), Counter())[item.what] += 1
        elif not isinstance(item, Seen):
            _put_down(s, item)
    for (code, day), counts in days.items():
        queries.add_to_day(s, code, day, counts, batch[-1].at)


def _put_down(s: Session, item: Asked | Fetched | Accepted | Clocked | Missed) -> None:
    """What is a row of its own."""
    if isinstance(item, Asked):
        queries.keep_pending(s, item.grant, item.sealed, item.at)
    elif isinstance(item, Fetched):
        queries.forget_pending(s, item.ids)
    elif isinstance(item, Accepted):
        hour = item.at.replace(minute=0, second=0, microsecond=0)
        queries.add_acceptance(s, item.hotspot, item.version, item.language, hour, 1)
    elif isinstance(item, Clocked):
        ahead = round((item.told - item.at).total_seconds())
        queries.keep_clock(s, item.stand.code, _day_at(item.stand, item.at), ahead)
    else:
        queries.keep_gap(s, item.since, item.at)


def _day_at(stand: Stand, at: datetime) -> date:
    return at.astimezone(ZoneInfo(stand.location.timezone)).date()
