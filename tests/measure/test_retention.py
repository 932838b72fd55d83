"""Raw facts go after 35 days; counts stay, and what was acknowledged stays acknowledged."""

from __future__ import annotations

from datetime import timedelta

from core.db import Database
from measure.check import Finding, compare
from measure.ledger import record_visit
from measure.models import Play, Scan, VisitEvent
from measure.retention import KEEP, drop_old_facts
from tests.measure.counts import rows, totals
from tests.measure.test_ledger import VIEW
from tests.measure.test_scans import link_of, scan
from tests.measure.world import batch, make_link, row, send
from tests.support.clock import MORNING

LATER = MORNING + KEEP + timedelta(hours=1)


def fill(db: Database) -> None:
    send(db, batch([row(1), row(2)]))
    db.write(lambda s: record_visit(s, VIEW, MORNING))
    scan(db, link_of(db, make_link(db)), 2)


def test_it_works(db: Database) -> None:
    fill(db)
    before = totals(db)
    assert drop_old_facts(db, LATER) == 5
    assert rows(db, Play) == rows(db, VisitEvent) == rows(db, Scan) == []
    assert totals(db) == before


def test_what_is_younger_stays(db: Database) -> None:
    fill(db)
    send(db, batch([row(3, ago_ms=0)]), at=LATER)
    assert drop_old_facts(db, LATER) == 5
    assert [play.seq for play in rows(db, Play)] == [3]
    with db.read() as s:
        assert compare(s, LATER - timedelta(days=2)) == Finding(1, ())


def test_nothing_is_old_yet(db: Database) -> None:
    fill(db)
    assert drop_old_facts(db, MORNING + KEEP - timedelta(hours=1)) == 0


def test_a_dropped_play_is_not_taken_again(db: Database) -> None:
    fill(db)
    drop_old_facts(db, LATER)
    assert send(db, batch([row(1), row(2)]), at=LATER).ack == 2
    assert rows(db, Play) == []
