"""How long things last."""

from datetime import timedelta

import pytest

from people.lifetimes import lock_after, session_alive
from tests.support.clock import MORNING

NOON = MORNING


def test_it_works() -> None:
    assert session_alive(NOON, NOON, NOON + timedelta(minutes=29))


def test_an_idle_session_ends_after_half_an_hour() -> None:
    assert not session_alive(NOON, NOON, NOON + timedelta(minutes=30))


def test_a_busy_session_ends_after_twelve_hours() -> None:
    end = NOON + timedelta(hours=12)
    assert session_alive(NOON, end - timedelta(minutes=1), end - timedelta(seconds=1))
    assert not session_alive(NOON, end - timedelta(minutes=1), end)


@pytest.mark.parametrize(("failures", "minutes"), [(4, None), (5, 1), (6, 2), (7, 4), (8, 8), (9, 15), (99, 15)])
def test_each_wrong_password_costs_more(failures: int, minutes: int | None) -> None:
    expected = None if minutes is None else timedelta(minutes=minutes)
    assert lock_after(failures) == expected
