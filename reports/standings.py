"""The funnel as rows to read: one for each location, area, creative …, with rates, residents, and who comes first."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date

import msgspec
from sqlalchemy.orm import Session

from core.paths import ROOT
from measure.metrics import METRICS
from measure.names import latest_names
from places.models import Area, Location
from places.queries import areas, locations_by_code
from reports.funnel import Funnel, funnel
from reports.queries import newest_installs
from reports.rates import SMALL_SAMPLE, Rate, per_thousand

# A phone's language is not the screen's, and a channel's or a measure's scans have no plays of their own.
_NO_RATE_OF_PLAYS = frozenset({"language"})
ORDERS = ("name", "plays", "scans", "stores", "per_1000_plays", "per_1000_residents")


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """One row. `impressions` is an estimate (plays times the location's multiplier); all else was counted.

    `screen_scans` came from screens' own codes, and are what `per_1000_plays` is of; `residents` are those of the
    area, or of the area that the location lies in. `rates` are fractions with their 95 % Wilson intervals; a `small`
    one rests on fewer than 30 cases. `installs` is the newest number that was told for an area by the last of the days,
    whoever brought them about; it stands with areas alone, for it is told of nothing smaller.
    """

    key: str
    name: str
    plays: int
    impressions: float
    scans: int
    screen_scans: int
    scan_stores: int
    landings: int
    landing_stores: int
    splash_views: int
    grants: int
    splash_stores: int
    stores: int
    shared_scans: int
    machines: int
    floods: int
    rates: dict[str, Rate | None]
    installs: int | None = None
    residents: int | None = None
    per_1000_plays: float | None = None
    per_1000_residents: float | None = None

    @property
    def small(self) -> bool:
        """Whether so little happened that its place among others says little."""
        return self.plays + self.splash_views < SMALL_SAMPLE


def standings(
    s: Session,
    first: date,
    last: date,
    cut: str,
    *,
    under: Sequence[str] = (ROOT,),
    campaign: str | None = None,
    order: str = "name",
) -> list[Standing]:
    """A row for each value of the cut (`reports.funnel.CUTS`), by name, or by a number with the highest first.

    What rests on a small sample stands behind the others where rates are compared. Raises ValueError for an unknown
    cut or order.
    """
    if order not in ORDERS:
        raise ValueError(f"order must be one of {ORDERS}")
    found = funnel(s, first, last, cut, under=under, campaign=campaign)
    every = {each.path: each for each in areas(s, closed=True)}
    named = _namer(s, cut, found, every)
    people = _residents(s, cut, found, every)
    installed = _installs(s, cut, last, every)
    rows = [standing(each, named(each.key), people.get(each.key), cut, installed.get(each.key)) for each in found]
    return sorted(rows, key=_order(order))


def standing(each: Funnel, name: str, residents: int | None, cut: str, installs: int | None = None) -> Standing:
    """A funnel as a row."""
    rates = each.rates()
    per_play = None if cut in _NO_RATE_OF_PLAYS else rates["scans_per_play"]
    kept = {name: each.n.get(name, 0) for name in Standing.__struct_fields__ if name in METRICS}
    return Standing(
        key=each.key,
        name=name,
        impressions=round(each.impressions, 2),
        screen_scans=each.screen_scans,
        stores=each.stores,
        rates=rates | {"scans_per_play": per_play},
        installs=installs,
        residents=residents,
        per_1000_plays=1000 * per_play.value if per_play else None,
        per_1000_residents=per_thousand(each.n.get("scans", 0), residents),
        **kept,
    )


def _order(order: str) -> Callable[[Standing], tuple[object, ...]]:
    if order == "name":
        return lambda row: (row.name, row.key)
    rate = order.startswith("per_")
    return lambda row: (rate and row.small, -(getattr(row, order) or 0), row.name, row.key)


def _namer(s: Session, cut: str, found: Iterable[Funnel], every: Mapping[str, Area]) -> Callable[[str], str]:
    """How a value of the cut is called: the newest name that is known, else itself."""
    if cut == "area":
        return lambda path: every[path].name if path in every else path
    if cut in ("location", "campaign", "creative"):
        names = latest_names(s, ((cut, each.key) for each in found))
        places = locations_by_code(s, (each.key for each in found)) if cut == "location" else {}
        return lambda key: places[key].name if key in places else names.get((cut, key), key)
    return lambda key: key


def _installs(s: Session, cut: str, until: date, every: Mapping[str, Area]) -> dict[str, int]:
    if cut != "area":
        return {}
    told = newest_installs(s, until)
    return {path: told[area.code].total for path, area in every.items() if area.code in told}


def _residents(s: Session, cut: str, found: Iterable[Funnel], every: Mapping[str, Area]) -> dict[str, int | None]:
    if cut == "area":
        return {path: area.population for path, area in every.items()}
    if cut != "location":
        return {}
    places: Mapping[str, Location] = locations_by_code(s, (each.key for each in found))
    return {code: every[place.area_path].population for code, place in places.items() if place.area_path in every}
