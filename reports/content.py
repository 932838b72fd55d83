"""What a frozen report says. Written once as JSON with sorted keys; its digest and signature are of those bytes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

import msgspec

from measure.metrics import METRICS
from reports.completeness import Completeness

VERSION = 1


class Figures(msgspec.Struct, frozen=True):
    """Counts by metric, and the one estimate: impressions (plays times each location's multiplier)."""

    counts: dict[str, int]
    impressions: float

    @property
    def stores(self) -> int:
        """Everybody who was led to a store."""
        return sum(self.counts.get(name, 0) for name in ("scan_stores", "landing_stores", "splash_stores"))

    def n(self, metric: str) -> int:
        """A metric's count."""
        return self.counts.get(metric, 0)


def add(figures: Iterable[Figures], sign: int = 1) -> Figures:
    """The sum; with `sign` -1 the first less the others."""
    counts = dict.fromkeys(METRICS, 0)
    impressions = 0.0
    for index, each in enumerate(figures):
        factor = 1 if index == 0 else sign
        impressions += factor * each.impressions
        for name in METRICS:
            counts[name] += factor * each.counts.get(name, 0)
    return Figures(counts, round(impressions, 2))


class AreaRef(msgspec.Struct, frozen=True):
    """The area as it was called."""

    code: str
    name: str
    path: str


class InstallLine(msgspec.Struct, frozen=True):
    """Installs as they were told, against whom, and what the target asks for. Shares are fractions."""

    total: int
    day: date
    source: str
    population: int | None
    share: float | None
    smartphone_users: int | None
    share_of_smartphones: float | None
    target_share: float | None
    target_by: date | None
    missing: int | None
    per_day: int | None
    officials_total: int | None = None
    officials: int | None = None


class NoteLine(msgspec.Struct, frozen=True):
    """What the unit added, and when; `by_hand`: measure (1-10) to number."""

    remark: str
    by_hand: dict[str, int]
    at: datetime
    on_time: bool


class PeopleLine(msgspec.Struct, frozen=True):
    """Different people on the day of the report: an estimate with its standard error, and how they were told apart."""

    kind: str
    estimate: int
    plus_minus: int


class UnitContent(msgspec.Struct, frozen=True, kw_only=True):
    """A unit's report: its period, what came late for earlier ones, and everything since the beginning."""

    version: int = VERSION
    kind: str = "unit"
    area: AreaRef
    day: date
    closes_at: datetime
    made_at: datetime
    period_from: datetime
    period_until: datetime
    period: Figures
    adjustments: Figures
    total: Figures
    people: list[PeopleLine]
    installs: InstallLine | None
    completeness: Completeness
    note: NoteLine | None
    previous: str | None


class UnitLine(msgspec.Struct, frozen=True, kw_only=True):
    """A unit in its parent's report. `report` is the digest of the unit's own; `late`: nothing was added in time."""

    area: AreaRef
    report: str
    period: Figures
    adjustments: Figures
    installs: InstallLine | None
    screens: int
    heard: int
    missing_plays: int
    note: NoteLine | None
    late: bool


class AggregateContent(msgspec.Struct, frozen=True, kw_only=True):
    """A parent's report: the sum of its units' frozen reports, naming who was late and whose report is missing."""

    version: int = VERSION
    kind: str = "aggregate"
    area: AreaRef
    day: date
    closes_at: datetime
    made_at: datetime
    period: Figures
    adjustments: Figures
    total: Figures
    people: list[PeopleLine]
    installs: InstallLine | None
    screens: int
    heard: int
    missing_plays: int
    units: list[UnitLine]
    late: list[str]
    not_made: list[str]
    previous: str | None


Content = UnitContent | AggregateContent


def encode(content: Content) -> bytes:
    """The bytes that are kept, hashed and signed."""
    return msgspec.json.encode(content, order="deterministic")


def decode(text: str | bytes) -> Content:
    """What `encode` wrote."""
    if msgspec.json.decode(text, type=_Head).kind == "aggregate":
        return msgspec.json.decode(text, type=AggregateContent)
    return msgspec.json.decode(text, type=UnitContent)


class _Head(msgspec.Struct):
    kind: str
