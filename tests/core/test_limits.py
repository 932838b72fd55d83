import pytest

from core.errors import Limited
from core.limits import Limits
from tests.support.clock import FrozenClock


def test_it_works(clock: FrozenClock) -> None:
    limits = Limits(clock.mono)
    for _ in range(5):
        limits.take("login", "someone", rate_per_minute=5, burst=5)
    with pytest.raises(Limited) as caught:
        limits.take("login", "someone", rate_per_minute=5, burst=5)
    assert caught.value.retry_after_s == 12
    clock.advance(seconds=12)
    limits.take("login", "someone", rate_per_minute=5, burst=5)


def test_trying_while_limited_does_not_make_it_longer(clock: FrozenClock) -> None:
    limits = Limits(clock.mono)
    limits.take("login", "someone", rate_per_minute=1, burst=1)
    for _ in range(20):
        with pytest.raises(Limited):
            limits.take("login", "someone", rate_per_minute=1, burst=1)
    clock.advance(seconds=60)
    limits.take("login", "someone", rate_per_minute=1, burst=1)


def test_one_key_does_not_hold_up_another(clock: FrozenClock) -> None:
    limits = Limits(clock.mono)
    limits.take("login", "a", rate_per_minute=1, burst=1)
    limits.take("login", "b", rate_per_minute=1, burst=1)


def test_success_forgets_the_tries(clock: FrozenClock) -> None:
    limits = Limits(clock.mono)
    limits.take("login", "a", rate_per_minute=1, burst=1)
    limits.clear("login", "a")
    limits.take("login", "a", rate_per_minute=1, burst=1)


def test_memory_is_bounded(clock: FrozenClock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.limits.MOST_KEYS", 10)
    limits = Limits(clock.mono)
    for i in range(100):
        limits.take("login", str(i), rate_per_minute=1, burst=1)
    assert len(limits._buckets) == 10
