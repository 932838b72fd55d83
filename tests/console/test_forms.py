"""What was typed, as the kinds that actions take, with a mistake for what is none."""

from datetime import UTC, date, datetime

import pytest

from console.bars import Series, ceiling, chart, short
from console.forms import Form, local_text


def test_a_local_moment_becomes_utc_and_back() -> None:
    form = Form({"at": "2026-11-22T07:30"})
    moment = form.moment("at", "Asia/Ho_Chi_Minh")
    assert moment == datetime(2026, 11, 22, 0, 30, tzinfo=UTC)
    assert local_text(moment, "Asia/Ho_Chi_Minh") == "2026-11-22T07:30"


@pytest.mark.parametrize("text", ["1.200", "1 200", "1,200", "1\u00a0200"])
def test_thousands_may_be_marked(text: str) -> None:
    assert Form({"n": text}).whole("n") == 1200


@pytest.mark.parametrize("text", ["1,2,3", "inf", "nan", "two"])
def test_what_is_no_number_is_a_mistake(text: str) -> None:
    form = Form({"n": text})
    assert form.number("n") is None
    assert "n" in form.errors


def test_nothing_typed_is_none_and_no_mistake() -> None:
    form = Form({})
    assert (form.whole("a"), form.number("b"), form.day("c"), form.moment("d", "UTC"), form.maybe("e")) == (None,) * 5
    assert not form.errors


def test_a_day() -> None:
    assert Form({"d": "2026-08-30"}).day("d") == date(2026, 8, 30)


def test_nothing_is_attempted_after_a_mistake() -> None:
    form = Form({"n": "x"})
    form.whole("n")
    assert form.attempt(lambda: pytest.fail("attempted")) is None


@pytest.mark.parametrize(("most", "top"), [(0, 4), (4, 4), (5, 10), (11, 20), (39, 40), (41, 100), (12480, 20000)])
def test_the_axis_ends_on_a_round_number(most: int, top: int) -> None:
    assert ceiling(most) == top


def test_bars_stay_within_the_picture() -> None:
    drawn = chart(
        "Plays", [f"{day}/8" for day in range(1, 32)], [Series("plays", range(31)), Series("scans", [5] * 31)]
    )
    assert len(drawn.bars) == 30 + 31
    assert all(bar.x >= 0 and bar.x + bar.width <= drawn.width for bar in drawn.bars)
    assert all(bar.y >= 0 and bar.y + bar.height <= drawn.height for bar in drawn.bars)


def test_the_axis_is_short() -> None:
    assert [short(n) for n in (5, 2500, 12000, 2_000_000)] == ["5", "2.5k", "12k", "2M"]
