"""What reports and rollups cost. Prints; judges nothing but errors."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from core.db import Database
from measure.check import facts_by_hour
from measure.ledger import PlayPlace, record_plays
from places.actions import create_area, create_location
from reports.locations import location_days
from tests.measure.world import ZONE, batch, row
from tests.support.clock import MORNING

pytestmark = [
    pytest.mark.bench,
    pytest.mark.timeout(600),
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]
LOCATIONS, PLAYS = 2_000, 300_000
YEAR = (date(2026, 1, 1), date(2026, 12, 31))
PLAIN = (
    "SELECT location, area_path, sum(plays), sum(splash_views), sum(grants), sum(splash_stores), sum(scans),"
    " sum(scan_stores), sum(landings), sum(landing_stores), sum(machines), sum(floods), sum(late)"
    " FROM month_count WHERE month BETWEEN ? AND ? GROUP BY location, area_path"
)


def median_ms(work: Callable[[], object], rounds: int = 7) -> float:
    times = []
    for _ in range(rounds):
        begin = time.perf_counter()
        work()
        times.append(1000 * (time.perf_counter() - begin))
    return sorted(times)[rounds // 2]


def fill_counts(db: Database, times: int) -> None:
    """A year of counts by day and by month for every location, `times` campaigns of them."""
    names = "plays,splash_views,grants,splash_stores,scans,scan_stores,landings,landing_stores,shared_scans"
    names += ",shared_stores,machines,floods,late"
    counts = "6480,40,30,9,12,9,3,1,0,0,2,0,5"
    days = (YEAR[1] - YEAR[0]).days + 1
    spans = {"day_count": ("local_date", days, "day"), "month_count": ("month", 12, "month")}

    def work(s) -> None:  # type: ignore[no-untyped-def]
        for table, (key, many, step) in spans.items():
            s.execute(
                text(
                    f"WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i+1 FROM n WHERE i+1 < :many),"
                    f" l(j) AS (SELECT 0 UNION ALL SELECT j+1 FROM l WHERE j+1 < :locations),"
                    f" c(k) AS (SELECT 0 UNION ALL SELECT k+1 FROM c WHERE k+1 < :times)"
                    f" INSERT INTO {table} ({key}, location, campaign, area_path, {names})"
                    f" SELECT date('2026-01-01', i || ' {step}s'), 'l' || j, 'c' || k, '/93/', {counts} FROM n, l, c"
                ),
                {"many": many, "locations": LOCATIONS, "times": times},
            )

    db.write(work)


def build(db: Database) -> None:
    def work(s) -> None:  # type: ignore[no-untyped-def]
        create_area(s, code="93", name="Hậu Giang", now=MORNING)
        for number in range(LOCATIONS):
            create_location(s, code=f"l{number}", name=f"L{number}", area="93", venue_kind="market", now=MORNING)

    db.write(work)


def test_a_year_of_two_thousand_locations(db: Database) -> None:
    times = 1
    build(db)
    fill_counts(db, times)
    with db.read() as s:
        report = median_ms(lambda: location_days(s, *YEAR, now=MORNING))
        raw = s.connection().connection
        plain = median_ms(lambda: raw.execute(PLAIN, ("2026-01-01", "2026-12-01")).fetchall())  # type: ignore[attr-defined]
        part = median_ms(lambda: location_days(s, YEAR[0] + timedelta(9), YEAR[1] - timedelta(9), now=MORNING))
    print(
        f"\nyear, {LOCATIONS} locations x {times} campaigns: report {report:.0f} ms, plain SQL {plain:.0f} ms, "
        f"ratio {report / plain:.1f}; a year less nine days at both ends {part:.0f} ms"
    )


def test_rollups_made_anew_of_many_plays(db: Database, tmp_path: Path) -> None:
    def work(s) -> None:  # type: ignore[no-untyped-def]
        s.execute(
            text(
                "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i+1 FROM n WHERE i+1 < :plays)"
                " INSERT INTO play SELECT i % 2000, i / 2000, i % 24000, 1795312800000 + (i / 2000) * 60000,"
                " 500, 10000, 10000, 0, 1, 1, 0 FROM n"
            ),
            {"plays": PLAYS},
        )
        s.execute(
            text(
                "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i+1 FROM n WHERE i+1 < 24000)"
                " INSERT INTO showing SELECT i, 'l' || (i % 2000), '/93/', :zone, 'c', 'p', 'x' || (i / 2000), 'vi',"
                " 'e', '', 'r' FROM n"
            ),
            {"zone": ZONE},
        )

    db.write(work)
    with db.read() as s:
        begin = time.perf_counter()
        assert facts_by_hour(s, 0).total() == PLAYS
        took = time.perf_counter() - begin
        size = s.scalar(text("SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()")) or 0
    print(
        f"\nrollups of {PLAYS:,} plays made anew: {PLAYS / took:,.0f} plays/s; {size / PLAYS:.0f} bytes a play at rest"
    )


@pytest.mark.parametrize("size", [10, 60, 500])
def test_batches_into_the_ledger(db: Database, size: int) -> None:
    batches = 3_000 // size + 20
    begin = time.perf_counter()
    for number in range(batches):
        sent = batch([row(seq, ago_ms=(size - seq) * 100) for seq in range(1, size + 1)], epoch=f"{number:012x}")
        place = PlayPlace(f"scr_{number % 50}", f"l{number % 50}", "/93/", ZONE, {"plc_1": "cmp_1"})
        db.write(lambda s, place=place, sent=sent: record_plays(s, place, sent, MORNING))
    took = time.perf_counter() - begin
    print(f"\nbatches of {size}: {batches / took:,.0f} a second, {batches * size / took:,.0f} plays/s, each durable")
