"""What is asked about screens with which something is wrong. Each takes a session and never commits."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from places.models import Location
from signage.models import Screen, ScreenSeen, Screenshot, Shortfall
from signage.queries import HungFacts, hung_facts_query


class WatchedFacts(NamedTuple):
    """An open screen, with the operating hours of its place."""

    facts: HungFacts
    hours: list[dict[str, Any]]


def watched(s: Session, *, heard_since: datetime, made_before: datetime) -> Iterator[WatchedFacts]:
    """Every open screen that is not under test, was there by then, and was heard of since."""
    query = hung_facts_query().add_columns(Location.operating_hours).join(ScreenSeen, ScreenSeen.screen_id == Screen.id)
    query = query.where(Screen.testing.is_(False), Screen.created_at <= made_before, ScreenSeen.at >= heard_since)
    return (WatchedFacts(HungFacts(*row[:-1]), row[-1]) for row in s.execute(query))


def differing(s: Session, since: datetime) -> frozenset[str]:
    """Screens whose last photograph, not older than that, shows something else than it should."""
    query = select(Screenshot.screen_id).where(Screenshot.verdict.in_(("other", "differs")), Screenshot.at >= since)
    return frozenset(s.scalars(query))


def unexplained(s: Session, since: datetime) -> frozenset[str]:
    """Screens with an hour since then in which plays are missing without a reason."""
    query = select(Shortfall.screen_id).where(Shortfall.hour >= since, Shortfall.why == "unexplained")
    return frozenset(s.scalars(query))


def shortfalls(s: Session, *, since: datetime, before: datetime) -> Sequence[Shortfall]:
    """The hours in [since, before) that are not explained."""
    query = select(Shortfall).where(Shortfall.hour >= since, Shortfall.hour < before)
    return s.scalars(query.order_by(Shortfall.hour, Shortfall.screen_id)).all()
