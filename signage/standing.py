"""A fleet as somebody looks at it: which of its screens are meant, and how each location stands."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from sqlalchemy.orm import Session

from places.folding import sort_key
from places.models import Location
from signage import queries
from signage.dialects.table import OWN
from signage.liveness import counts, state_of
from signage.queries import FleetRow

KINDS = ("failing", "panel-off", "testing", "other-make")
TROUBLED_FOR = timedelta(days=1)  # what went wrong is of interest for so long

_of_name = lru_cache(100_000)(sort_key)  # a fleet's names are asked for again with each page


@dataclass(frozen=True)
class Standing:
    """How many screens of a location are live, late, lost, never heard of, and all together (``total``)."""

    location: Location
    counts: Mapping[str, int]


def in_order(rows: Iterable[FleetRow]) -> list[FleetRow]:
    """By location and name as people read them: elevator 2 before elevator 10."""
    return sorted(rows, key=lambda row: (row.location.sort_key, _of_name(row.screen.name), row.screen.id))


def by_location(rows: Iterable[FleetRow], now: datetime) -> list[Standing]:
    """The locations of these screens: where most are lost first, then where most are late, then in their order."""
    held: dict[str, list[FleetRow]] = {}
    for row in rows:
        held.setdefault(row.location.code, []).append(row)
    found = [Standing(some[0].location, counts([row.seen_at for row in some], now)) for some in held.values()]
    return sorted(found, key=_worst_first)


def _worst_first(one: Standing) -> tuple[int, int, str, str]:
    return -one.counts["lost"], -one.counts["late"], one.location.sort_key, one.location.code


def of_kind(s: Session, rows: Sequence[FleetRow], kind: str, now: datetime) -> list[FleetRow]:
    """Those of one of KINDS; of any other word all of them."""
    troubled = queries.troubled(s, now - TROUBLED_FOR) if kind == "failing" else frozenset()
    return [row for row in rows if _is(row, kind, now, troubled)]


def _is(row: FleetRow, kind: str, now: datetime, troubled: frozenset[str]) -> bool:
    if kind == "failing":
        return row.screen.id in troubled
    if kind == "panel-off":
        return state_of(row.seen_at, now) == "live" and row.status is not None and row.status.display == "off"
    if kind == "testing":
        return row.screen.testing
    return kind != "other-make" or row.screen.dialect != OWN
