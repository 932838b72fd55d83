"""The funnel cut in every way adds up to the same."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from core.db import Database
from reports.funnel import CUTS, Funnel, funnel, whole
from tests.reports import world
from tests.support.clock import MORNING

# On both engines: test_both_engines.py.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

TODAY = date(2026, 11, 22)


@pytest.fixture(autouse=True)
def province(db: Database) -> None:
    world.build(db)
    world.play(db, "ben-xe", 40)
    world.play(db, "benh-vien", 10, at=MORNING + timedelta(hours=3, minutes=1))
    world.scan(db, "ben-xe", 4)
    world.scan(db, "ben-xe", 2, to_store=False)
    world.visit(db, "cho", "splash_view", "grant", "store_click")
    world.visit(db, "cho", "splash_view")


def cut(db: Database, by: str, **query: object) -> dict[str, Funnel]:
    with db.read() as s:
        return {each.key: each for each in funnel(s, TODAY, TODAY, by, **query)}  # type: ignore[arg-type]


def test_it_works(db: Database) -> None:
    found = cut(db, "location")
    station = found["ben-xe"]
    assert (station.plays, station.impressions, station.scans, station.scan_stores) == (40, 100.0, 6, 4)
    assert (found["cho"].splash_views, found["cho"].grants, found["cho"].stores) == (2, 1, 1)


@pytest.mark.parametrize("by", CUTS)
def test_every_cut_has_the_same_sum(db: Database, by: str) -> None:
    total = whole(cut(db, by).values())
    assert (total.plays, total.impressions, total.scans, total.splash_views, total.stores) == (50, 110.0, 6, 2, 5)


def test_by_area_and_venue_kind(db: Database) -> None:
    assert cut(db, "area")["/93/31333/"].plays == 10
    assert set(cut(db, "venue_kind")) == {"bus_station", "hospital", "market"}


def test_by_hour_of_the_location(db: Database) -> None:
    assert {key: each.plays for key, each in cut(db, "hour").items() if each.plays} == {"08": 39, "09": 1, "12": 10}


def test_by_hour_of_the_week(db: Database) -> None:
    sunday_noon = str(6 * 24 + 12)
    assert cut(db, "weekhour")[sunday_noon].plays == 10


def test_by_measure(db: Database) -> None:
    found = cut(db, "measure")
    assert (found["10"].scans, found["5"].grants) == (6, 1)


def test_rates_carry_their_interval(db: Database) -> None:
    rate = cut(db, "location")["ben-xe"].rates()["scans_per_play"]
    assert rate is not None
    assert rate.low < rate.value == 0.15 < rate.high


def test_a_scope_and_a_campaign(db: Database) -> None:
    assert set(cut(db, "location", under=["/93/31333/"])) == {"benh-vien"}
    assert cut(db, "location", campaign="cmp_9") == {}


def test_an_unknown_cut_is_refused(db: Database) -> None:
    with pytest.raises(ValueError, match="cut must be one of"):
        cut(db, "shoe_size")
