"""Many screens' reports go in together, as if each had come alone."""

from __future__ import annotations

from typing import Any

from sqlalchemy import event

from core.db import Database
from measure.ledger import Hole, PlayOutcome, PlayReport, record_reports
from measure.models import Gap, Play, PlayAck, RefusedPlay
from measure.names import Named, latest_names
from measure.playlog import PlayBatch
from tests.measure.counts import rows, totals
from tests.measure.world import batch, place, row
from tests.support.clock import MORNING


def report(screen: str, sent: PlayBatch, **changes: Any) -> PlayReport:
    return PlayReport(place(screen_id=screen, **changes), sent, MORNING)


def send(db: Database, *reports: PlayReport) -> list[PlayOutcome | Hole]:
    return db.write(lambda s: record_reports(s, reports))


def acks(outcomes: list[PlayOutcome | Hole]) -> list[int | str]:
    return [one.ack if isinstance(one, PlayOutcome) else f"expect {one.expect}" for one in outcomes]


def test_it_works(db: Database) -> None:
    outcomes = send(db, *(report(f"scr_{n}", batch([row(1), row(2)])) for n in range(5)))
    assert acks(outcomes) == [2] * 5
    assert len(rows(db, Play)) == 10
    assert totals(db) == {"plays": 10}


def test_one_log_twice_at_once_counts_once(db: Database) -> None:
    """A player that lost its patience has sent the same again, and more."""
    first, again, more = batch([row(1), row(2)]), batch([row(1), row(2)]), batch([row(2), row(3)], first=1)
    assert acks(send(db, *(report("scr_1", sent) for sent in (first, again, more)))) == [2, 2, 3]
    assert totals(db) == {"plays": 3}


def test_a_hole_in_one_log_stops_no_other(db: Database) -> None:
    whole, holed = batch([row(1), row(2)]), batch([row(4), row(5)], first=1)
    outcomes = send(db, report("scr_1", whole), report("scr_2", holed), report("scr_3", whole))
    assert acks(outcomes) == [2, "expect 1", 2]
    assert totals(db) == {"plays": 4}
    assert {log.screen: log.ack for log in rows(db, PlayAck)} == {"scr_1": 2, "scr_2": 0, "scr_3": 2}


def test_losses_and_bad_rows_stay_with_their_logs(db: Database) -> None:
    late = batch([row(6), row(7)], first=6)
    bad = batch([row(1), row(2, duration_ms=-1)])
    outcomes = send(db, report("scr_1", late), report("scr_2", bad))
    assert acks(outcomes) == [7, 2]
    streams = {log.screen: log.stream for log in rows(db, PlayAck)}
    assert [(gap.stream, gap.from_seq, gap.to_seq) for gap in rows(db, Gap)] == [(streams["scr_1"], 1, 5)]
    assert [(one.stream, one.seq) for one in rows(db, RefusedPlay)] == [(streams["scr_2"], 2)]


def test_as_many_as_there_are(db: Database) -> None:
    """More rows than one statement takes, and a remainder of every size."""
    plays = [row(seq) for seq in range(1, 501)]
    assert acks(send(db, *(report(f"scr_{n}", batch(plays)) for n in range(3)))) == [500] * 3
    assert totals(db) == {"plays": 1500}


def test_statements_do_not_grow_with_the_reports(db: Database) -> None:
    def statements(*reports: PlayReport) -> int:
        seen: list[str] = []

        def note(*arguments: Any) -> None:
            seen.append(arguments[2])

        event.listen(db.engine, "before_cursor_execute", note)
        send(db, *reports)
        event.remove(db.engine, "before_cursor_execute", note)
        return len(seen)

    named = {"names": ()}
    send(db, *(report(f"scr_{n}", batch([row(1)]), **named) for n in range(32)))
    one = statements(report("scr_0", batch([row(2)]), **named))
    many = statements(*(report(f"scr_{n}", batch([row(2), row(3)], first=1), **named) for n in range(1, 32)))
    assert one <= 10
    assert many <= 25, "thirty times the rows, in pieces of powers of two"


def test_of_two_names_in_one_group_the_later_stays(db: Database) -> None:
    old, new = Named("screen", "scr_1", "Thang máy B"), Named("screen", "scr_1", "Thang máy A")
    send(db, report("scr_1", batch([row(1)]), names=[old]), report("scr_1", batch([row(2)], first=2), names=[new]))
    with db.read() as s:
        assert latest_names(s, [("screen", "scr_1")]) == {("screen", "scr_1"): "Thang máy A"}
