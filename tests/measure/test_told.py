"""Plays that are told without a number count once, however often and in whatever parts they are told."""

from datetime import timedelta

import pytest

from core.db import Database, to_ms
from measure.check import compare
from measure.models import DayCount, Play, RefusedPlay
from measure.playlog import PlayRow
from measure.retention import KEEP, drop_old_facts
from measure.told import Aside, Told, number_of, record_told, unbelievable
from tests.measure.counts import hourly, rows, totals
from tests.measure.world import batch, place, row, send
from tests.support.clock import MORNING

SECOND = timedelta(seconds=1)
on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # the engine makes no difference


def play(ago_s: int, entry: str = "e1") -> PlayRow:
    """A play of ten seconds that began so long before MORNING."""
    began = MORNING - ago_s * SECOND
    return PlayRow(
        number_of(entry, began), entry, "crv_1", "-", 0, began, 10_000, "complete", "plc_1", expected_ms=10_000
    )


def tell(db: Database, *plays: PlayRow, aside: tuple[Aside, ...] = (), at=MORNING) -> Told:
    return db.write(lambda s: record_told(s, place(), plays, aside, at))


def test_it_works(db: Database) -> None:
    assert tell(db, play(30), play(20), play(10)) == Told(3, 0, 0)
    assert hourly(db) == totals(db) == {"plays": 3}
    assert [one.at for one in rows(db, Play)] == [to_ms(MORNING - ago * SECOND) for ago in (30, 20, 10)]


def test_told_again_it_counts_once(db: Database) -> None:
    tell(db, play(30), play(20))
    assert tell(db, play(30), play(20)) == Told(0, 2, 0)
    assert tell(db, play(20), play(10)) == Told(1, 1, 0)
    assert totals(db) == {"plays": 3}


@on_sqlite
def test_twice_in_one_report_is_once(db: Database) -> None:
    assert tell(db, play(30), play(30)) == Told(1, 1, 0)


@on_sqlite
def test_two_contents_that_began_together_are_two(db: Database) -> None:
    assert tell(db, play(30), play(30, "e2")).new == 2


@on_sqlite
def test_what_comes_late_is_dated_as_it_was_told(db: Database) -> None:
    tell(db, play(10))
    tell(db, play(7200))
    assert {one.at for one in rows(db, Play)} == {to_ms(MORNING - ago * SECOND) for ago in (10, 7200)}
    (day,) = rows(db, DayCount)
    assert (day.plays, day.late) == (2, 1)


def test_numbers_are_in_order_of_time() -> None:
    assert number_of("zz", MORNING) < number_of("aa", MORNING + timedelta(milliseconds=1)) < 2**63


@on_sqlite
def test_a_screen_that_changes_its_player_keeps_both_logs(db: Database) -> None:
    send(db, batch([row(1), row(2)]))
    tell(db, play(10))
    assert totals(db) == {"plays": 3}


def test_what_is_put_aside_is_kept_once_with_its_reason(db: Database) -> None:
    for _ in range(2):
        tell(db, play(10), aside=(Aside("it was never given to a player", "e9"),))
    (aside,) = rows(db, RefusedPlay)
    assert (aside.reason, aside.raw) == ("it was never given to a player", "e9")


def test_the_ledger_still_adds_up(db: Database) -> None:
    tell(db, play(7200), play(10), aside=(Aside("no", "x"),))
    with db.read() as s:
        assert compare(s, MORNING - timedelta(days=1)).differences == ()


@on_sqlite
def test_dropped_plays_cannot_come_back(db: Database) -> None:
    """What is old enough to be dropped is old enough to be refused: at no moment would it count twice."""
    tell(db, play(30), play(10))
    later = MORNING + KEEP - 20 * SECOND
    drop_old_facts(db, later)
    (kept,) = rows(db, Play)
    assert kept.at == to_ms(MORNING - 10 * SECOND)
    assert unbelievable(play(30).wall, later)
    assert unbelievable(play(10).wall, later) is None


@pytest.mark.parametrize(("ahead", "believed"), [(0, True), (299, True), (301, False), (86_400, False)])
def test_a_play_of_the_future_is_not_believed(ahead: int, believed: bool) -> None:
    assert (unbelievable(MORNING + ahead * SECOND, MORNING) is None) == believed
