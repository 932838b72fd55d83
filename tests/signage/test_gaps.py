"""Every missing play has a reason, or is raised: the rules, and a screen's day out of the ledger."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from core.db import from_ms
from core.services import Services
from signage import actions, gaps, queries
from signage.gaps import Evidence, Hour, why
from signage.story import last_day
from tests.signage.world import Player, batch
from tests.support.clock import FrozenClock

TEN = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)  # 10:00 in Việt Nam, a Monday
HOUR = timedelta(hours=1)
SHORT = Hour(TEN, TEN + HOUR, planned=100, played=40, displayed=40)
TOLD = Evidence(TEN - 9 * HOUR, "Asia/Ho_Chi_Minh", [], TEN + 2 * HOUR)
INSIDE = [(TEN + HOUR / 4, TEN + HOUR / 2)]
BEFORE = [(TEN - HOUR, TEN)]


@pytest.mark.parametrize(
    ("evidence", "reason"),
    [
        (replace(TOLD, created_at=TEN + HOUR / 2), gaps.NOT_HUNG),
        (replace(TOLD, hours=[{"days": ["mon"], "from": "12:00", "to": "20:00"}]), gaps.CLOSED),
        (replace(TOLD, told_to=TEN + HOUR / 2), gaps.NOT_TOLD),
        (replace(TOLD, told_to=None), gaps.NOT_TOLD),
        (replace(TOLD, overflows=INSIDE), gaps.OVERFLOW),
        (replace(TOLD, wiped=INSIDE), gaps.WIPED),
        (replace(TOLD, silences=INSIDE), gaps.OFF),
        (replace(TOLD, overflows=BEFORE, wiped=BEFORE, silences=BEFORE), gaps.UNEXPLAINED),
        (TOLD, gaps.UNEXPLAINED),
    ],
)
def test_each_reason(evidence: Evidence, reason: str) -> None:
    assert why(SHORT, evidence) == reason


@pytest.mark.parametrize("played", [95, 99, 100, 130])
def test_where_nothing_is_missing_nothing_is_asked(played: int) -> None:
    assert why(replace(SHORT, played=played), TOLD) is None


def test_a_screens_day(world: Services, clock: FrozenClock, player: Player) -> None:
    """An hour that was told and fell short is raised; the hour before the screen hung is not."""
    start = clock.now().replace(minute=0, second=0, microsecond=0) + HOUR
    clock.advance(seconds=(start + HOUR - clock.now()).total_seconds() - 60)
    assert player.post("plays", batch(clock.now(), 1, 2, 3)).status_code == 200
    clock.advance(seconds=120)
    assert player.post("plays", batch(clock.now(), first=4)).status_code == 200
    with world.db.read() as s:
        hours = last_day(s, player.screen, clock.now())
    newest = hours[0]
    assert (newest.start, newest.played, newest.displayed) == (start, 3, 3)
    assert newest.planned > 400
    assert newest.why == gaps.UNEXPLAINED
    assert hours[-1].why == gaps.NOT_HUNG or hours[-1].missing == 0


def test_a_silence_leaves_a_note(world: Services, clock: FrozenClock, player: Player) -> None:
    first = clock.now()
    world.db.write(lambda s: actions.keep_seen(s, {player.screen: first}))
    clock.advance(seconds=200)
    steady = clock.now()
    world.db.write(lambda s: actions.keep_seen(s, {player.screen: steady}))
    clock.advance(seconds=3 * 3600)
    back = clock.now()
    world.db.write(lambda s: actions.keep_seen(s, {player.screen: back}))
    with world.db.read() as s:
        assert queries.silences(s, player.screen, from_ms(0)) == [(steady, back)]
