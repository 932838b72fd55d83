"""The report by location says what happened, no more and no less."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from core.db import Database
from reports.locations import LocationReport, LocationRow, location_days
from tests.reports import world
from tests.support.clock import MORNING

# On both engines: test_both_engines.py.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

TODAY = date(2026, 11, 22)


@pytest.fixture(autouse=True)
def province(db: Database) -> None:
    world.build(db)


def report(db: Database, first: date = TODAY, last: date = TODAY, **query: Any) -> LocationReport:
    with db.read() as s:
        return location_days(s, first, last, now=MORNING, **query)


def of(found: LocationReport, location: str) -> LocationRow:
    (row,) = [row for row in found.items if row.location == location]
    return row


def test_it_works(db: Database) -> None:
    world.play(db, "ben-xe", 4)
    world.visit(db, "ben-xe", "splash_view", "grant", "store_click")
    world.scan(db, "ben-xe", 3)
    row = of(report(db), "ben-xe")
    assert (row.location_name, row.area, row.area_name) == ("Bến xe Vị Thanh", "31321", "Phường I")
    assert (row.plays, row.impressions) == (4, 10.0)
    assert (row.splash_views, row.grants, row.scans, row.scan_stores, row.store_clicks) == (1, 1, 3, 3, 1)


def test_places_where_nothing_happened_are_there_with_zeros(db: Database) -> None:
    assert [(row.location, row.plays) for row in report(db).items] == [("ben-xe", 0), ("benh-vien", 0), ("cho", 0)]


def test_totals_are_the_sum_of_the_rows(db: Database) -> None:
    world.play(db, "ben-xe", 4)
    world.play(db, "cho", 3)
    totals = report(db).totals
    assert (totals.plays, totals.impressions) == (7, 13.0)


def test_an_area_sees_its_own(db: Database) -> None:
    world.play(db, "ben-xe", 4)
    world.play(db, "benh-vien", 2)
    found = report(db, under=["/93/31333/"])
    assert [row.location for row in found.items] == ["benh-vien"]
    assert found.totals.plays == 2


def test_no_area_sees_nothing(db: Database) -> None:
    world.play(db, "ben-xe", 4)
    assert report(db, under=[]).items == []


def test_one_campaign_alone(db: Database) -> None:
    world.play(db, "ben-xe", 4)
    world.play(db, "ben-xe", 3, campaign="cmp_2")
    assert of(report(db, campaign="cmp_2"), "ben-xe").plays == 3


def test_by_day_each_day_has_its_row(db: Database) -> None:
    world.play(db, "ben-xe", 4)
    world.play(db, "ben-xe", 3, at=MORNING - timedelta(days=1))
    rows = report(db, TODAY - timedelta(days=1), TODAY, by_day=True).items
    assert [(row.date, row.plays) for row in rows] == [("2026-11-21", 3), ("2026-11-22", 4)]


def test_days_beyond_the_span_are_left_out(db: Database) -> None:
    world.play(db, "ben-xe", 4, at=MORNING - timedelta(days=2))
    assert report(db, TODAY - timedelta(days=1), TODAY).totals.plays == 0


@pytest.mark.parametrize(
    ("first", "last"),
    [
        (date(2026, 9, 1), date(2026, 11, 30)),
        (date(2026, 9, 15), date(2026, 11, 22)),
        (date(2026, 9, 30), date(2026, 10, 31)),
        (date(2026, 10, 2), date(2026, 10, 30)),
        (date(2026, 10, 1), date(2026, 11, 1)),
        (date(2026, 9, 3), date(2026, 11, 20)),
        (date(2026, 9, 11), date(2026, 11, 10)),
        (date(2026, 9, 16), date(2026, 11, 15)),
    ],
)
def test_spans_of_months_equal_the_sum_of_their_days(db: Database, first: date, last: date) -> None:
    for ago in range(0, 90, 7):
        world.play(db, "ben-xe", 1 + ago // 7, at=MORNING - timedelta(days=ago))
    by_day = report(db, first, last, by_day=True).totals
    assert report(db, first, last).totals == by_day
    assert by_day.plays > 0


def test_it_says_up_to_when_every_screen_has_told_all(db: Database) -> None:
    world.play(db, "ben-xe", 1, at=MORNING - timedelta(minutes=40))
    world.play(db, "cho", 1, at=MORNING - timedelta(minutes=5))
    assert report(db).complete_to == MORNING - timedelta(minutes=40)
    assert report(db, under=["/93/31333/"]).complete_to == MORNING


def test_a_location_that_is_gone_keeps_its_numbers(db: Database) -> None:
    world.PATHS["tram-cu"] = "/93/31321/"
    world.play(db, "tram-cu", 2)
    row = of(report(db), "tram-cu")
    assert (row.plays, row.impressions, row.location_name) == (2, 2.0, "tram-cu")


def test_machines_are_apart(db: Database) -> None:
    world.scan(db, "cho", 2)
    world.scan(db, "cho", 5, reason="crawler")
    row = of(report(db), "cho")
    assert (row.scans, row.machines) == (2, 5)
