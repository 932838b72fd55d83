"""Variants side by side: what is counted for which, and when a difference may be called one."""

from __future__ import annotations

import pytest

from core.db import Database
from playlists.models import Placement
from reports.experiments import Comparison, compare, comparison, verdict
from reports.funnel import Funnel
from reports.rates import difference
from tests.reports import world
from tests.reports.test_funnel import TODAY


def views(**stores_and_views: tuple[int, int]) -> Comparison:
    sums = {
        name: Funnel(name, {"splash_stores": stores, "splash_views": seen})
        for name, (stores, seen) in stores_and_views.items()
    }
    return comparison("stores_per_view", sums)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # the funnel runs on both engines elsewhere
def test_it_works(db: Database) -> None:
    world.build(db)
    for _ in range(3):
        world.visit(db, "cho", "splash_view")
    world.visit(db, "cho", "splash_view", "grant", "store_click")
    arms = [{"name": "A", "creatives": ["crv_1"], "share": 1}, {"name": "B", "creatives": ["crv_2"], "share": 1}]
    placed = Placement(id="plc_1", campaign_id="cmp_1", variants=arms)
    with db.read() as s:
        _, wifi = compare(s, placed, TODAY, TODAY)
    assert [(one.name, one.hits, one.trials) for one in wifi.counted] == [("A", 1, 4), ("B", 0, 0)]
    assert wifi.gap is None


def test_newcombe_s_own_example() -> None:
    """56/70 against 48/80: the paper gives 0.0524 to 0.3339."""
    gap = difference((56, 70), (48, 80))
    assert gap is not None
    assert (round(gap.low, 4), round(gap.high, 4)) == (0.0524, 0.3339)


def test_a_clear_difference_is_told_in_points() -> None:
    told = views(A=(500, 10_000), B=(615, 10_000))
    assert told.decided
    assert verdict(told, "en") == "B is better than A, by 0.51 to 1.79 points."
    assert verdict(told, "vi") == "B tốt hơn A, từ 0,51 đến 1,79 điểm phần trăm."


def test_a_small_one_is_not_called_a_difference() -> None:
    told = views(A=(5, 100), B=(7, 100))
    assert not told.decided
    assert verdict(told, "en").startswith("Not yet enough to tell: B is up to 9")


def test_the_same_numbers_decide_less_among_many() -> None:
    assert views(A=(50, 1_000), B=(72, 1_000)).decided
    assert not views(A=(50, 1_000), B=(72, 1_000), C=(49, 1_000), D=(48, 1_000), E=(47, 1_000)).decided


def test_one_alone_is_compared_with_nothing() -> None:
    told = views(A=(5, 100), B=(0, 0))
    assert told.gap is None
    assert verdict(told, "en").startswith("There is nothing to compare yet")


def test_equal_ones_are_not_decided() -> None:
    assert not views(A=(50, 1_000), B=(50, 1_000)).decided
