"""Closed hours whose plays are missing without a reason are found, remembered, and told of once."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.services import Services
from places.actions import update_area, update_location
from signage import actions, gaps
from signage.jobs import missing, watch
from signage.models import AlertNotice, FleetAlert, Screen, Shortfall
from tests.signage.world import Player, batch, on_sqlite
from tests.support.clock import FrozenClock

HOUR = timedelta(hours=1)


@pytest.fixture
def start(clock: FrozenClock, player: Player) -> datetime:
    """The hour that is judged: it begins after the screen has hung for a while."""
    begin = clock.now().replace(minute=0, second=0, microsecond=0) + HOUR
    clock.step_to(begin)
    return begin


def play(services: Services, player: Player, clock: FrozenClock, plays: int) -> None:
    """So few plays in the hour that begins now, of a screen that is heard of all the time and delivers its log."""
    for number in range(19):
        hear(services, player, clock)
        clock.advance(seconds=240)
        seqs = [number + 1] if number < plays else []
        told = batch(clock.now() - timedelta(seconds=1), *seqs, first=min(number, plays) + 1)
        assert player.post("plays", told).status_code == 200


def hear(services: Services, player: Player, clock: FrozenClock) -> None:
    services.db.write(lambda s: actions.keep_seen(s, {player.screen: clock.now()}))


def shortfalls(services: Services) -> list[Shortfall]:
    with services.db.read() as s:
        return list(s.scalars(select(Shortfall).order_by(Shortfall.hour)))


def test_it_works(world: Services, clock: FrozenClock, player: Player, start: datetime) -> None:
    play(world, player, clock, 4)
    missing(world)
    (found,) = [one for one in shortfalls(world) if one.hour == start]
    assert (found.screen_id, found.played, found.why) == (player.screen, 4, gaps.UNEXPLAINED)
    assert found.planned > 300


@on_sqlite
def test_an_hour_whose_log_has_not_come_waits_for_it(
    world: Services, clock: FrozenClock, player: Player, start: datetime
) -> None:
    while clock.now() < start + HOUR + timedelta(minutes=16):
        hear(world, player, clock)
        clock.advance(seconds=240)
    missing(world)
    assert {(one.hour, one.why) for one in shortfalls(world)} >= {(start, gaps.NOT_TOLD)}
    for _ in range(8 * 15):
        clock.advance(seconds=240)
        hear(world, player, clock)
    assert player.post("plays", batch(clock.now(), 1)).status_code == 200
    missing(world)
    assert {one.why for one in shortfalls(world) if one.hour == start} == {gaps.UNEXPLAINED}


@on_sqlite
def test_what_is_explained_later_is_forgotten(
    world: Services, clock: FrozenClock, player: Player, start: datetime
) -> None:
    play(world, player, clock, 2)
    missing(world)
    hours = [{"days": ["sun"], "from": "06:00", "to": "07:00"}]
    world.db.write(lambda s: update_location(s, "vt-01", {"operating_hours": hours}, now=clock.now()))
    missing(world)
    assert start not in {one.hour for one in shortfalls(world)}


@on_sqlite
@pytest.mark.parametrize("change", ["testing", "closed"])
def test_screens_of_which_nothing_is_expected_are_let_be(
    world: Services, clock: FrozenClock, player: Player, start: datetime, change: str
) -> None:
    play(world, player, clock, 2)

    def alter(s: Session) -> None:
        row = s.get_one(Screen, player.screen)
        row.testing, row.closed_at = change == "testing", clock.now() if change == "closed" else None

    world.db.write(alter)
    missing(world)
    assert not shortfalls(world)


@on_sqlite
def test_after_two_days_it_is_history(world: Services, clock: FrozenClock, player: Player, start: datetime) -> None:
    play(world, player, clock, 2)
    missing(world)
    clock.advance(seconds=60 * 3600)
    missing(world)
    assert start not in {one.hour for one in shortfalls(world)}


@on_sqlite
def test_one_alert_for_an_area_however_many_hours(
    world: Services, clock: FrozenClock, player: Player, start: datetime
) -> None:
    settings = {"settings": {"alert_mail": ["truc@example.vn"]}}
    world.db.write(lambda s: update_area(s, "93", settings, now=clock.now()))
    play(world, player, clock, 2)
    for _ in range(5):
        missing(world)
        hear(world, player, clock)
        watch(world)
        clock.advance(seconds=60)
    with world.db.read() as s:
        (alert,) = [one for one in s.scalars(select(FleetAlert)) if one.subject == "unexplained"]
        told = [one for one in s.scalars(select(AlertNotice)) if one.content["subject"] == "unexplained"]
    assert alert.members == [player.screen]
    assert [(one.kind, one.content["count"]) for one in told] == [("opened", 1)]
