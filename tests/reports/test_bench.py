"""What reports and rollups cost. Prints; judges nothing but errors."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy import text

from bench.exports import export
from core.db import Database
from measure.check import facts_by_hour
from measure.ledger import PlayPlace, record_plays
from measure.log_queries import stretches
from measure.metrics import METRICS
from measure.spans import Grain, begin_of
from places.actions import create_area, create_location
from reports.locations import location_days
from tests.measure.world import ZONE, batch, row
from tests.support.clock import MORNING

pytestmark = [
    pytest.mark.bench,
    pytest.mark.timeout(600),
]
on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
LOCATIONS, SCREENS, PLAYS_A_DAY = 2_000, 2_000, 6_480
NAMES = ",".join((*METRICS, "late"))
SUMS = ",".join(f"sum({name})" for name in (*METRICS, "late"))
YEAR = (date(2026, 1, 1), date(2026, 12, 31))
PLAIN = f"SELECT location, area_path, {SUMS} FROM month_count WHERE month BETWEEN ? AND ? GROUP BY location, area_path"


def median_ms(work: Callable[[], object], rounds: int = 7) -> float:
    times = []
    for _ in range(rounds):
        begin = time.perf_counter()
        work()
        times.append(1000 * (time.perf_counter() - begin))
    return sorted(times)[rounds // 2]


def fill_counts(db: Database) -> None:
    """A year of counts for every location, by day, and by dekad and month as these add up to."""

    def work(s) -> None:  # type: ignore[no-untyped-def]
        s.execute(
            text(
                "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i+1 FROM n WHERE i+1 < :days),"
                " l(j) AS (SELECT 0 UNION ALL SELECT j+1 FROM l WHERE j+1 < :locations)"
                f" INSERT INTO day_count (local_date, location, campaign, area_path, {NAMES})"
                " SELECT date('2026-01-01', i || ' days'), 'l' || j, 'c', '/93/', 6480,40,30,9,12,9,3,1,0,0,2,0,5"
                " FROM n, l"
            ),
            {"days": (YEAR[1] - YEAR[0]).days + 1, "locations": LOCATIONS},
        )
        for grain in (Grain.DEKAD, Grain.MONTH):
            sum_up(s, grain)

    db.write(work)


def sum_up(s, grain: Grain) -> None:  # type: ignore[no-untyped-def]
    """Fills the counts of dekads or months from those of the days."""
    begins = sorted({begin_of(YEAR[0] + timedelta(n), grain) for n in range(365)})
    for begin, behind in zip(begins, [*begins[1:], YEAR[1] + timedelta(1)], strict=True):
        s.execute(
            text(
                f"INSERT INTO {grain.value}_count ({grain.value}, location, campaign, area_path, {NAMES})"
                f" SELECT :begin, location, campaign, area_path, {SUMS} FROM day_count"
                " WHERE local_date >= :begin AND local_date < :behind GROUP BY 2, 3, 4"
            ),
            {"begin": begin.isoformat(), "behind": behind.isoformat()},
        )


def build(db: Database) -> None:
    def work(s) -> None:  # type: ignore[no-untyped-def]
        create_area(s, code="93", name="Hậu Giang", now=MORNING)
        for number in range(LOCATIONS):
            create_location(s, code=f"l{number}", name=f"L{number}", area="93", venue_kind="market", now=MORNING)

    db.write(work)


def judged(figure: float, limit: float, *, most: bool) -> str:
    """The figure's limit, and whether it was met."""
    met = figure <= limit if most else figure >= limit
    return f"goal {'≤' if most else '≥'} {limit:,g}: {'met' if met else 'NOT MET'}"


@on_sqlite
def test_a_year_of_two_thousand_locations(db: Database) -> None:
    """The calendar year, one that cuts through a month, and the dearest of all: five days and a dekad at each end."""
    build(db)
    fill_counts(db)
    cut = {"22 January to 21 December": (21, 10), "16 January to 15 December, the dearest": (15, 16)}
    with db.read() as s:
        raw = s.connection().connection
        told = {"calendar year": YEAR}
        told |= {name: (YEAR[0] + timedelta(head), YEAR[1] - timedelta(tail)) for name, (head, tail) in cut.items()}
        print(f"\nreport of {LOCATIONS} locations over a year")
        for name, span in told.items():
            report, plain = alternating(
                lambda span=span: location_days(s, *span, now=MORNING),
                lambda: raw.execute(PLAIN, ("2026-01-01", "2026-12-01")).fetchall(),  # type: ignore[attr-defined]
            )
            print(f"  {name}: {report:.0f} ms ({judged(report, 100, most=True)})", end=" ")
            print(f"beside plain SQL over months {plain:.0f} ms = {report / plain:.1f}x", end=" ")
            print(f"({judged(report / plain, 5, most=True)})")


def alternating(one: Callable[[], object], other: Callable[[], object], rounds: int = 7) -> tuple[float, float]:
    """Medians in ms of two things done in turn, so that a busy moment falls on both."""
    times: tuple[list[float], list[float]] = ([], [])
    for _ in range(rounds):
        for work, kept in zip((one, other), times, strict=True):
            begin = time.perf_counter()
            work()
            kept.append(1000 * (time.perf_counter() - begin))
    return sorted(times[0])[rounds // 2], sorted(times[1])[rounds // 2]


@on_sqlite
def test_growth(db: Database) -> None:
    """1, 10 and 100 campaigns of a year in the monthly rollup of 200 locations."""
    build(db)
    for times in (1, 10, 100):
        fill_months(db, times)
        with db.read() as s:
            took = median_ms(lambda s=s: location_days(s, *YEAR, now=MORNING), rounds=3)
            rows = s.scalar(text("SELECT count(*) FROM month_count"))
        print(f"\nmonthly rows {rows:>9,} ({times}x): report of the year {took:.0f} ms")


def fill_months(db: Database, times: int) -> None:
    db.write(lambda s: s.execute(text("DELETE FROM month_count")))
    zeros = ",".join(["1"] * 13)
    db.write(
        lambda s: s.execute(
            text(
                "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i+1 FROM n WHERE i+1 < 12),"
                " l(j) AS (SELECT 0 UNION ALL SELECT j+1 FROM l WHERE j+1 < 200),"
                " c(k) AS (SELECT 0 UNION ALL SELECT k+1 FROM c WHERE k+1 < :times)"
                f" INSERT INTO month_count (month, location, campaign, area_path, {NAMES})"
                f" SELECT date('2026-01-01', i || ' months'), 'l' || j, 'c' || k, '/93/', {zeros} FROM n, l, c"
            ),
            {"times": times},
        )
    )


@on_sqlite
@pytest.mark.parametrize("part", [100, 10, 1])
def test_rollups_made_anew_of_a_day(db: Database, part: int) -> None:
    """2,000 screens that play one of twelve creatives every ten seconds: a hundredth, a tenth, the whole of a day."""
    each = PLAYS_A_DAY // part
    many = SCREENS * each

    def work(s) -> None:  # type: ignore[no-untyped-def]
        s.execute(
            text(
                "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i+1 FROM n WHERE i+1 < :many) INSERT INTO play"
                " SELECT i / :each, i % :each, (i / :each) * 12 + i % 12, 1795312800000 + (i % :each) * 10000,"
                " 500, 10000, 10000, 0, 1, 1, 0 FROM n"
            ),
            {"many": many, "each": each},
        )
        s.execute(
            text(
                "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i+1 FROM n WHERE i+1 < 12 * :screens)"
                " INSERT INTO showing SELECT i, 'l' || (i / 12), '/93/', :zone, 'c', 'p', 'x' || (i % 12), 'vi',"
                " 'e', '', 'r' FROM n"
            ),
            {"zone": ZONE, "screens": SCREENS},
        )
        s.execute(
            text(
                "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i+1 FROM n WHERE i+1 < :screens) INSERT INTO"
                " play_ack (stream, screen, location, area_path, epoch, ack, last_at)"
                " SELECT i, 's' || i, 'l' || i, '/93/', 'e', :each - 1, 1795312800000 + :each * 10000 FROM n"
            ),
            {"screens": SCREENS, "each": each},
        )

    db.write(work)
    with db.read() as s:
        begin = time.perf_counter()
        assert facts_by_hour(s, stretches(s, 0), 0).total() == many
        took = time.perf_counter() - begin
        size = s.scalar(text("SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()")) or 0
    pace = many / took
    print(f"\nrollups of {many:,} plays made anew: {pace:,.0f} plays/s ({judged(pace, 300_000, most=False)})")
    print(f"  {took:.1f} s; {size / many:.0f} bytes a play at rest")


@pytest.mark.filterwarnings("default")
def test_a_million_plays_as_csv() -> None:
    print()
    export(1_000_000)


@pytest.mark.parametrize("size", [10, 60, 500])
def test_batches_into_the_ledger(db: Database, size: int) -> None:
    batches = 3_000 // size + 20
    begin = time.perf_counter()
    for number in range(batches):
        sent = batch([row(seq, ago_ms=(size - seq) * 100) for seq in range(1, size + 1)], epoch=f"{number:012x}")
        place = PlayPlace(f"scr_{number % 50}", f"l{number % 50}", "/93/", ZONE, {"plc_1": "cmp_1"})
        db.write(lambda s, place=place, sent=sent: record_plays(s, place, sent, MORNING))
    took = time.perf_counter() - begin
    pace = f"{batches / took:,.0f} a second, {batches * size / took:,.0f} plays/s"
    print(f"\n{db.dialect}, batches of {size}, one after the other: {pace}, each durable")
