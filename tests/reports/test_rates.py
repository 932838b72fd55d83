"""Rates and the pace to a target, by hand-worked examples."""

from __future__ import annotations

from datetime import date

import pytest

from reports.rates import per_thousand, progress, wilson

HAU_GIANG = (55_289, 733_017)


def test_it_works() -> None:
    rate = wilson(10, 100)
    assert rate is not None
    assert (rate.value, round(rate.low, 4), round(rate.high, 4), rate.small) == (0.1, 0.0552, 0.1744, False)


def test_nothing_tried_is_no_rate() -> None:
    assert wilson(0, 0) is None


def test_none_of_few_is_not_certainly_none() -> None:
    rate = wilson(0, 10)
    assert rate is not None
    assert (rate.low, round(rate.high, 3), rate.small) == (0.0, 0.278, True)


def test_more_hits_than_trials_is_all() -> None:
    rate = wilson(12, 10)
    assert rate is not None
    assert (rate.value, rate.high) == (1.0, 1.0)


def test_hau_giang_on_13_august() -> None:
    """7.54 % installed; 30 % by 30 August asks for 9,684 a day."""
    so_far = progress(*HAU_GIANG, 0.30, date(2020, 8, 30), date(2020, 8, 13))
    assert so_far is not None
    assert round(100 * so_far.share, 2) == 7.54
    assert (so_far.missing, so_far.days_left) == (219_906 - 55_289, 17)
    assert so_far.per_day == 9_684


def test_a_target_that_is_met_asks_for_nothing() -> None:
    so_far = progress(300, 1000, 0.30, date(2020, 8, 30), date(2020, 8, 13))
    assert so_far is not None
    assert (so_far.missing, so_far.per_day, so_far.reached) == (0, 0, True)


def test_a_date_that_is_past_leaves_no_pace() -> None:
    so_far = progress(1, 1000, 0.30, date(2020, 8, 30), date(2020, 9, 1))
    assert so_far is not None
    assert (so_far.missing, so_far.days_left, so_far.per_day) == (299, -2, None)


def test_without_a_target_there_is_a_share() -> None:
    so_far = progress(1, 4, None, None, date(2020, 8, 13))
    assert so_far is not None
    assert (so_far.share, so_far.missing, so_far.reached) == (0.25, None, False)


@pytest.mark.parametrize("base", [0, -1])
def test_without_people_there_is_no_progress(base: int) -> None:
    assert progress(1, base, 0.3, None, date(2020, 8, 13)) is None


def test_per_thousand() -> None:
    assert per_thousand(3, 2000) == 1.5
    assert per_thousand(3, None) is None
    assert per_thousand(3, 0) is None
