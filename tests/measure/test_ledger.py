"""Plays go into the ledger exactly once, whatever the network and the player's clock do."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from core.db import Database, to_ms
from core.http import stamp
from measure.ledger import Hole, VisitFact, record_visit
from measure.models import (
    DayCount,
    DekadCount,
    Gap,
    HourlyCount,
    MonthCount,
    Name,
    Play,
    PlayAck,
    RefusedPlay,
    Showing,
    VisitEvent,
)
from measure.names import Named
from tests.measure.counts import hourly, rows, totals
from tests.measure.world import ZONE, batch, row, send
from tests.support.clock import MORNING

VIEW = VisitFact("splash_view", "v1", "ben-xe", "/93/31321/", ZONE, "hs-1", "cmp_1", "crv_1", "vi")


def test_it_works(db: Database) -> None:
    outcome = send(db, batch([row(1), row(2), row(3)]))
    assert (outcome.ack, outcome.refused) == (3, ())
    assert len(rows(db, Play)) == 3
    assert hourly(db) == totals(db) == totals(db, DekadCount) == totals(db, MonthCount) == {"plays": 3}


def test_the_same_batch_again_changes_nothing(db: Database) -> None:
    for _ in range(3):
        assert send(db, batch([row(1), row(2)])).ack == 2
    assert totals(db) == {"plays": 2}


def test_a_batch_that_overlaps_counts_what_is_new(db: Database) -> None:
    send(db, batch([row(1), row(2)]))
    assert send(db, batch([row(1), row(2), row(3)])).ack == 3
    assert totals(db) == {"plays": 3}


def test_two_logs_of_one_screen_are_two(db: Database) -> None:
    send(db, batch([row(1)]))
    send(db, batch([row(1)], epoch="ba9876543210"))
    assert totals(db) == {"plays": 2}


def test_a_log_may_count_from_zero(db: Database) -> None:
    assert send(db, batch([row(0), row(1)])).ack == 1
    assert totals(db) == {"plays": 2}


def test_an_undeclared_hole_before_the_batch_is_refused(db: Database) -> None:
    send(db, batch([row(1)]))
    with pytest.raises(Hole) as refusal:
        send(db, batch([row(3)], first=1))
    assert refusal.value.expect == 2
    assert totals(db) == {"plays": 1}


def test_an_undeclared_hole_within_a_batch_stores_nothing_of_it(db: Database) -> None:
    with pytest.raises(Hole) as refusal:
        send(db, batch([row(1), row(2), row(4)]))
    assert refusal.value.expect == 1
    assert rows(db, Play) == rows(db, PlayAck) == rows(db, Name) == []


def test_declared_loss_is_kept_as_a_gap(db: Database) -> None:
    send(db, batch([row(1), row(2)]))
    assert send(db, batch([row(10), row(11)], first=10)).ack == 11
    (gap,) = rows(db, Gap)
    assert (gap.from_seq, gap.to_seq, gap.location) == (3, 9, "ben-xe")
    assert (gap.after, gap.before) == (to_ms(MORNING) - 980_000, to_ms(MORNING) - 900_000)


def test_loss_is_declared_also_when_nothing_is_left_to_send(db: Database) -> None:
    send(db, batch([row(1)]))
    assert send(db, batch([], first=8)).ack == 7
    assert send(db, batch([row(8)])).ack == 8
    assert [(gap.from_seq, gap.to_seq) for gap in rows(db, Gap)] == [(2, 7)]


def test_a_new_log_that_has_lost_its_beginning_says_so(db: Database) -> None:
    assert send(db, batch([row(17)])).ack == 17
    assert [(gap.from_seq, gap.to_seq) for gap in rows(db, Gap)] == [(1, 16)]


def test_an_empty_batch_says_that_all_is_told(db: Database) -> None:
    send(db, batch([row(1)]))
    later = MORNING + timedelta(minutes=5)
    assert send(db, batch([], first=2), at=later).ack == 1
    assert rows(db, PlayAck)[0].heard_to == to_ms(later)


def test_a_bad_row_is_put_aside_and_the_rest_counts(db: Database) -> None:
    outcome = send(db, batch([row(1), row(2, end="vanished"), row(3)]))
    assert outcome.ack == 3
    ((seq, reason),) = outcome.refused
    assert seq == 2
    assert reason.startswith("end: ")
    (aside,) = rows(db, RefusedPlay)
    assert (aside.seq, '"vanished"' in aside.raw) == (2, True)
    assert totals(db) == {"plays": 2}


def test_a_bad_row_sent_again_is_told_again_and_kept_once(db: Database) -> None:
    for _ in range(2):
        outcome = send(db, batch([row(1, duration_ms=-5)]))
        assert [seq for seq, _ in outcome.refused] == [1]
    assert len(rows(db, RefusedPlay)) == 1


def test_a_row_without_a_number_refuses_the_batch() -> None:
    nameless = row(1)
    del nameless["seq"]
    with pytest.raises(msgspec.ValidationError, match="readable seq"):
        batch([nameless], first=1)


@pytest.mark.parametrize("changes", [{"epoch": "short"}, {"first": -1}, {"now": {}}])
def test_a_batch_of_the_wrong_shape_is_refused(changes: dict[str, object]) -> None:
    with pytest.raises(msgspec.ValidationError):
        batch([row(1)], **changes)


def test_a_batch_of_more_than_500_is_refused() -> None:
    with pytest.raises(msgspec.ValidationError):
        batch([row(seq) for seq in range(1, 502)])


def test_a_play_of_this_boot_is_dated_by_the_monotonic_clock(db: Database) -> None:
    wrong = "1999-01-01T00:00:00.000Z"
    send(db, batch([row(1, ago_ms=90_000, wall=wrong)], now={"wall": wrong, "mono_ms": 1_000_000, "boot": "b1"}))
    (play,) = rows(db, Play)
    assert (play.at, play.sure, play.late) == (to_ms(MORNING) - 90_000, 1, 0)


def test_a_play_of_an_earlier_boot_is_dated_by_the_corrected_wall_clock(db: Database) -> None:
    year_ahead = MORNING + timedelta(days=365)
    then = year_ahead - timedelta(hours=3)
    sent = batch(
        [row(1, boot="b0", wall=stamp(then))], now={"wall": stamp(year_ahead), "mono_ms": 1_000_000, "boot": "b1"}
    )
    send(db, sent)
    (play,) = rows(db, Play)
    assert (play.at, play.sure, play.late) == (to_ms(MORNING - timedelta(hours=3)), 0, 1)


def test_the_order_of_the_log_bounds_a_wall_clock_that_was_wrong(db: Database) -> None:
    send(db, batch([row(1, ago_ms=60_000)]))
    before_all = "1970-01-02T00:00:00.000Z"
    send(db, batch([row(2, boot="b0", wall=before_all), row(3, ago_ms=10_000)], first=2))
    first, second, third = (play.at for play in rows(db, Play))
    assert first <= second <= third


def test_late_plays_land_in_their_own_hour_and_are_marked(db: Database) -> None:
    clocks = {"wall": stamp(MORNING), "mono_ms": 10_800_000, "boot": "b1"}
    send(db, batch([row(1, mono_ms=0), row(2, mono_ms=10_800_000)], now=clocks))
    hours = {hour.hour: (hour.n, hour.late) for hour in rows(db, HourlyCount)}
    assert hours == {to_ms(MORNING - timedelta(hours=3)): (1, 1), to_ms(MORNING): (1, 0)}


def test_hours_and_days_are_those_of_the_location(db: Database) -> None:
    evening = datetime(2026, 11, 22, 17, 30, tzinfo=UTC)  # half past midnight of the 23rd in Hậu Giang
    send(db, batch([row(1, ago_ms=0)]), at=evening)
    send(db, batch([row(1, ago_ms=0)], epoch="ba9876543210"), at=evening, timezone="Asia/Kolkata", location_id="delhi")
    days = {day.location: str(day.local_date) for day in rows(db, DayCount)}
    assert days == {"ben-xe": "2026-11-23", "delhi": "2026-11-22"}
    assert {hour.hour for hour in rows(db, HourlyCount)} == {to_ms(evening - timedelta(minutes=30)), to_ms(evening)}


def test_a_play_keeps_what_it_was_and_where(db: Database) -> None:
    send(db, batch([row(1), row(2), row(3, placement=None, creative="builtin", entry="fallback")]))
    shown = {(each.creative, each.campaign, each.placement, each.language) for each in rows(db, Showing)}
    assert shown == {("crv_1", "cmp_1", "plc_1", "vi"), ("builtin", "", "", "")}


def test_names_are_kept_as_they_were(db: Database) -> None:
    for hour, name in enumerate(["Cũ", "Cũ", "Mới"]):
        names = [Named("location", "ben-xe", name)]
        send(db, batch([row(hour + 1)], first=hour + 1), at=MORNING + timedelta(hours=hour), names=names)
    assert [(each.name, each.since) for each in rows(db, Name)] == [
        ("Cũ", MORNING),
        ("Mới", MORNING + timedelta(hours=2)),
    ]


def test_a_visit_counts_once_for_each_kind(db: Database) -> None:
    assert db.write(lambda s: record_visit(s, VIEW, MORNING)) is True
    assert db.write(lambda s: record_visit(s, VIEW, MORNING)) is False
    assert len(rows(db, VisitEvent)) == 1
    assert hourly(db) == totals(db) == {"splash_views": 1}


def test_two_visits_count_twice(db: Database) -> None:
    for visit, kind in [("v1", "splash_view"), ("v2", "splash_view"), ("v1", "grant"), ("v2", "store_click")]:
        db.write(lambda s, v=visit, k=kind: record_visit(s, replace(VIEW, visit_id=v, kind=k), MORNING))
    assert totals(db) == {"splash_views": 2, "grants": 1, "splash_stores": 1}
