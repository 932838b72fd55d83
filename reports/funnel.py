"""The funnel: from what was shown to who went to a store, cut by place, creative, language, hour or measure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from core.db import from_ms
from core.paths import ROOT
from measure.channels import SCREEN
from measure.hour_queries import SliceCount, slice_counts
from places.models import Location
from places.queries import locations_by_code
from reports.rates import Rate, wilson

CUTS = ("location", "area", "venue_kind", "creative", "language", "channel", "measure", "campaign", "hour", "weekhour")


@dataclass(slots=True)
class Funnel:
    """Counts along both ways to a store. `impressions` is an estimate: plays times the location's multiplier.

    On a screen: plays, impressions, scans, then straight to the store or over the landing page.
    On wifi: splash views, grants, store taps. `screen_scans` are those of the scans that came from a screen's own code,
    and not from a leaflet or a loudspeaker at the same place.
    """

    key: str
    n: dict[str, int] = field(default_factory=dict)
    impressions: float = 0.0
    screen_scans: int = 0

    def __getattr__(self, name: str) -> int:
        """A metric's count, zero where there was none."""
        if name.startswith("_"):
            raise AttributeError(name)
        return self.n.get(name, 0)

    @property
    def scanned_to_store(self) -> int:
        """Scans that ended in a store, at once or from the landing page."""
        return self.n.get("scan_stores", 0) + self.n.get("landing_stores", 0)

    @property
    def stores(self) -> int:
        """Everybody who was led to a store, from a scan or from the splash page."""
        return self.scanned_to_store + self.n.get("splash_stores", 0)

    def rates(self) -> dict[str, Rate | None]:
        """The shares that go on from step to step, each with its interval."""
        n = self.n.get
        return {
            "scans_per_play": wilson(self.screen_scans, n("plays", 0)),
            "scan_to_store": wilson(self.scanned_to_store, n("scans", 0)),
            "landing_to_store": wilson(n("landing_stores", 0), n("landings", 0)),
            "view_to_grant": wilson(n("grants", 0), n("splash_views", 0)),
            "grant_to_store": wilson(n("splash_stores", 0), n("grants", 0)),
        }


def funnel(
    s: Session, first: date, last: date, cut: str, *, under: Sequence[str] = (ROOT,), campaign: str | None = None
) -> list[Funnel]:
    """One funnel for each value of the cut (one of CUTS), from `first` to `last` local days, both included.

    `hour` is 0-23 and `weekhour` is `weekday*24 + hour` (Monday 0), in the location's own zone.
    """
    if cut not in CUTS:
        raise ValueError(f"cut must be one of {CUTS}")
    counts = slice_counts(s, first, last, under=under, campaign=campaign, by_hour=cut in ("hour", "weekhour"))
    place_of = locations_by_code(s, (each.location for each in counts))
    return _gather(counts, _key(cut, place_of), place_of)


def whole(funnels: Iterable[Funnel]) -> Funnel:
    """The sum of funnels."""
    total = Funnel("")
    for each in funnels:
        for metric, n in each.n.items():
            total.n[metric] = total.n.get(metric, 0) + n
        total.impressions += each.impressions
        total.screen_scans += each.screen_scans
    return total


def _gather(
    counts: Iterable[SliceCount], key: Callable[[SliceCount], str], place_of: Mapping[str, Location]
) -> list[Funnel]:
    found: dict[str, Funnel] = {}
    for each in counts:
        row = found.setdefault(key(each), Funnel(key(each)))
        row.n[each.metric] = row.n.get(each.metric, 0) + each.n
        if each.metric == "scans" and each.channel == SCREEN:
            row.screen_scans += each.n
        if each.metric == "plays":
            place = place_of.get(each.location)
            row.impressions += each.n * (place.audience_multiplier if place else 1.0)
    return [found[name] for name in sorted(found)]


def _key(cut: str, place_of: Mapping[str, Location]) -> Callable[[SliceCount], str]:
    if cut == "area":
        return lambda each: each.area_path
    if cut == "venue_kind":
        return lambda each: place.venue_kind if (place := place_of.get(each.location)) else ""
    if cut in ("hour", "weekhour"):
        zones = {code: ZoneInfo(place.timezone) for code, place in place_of.items()}
        clock = _hour_key if cut == "hour" else _weekhour_key
        return lambda each: clock(from_ms(each.hour or 0).astimezone(zones.get(each.location, _HOME)))
    return lambda each: str(getattr(each, cut))


_HOME = ZoneInfo("Asia/Ho_Chi_Minh")


def _hour_key(local: datetime) -> str:
    return f"{local.hour:02d}"


def _weekhour_key(local: datetime) -> str:
    return f"{local.weekday() * 24 + local.hour:03d}"
