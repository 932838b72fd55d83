"""Whatever stops being true between facts and counts is found and named."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import delete, update

from core.db import Database, to_ms
from core.services import Services
from measure.check import Finding, compare
from measure.jobs import check_ledger
from measure.ledger import record_visit
from measure.log_queries import stretches
from measure.models import DayCount, DekadCount, HourlyCount, LedgerCheck, MonthCount, Play
from measure.retention import KEEP
from measure.scans import MOST_A_MINUTE
from tests.measure.counts import rows
from tests.measure.test_ledger import VIEW
from tests.measure.test_scans import link_of, scan
from tests.measure.world import batch, make_link, row, send
from tests.support.clock import MORNING, FrozenClock


@pytest.fixture(autouse=True)
def busy_day(db: Database) -> None:
    send(db, batch([row(1), row(2, end="nonsense"), row(3)]))
    send(db, batch([row(9)], first=9))
    send(db, batch([row(1, ago_ms=0)], epoch="ba9876543210"), timezone="Asia/Kolkata", location_id="delhi")
    for kind in ("splash_view", "grant", "store_click"):
        db.write(lambda s, kind=kind: record_visit(s, replace(VIEW, kind=kind), MORNING))
    link = link_of(db, make_link(db))
    scan(db, link, MOST_A_MINUTE + 1)
    scan(db, link, 2, at=MORNING + timedelta(minutes=3))
    scan(db, link, 2, at=MORNING + timedelta(minutes=3), reason="crawler")


def check(db: Database) -> Finding:
    with db.read() as s:
        return compare(s, MORNING - timedelta(days=2))


def test_it_works(db: Database) -> None:
    assert check(db) == Finding(facts=4 + 3 + MOST_A_MINUTE + 1 + 4 + 2, differences=())


def test_an_hour_that_counts_one_too_many_is_named(db: Database) -> None:
    db.write(lambda s: s.execute(update(HourlyCount).values(n=HourlyCount.n + 1)))
    found = check(db).differences
    assert any(each.startswith("plays at ben-xe in the hour") for each in found)


def test_a_play_that_vanished_is_missed_by_its_log(db: Database) -> None:
    db.write(lambda s: s.execute(delete(Play).where(Play.seq == 3)))
    assert "the log 0123456789ab of scr_1 misses 1 acknowledged plays" in check(db).differences


@pytest.mark.parametrize(("model", "word"), [(DayCount, "day"), (DekadCount, "dekad"), (MonthCount, "month")])
def test_a_sum_that_differs_is_named(db: Database, model: type[DayCount | DekadCount | MonthCount], word: str) -> None:
    db.write(lambda s: s.execute(update(model).where(model.location == "ben-xe").values(grants=7)))
    assert any(f"grants in the {word} of" in each for each in check(db).differences)


def test_what_is_older_is_not_read(db: Database) -> None:
    """A count of a week ago that is wrong is another night's to find."""
    send(db, batch([row(1)], epoch="abcdefabcdef"), at=MORNING - timedelta(days=7))
    facts = check(db).facts
    spoil = update(HourlyCount).where(HourlyCount.hour < to_ms(MORNING - timedelta(days=6))).values(n=9)
    db.write(lambda s: s.execute(spoil))
    assert check(db) == Finding(facts, ())


def test_one_day_alone(db: Database) -> None:
    """In the midst of a log, with a loss in it and a row put aside."""
    for day in range(6):
        plays = [row(10 * day + 2, end="nonsense"), row(10 * day + 3), row(10 * day + 4)]
        send(db, batch(plays, epoch="abcdefabcdef", first=10 * day + 2), at=MORNING - timedelta(days=9 - day))
    begin = (MORNING - timedelta(days=7)).replace(hour=0)
    with db.read() as s:
        assert compare(s, begin, begin + timedelta(days=1)) == Finding(2, ())
        parts = stretches(s, to_ms(begin), to_ms(begin + timedelta(days=1)))
    assert [(part.first, part.behind) for part in parts] == [(15, 25)], "behind the day before, up to its last play"
    db.write(lambda s: s.execute(delete(Play).where(Play.seq == 23)))
    with db.read() as s:
        found = compare(s, begin, begin + timedelta(days=1)).differences
    assert "the log abcdefabcdef of scr_1 misses 1 acknowledged plays" in found


def test_a_day_is_looked_at_again_before_its_facts_go(services: Services, clock: FrozenClock) -> None:
    services.db.write(lambda s: s.execute(update(HourlyCount).values(n=HourlyCount.n + 1)))
    found = []
    for _ in range(KEEP.days + 1):
        check_ledger(services)
        newest = max(rows(services.db, LedgerCheck), key=lambda each: each.at)
        found.append(bool(newest.differences))
        clock.advance(days=1)
    assert found == [True] * 3 + [False] * 30 + [True] * 2 + [False]


def test_the_job_keeps_what_it_found(services: Services) -> None:
    check_ledger(services)
    (kept,) = rows(services.db, LedgerCheck)
    assert (kept.differences, kept.facts > 0) == ([], True)
