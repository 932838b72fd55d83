"""Every screen has a poll interval of its own."""

from signage.pacing import POLL_MS, SPREAD_MS, poll_after_ms


def test_an_interval_is_steady() -> None:
    assert poll_after_ms("scr_a") == poll_after_ms("scr_a")


def test_intervals_are_spread_around_thirty_seconds() -> None:
    intervals = [poll_after_ms(f"scr_{n}") for n in range(2_000)]
    assert min(intervals) >= POLL_MS - SPREAD_MS
    assert max(intervals) <= POLL_MS + SPREAD_MS
    assert len(set(intervals)) > 1_500
    assert abs(sum(intervals) / len(intervals) - POLL_MS) < SPREAD_MS / 10
