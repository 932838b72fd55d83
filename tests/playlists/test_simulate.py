"""A day before it happens."""

from datetime import date, datetime, timedelta

import pytest

from playlists.dayparts import Daypart, Hours
from playlists.programme import Takeover
from playlists.simulate import Trouble, bounds, simulate, simulate_spot
from tests.playlists.reference import played
from tests.playlists.worlds import EVERYWHERE, NOON, campaign, creative, placement, spot, world

DAY = date(2026, 11, 24)
SAIGON = "Asia/Ho_Chi_Minh"


def hours(start: int, end: int) -> Hours:
    return Hours((Daypart(start * 60, end * 60),))


def told(one: Trouble) -> tuple[str, str, str, str, tuple[str, ...]]:
    wall = timedelta(hours=7)
    return one.kind, f"{one.start + wall:%H:%M}", f"{one.until + wall:%H:%M}", one.placement_id, one.by


def test_it_works() -> None:
    rows = (campaign("a", placement("p", weight=75)), campaign("b", placement("q", weight=25)))
    found = simulate(world(*rows), [spot(), spot(id="other")], DAY)
    assert found.share("a") == pytest.approx(0.75, abs=1e-4)
    assert found.planned["a"].plays == 2 * 6480
    assert found.spots == {"a": 2, "b": 2}
    assert list(found.troubles) == []


def test_the_plan_is_what_an_obedient_player_plays() -> None:
    rows = (campaign("a", placement("p", hours=hours(7, 9))), campaign("b", placement("q", "x", "y", weight=3)))
    w = world(*rows, creatives=(creative("p", 7), creative("x", 13)))
    day = simulate_spot(w, spot(), DAY)
    plays = [entry.campaign_id for _, entry in played(day.programme)]
    assert {name: one.plays for name, one in day.planned.items()} == {name: plays.count(name) for name in ("a", "b")}
    assert sum(one.air_ms for one in day.planned.values()) == 86_400_000


def test_a_silenced_placement_is_named_with_who_silences_it() -> None:
    rows = (campaign("a", placement("p", priority="important", hours=hours(7, 9))), campaign("b", placement("q")))
    (found,) = simulate_spot(world(*rows), spot(), DAY).troubles
    assert told(found) == ("silent", "07:00", "09:00", "q", ("a",))
    assert found.campaign_id == "b"


def test_a_takeover_silences_everything() -> None:
    taken = Takeover("t", "flood", EVERYWHERE, NOON + timedelta(days=1), NOON + timedelta(days=1, minutes=10))
    (found,) = simulate_spot(world(campaign("b", placement("q")), takeovers=(taken,)), spot(), DAY).troubles
    assert told(found) == ("silent", "12:00", "12:10", "q", ("t",))


def test_empty_hours_are_named() -> None:
    found = simulate_spot(world(campaign("a", placement("p", hours=hours(6, 22)))), spot(), DAY).troubles
    assert [told(one)[:3] for one in found] == [("empty", "00:00", "06:00"), ("empty", "22:00", "00:00")]


def test_an_oversold_hour_is_named() -> None:
    rows = tuple(campaign(f"c{n}", placement(f"p{n:03}", hours=hours(8, 9))) for n in range(450))
    found = simulate_spot(world(*rows, campaign("d", placement("z", hours=hours(9, 8)))), spot(), DAY).troubles
    assert {told(one)[:3] for one in found} == {("oversold", "08:00", "09:00")}
    assert len(found) == 450


@pytest.mark.parametrize(("day", "length"), [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25), (date(2026, 5, 1), 24)])
def test_a_day_is_as_long_as_the_clocks_make_it(day: date, length: int) -> None:
    start, until = bounds("Europe/Paris", day)
    assert until - start == timedelta(hours=length)
    assert isinstance(start, datetime)
