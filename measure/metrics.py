"""What is counted, and how a fact becomes a count."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from hashlib import blake2b
from typing import NamedTuple

from measure.hours import local_hour
from measure.spans import Grain, begin_of

METRICS = (
    "plays",
    "splash_views",
    "grants",
    "splash_stores",
    "scans",
    "scan_stores",
    "landings",
    "landing_stores",
    "shared_scans",
    "shared_stores",
    "machines",
    "floods",
)
LATE_AFTER_MS = 3_600_000
_NOTHING = dict.fromkeys((*METRICS, "late"), 0)


def digest_id(parts: Iterable[str | int]) -> int:
    """A 63-bit id that follows from the parts, so that a row can be written without asking whether it is there."""
    text = "\x1f".join(map(str, parts))
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest()) >> 1


class What(NamedTuple):
    """What a count is a count of; empty where a part does not apply."""

    metric: str
    location: str
    area_path: str
    campaign: str
    creative: str
    language: str
    placement: str
    channel: str
    measure: int


class Cell(NamedTuple):
    """One count's place: the local hour (ms since 1970, local date) and what is counted."""

    hour_ms: int
    day: date
    what: What


def cell_at(at_ms: int, timezone: str, what: What) -> Cell:
    """The cell that counts something that happened at an instant in a zone."""
    hour = local_hour(at_ms, timezone)
    return Cell(hour.start_ms, hour.day, what)


@dataclass(slots=True)
class Tally:
    """Counts to be added to the rollups, and how many of them came late; negative where facts are taken back."""

    cells: dict[Cell, tuple[int, int]]  # how many, and how many of them late; a cell is dear to look up

    @classmethod
    def empty(cls) -> Tally:
        """Nothing counted yet."""
        return cls({})

    def add(self, cell: Cell, n: int = 1, *, late: bool = False) -> None:
        """Counts `n` facts of a cell."""
        before, late_before = self.cells.get(cell, (0, 0))
        self.cells[cell] = before + n, late_before + n * late


class DayKey(NamedTuple):
    """A location's day in one campaign."""

    day: date
    location: str
    campaign: str
    area_path: str


def by_day(tally: Tally) -> dict[DayKey, dict[str, int]]:
    """The tally by location, campaign and local day: metric (and `late`) to count."""
    days: dict[DayKey, dict[str, int]] = {}
    for cell, (n, late) in tally.cells.items():
        key = DayKey(cell.day, cell.what.location, cell.what.campaign, cell.what.area_path)
        row = days.get(key)
        if row is None:
            row = days[key] = _NOTHING.copy()
        row[cell.what.metric] += n
        row["late"] += late
    return days


def by_period(days: dict[DayKey, dict[str, int]], grain: Grain) -> dict[DayKey, dict[str, int]]:
    """The counts of days by location, campaign and the dekad or month that they lie in (its first day)."""
    periods: dict[DayKey, dict[str, int]] = {}
    for key, counts in days.items():
        period = key._replace(day=begin_of(key.day, grain))
        row = periods.get(period)
        periods[period] = counts if row is None else {name: n + counts[name] for name, n in row.items()}
    return periods
