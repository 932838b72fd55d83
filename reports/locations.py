"""The report by location: what was shown, scanned and tapped, and up to when the numbers are complete."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from operator import attrgetter
from typing import Any

import msgspec
from sqlalchemy.orm import Session

from core.db import from_ms
from core.paths import ROOT
from measure.queries import Heard, PlaceCounts, heard, location_counts
from places.queries import areas
from reports.queries import PlaceNamed, closed_screens, places_named


class Counts(msgspec.Struct, kw_only=True):
    """Facts, and one estimate: `impressions` are plays times the location's audience multiplier.

    `scans` are openings of a tracked link by people; `scan_stores` those of them that went straight to the phone's
    store. `store_clicks` are taps on a store, on the splash page or the landing page. `shared_scans` came through
    links that had been passed on. `machines` and `floods` are openings put aside; `late` facts came an hour or more
    after they happened.
    """

    plays: int = 0
    impressions: float = 0.0
    splash_views: int = 0
    grants: int = 0
    scans: int = 0
    scan_stores: int = 0
    landings: int = 0
    store_clicks: int = 0
    shared_scans: int = 0
    shared_stores: int = 0
    machines: int = 0
    floods: int = 0
    late: int = 0


class LocationRow(Counts, kw_only=True, omit_defaults=False):
    """One location's counts, over the whole span, or for one local day when `date` is given."""

    location: str
    location_name: str
    area: str
    area_name: str
    venue_kind: str
    date: str | None = None


class LocationReport(msgspec.Struct, kw_only=True):
    """The rows in Vietnamese order, their sum, and up to when every screen has told what it played."""

    items: list[LocationRow]
    totals: Counts
    complete_to: datetime


def location_days(
    s: Session,
    first: date,
    last: date,
    *,
    now: datetime,
    under: Sequence[str] = (ROOT,),
    campaign: str | None = None,
    by_day: bool = False,
) -> LocationReport:
    """What happened from `first` to `last` (both included, local to each location) below these area paths.

    Without `by_day`, open locations where nothing happened are there too, with zeros.
    """
    counted = location_counts(s, first, last, under=under, campaign=campaign, by_day=by_day)
    place_of = places_named(s, under, (each.location for each in counted))
    if not by_day:
        counted += _silent(place_of.values(), {each.location for each in counted})
    area_names = {area.path: (area.code, area.name) for area in areas(s, under, closed=True)}
    rows = [_row(each, place_of.get(each.location), area_names) for each in counted]
    rows.sort(key=lambda row: _order(row, place_of))
    gone = closed_screens(s)
    telling = [each for each in heard(s, under) if each.screen not in gone]
    return LocationReport(items=rows, totals=_total(rows), complete_to=complete_to(telling, now))


def complete_to(screens: Sequence[Heard], now: datetime) -> datetime:
    """The moment up to which every one of the screens has told what it played; `now` where there is none."""
    times = [each.to for each in screens if each.to is not None]
    return min(now, from_ms(min(times))) if times else now


def _silent(places: Iterable[PlaceNamed], counted: set[str]) -> list[PlaceCounts]:
    return [
        PlaceCounts(place.code, place.area_path, None, {})
        for place in places
        if place.is_open and place.code not in counted
    ]


def _row(each: PlaceCounts, place: PlaceNamed | None, area_names: dict[str, tuple[str, str]]) -> LocationRow:
    code = each.area_path.rstrip("/").rsplit("/", 1)[-1]
    area, area_name = area_names.get(each.area_path, (code, code))
    return LocationRow(
        location=each.location,
        location_name=place.name if place else each.location,
        area=area,
        area_name=area_name,
        venue_kind=place.venue_kind if place else "",
        date=each.day.isoformat() if each.day else None,
        **_counts(each.counts, place.audience_multiplier if place else 1.0),
    )


_SAME = tuple(name for name in Counts.__struct_fields__ if name not in ("impressions", "store_clicks"))


def _counts(n: dict[str, int], multiplier: float) -> dict[str, Any]:
    kept: dict[str, Any] = {name: n.get(name, 0) for name in _SAME}
    kept["impressions"] = round(kept["plays"] * multiplier, 2)
    kept["store_clicks"] = n.get("splash_stores", 0) + n.get("landing_stores", 0)
    return kept


def _order(row: LocationRow, place_of: dict[str, PlaceNamed]) -> tuple[str, str, str]:
    place = place_of.get(row.location)
    return (place.sort_key if place else row.location, row.location, row.date or "")


def _total(rows: Sequence[LocationRow]) -> Counts:
    sums = {name: sum(map(attrgetter(name), rows)) for name in Counts.__struct_fields__}
    return Counts(**sums | {"impressions": round(sums["impressions"], 2)})
