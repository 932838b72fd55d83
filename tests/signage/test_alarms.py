"""When silence is news: pure rules."""

from datetime import UTC, datetime, timedelta

import pytest

from signage.alarms import AGAIN, SETTLES, Opened, Verdict, Watched, alerting_area, is_back, is_silent, judge

NOON = datetime(2026, 11, 23, 5, 0, tzinfo=UTC)  # in Việt Nam, a Monday
MINUTE = timedelta(minutes=1)
DAY = [{"days": ["mon"], "from": "06:00", "to": "22:00"}]
TWO, SIX = frozenset("ab"), frozenset("abcdef")
NOBODY = frozenset[str]()


def screen(silent_for: timedelta) -> Watched:
    return Watched("a", "/93/93-1/", NOON - silent_for, "Asia/Ho_Chi_Minh", [])


@pytest.mark.parametrize(("minutes", "silent"), [(14, False), (15, True), (6000, True)])
def test_silence_counts_after_a_while(minutes: int, silent: bool) -> None:
    assert is_silent(screen(minutes * MINUTE), NOON, 15 * MINUTE) is silent


@pytest.mark.parametrize(
    ("now", "silent"),
    [
        (NOON, True),
        (NOON + timedelta(hours=11), False),  # 23:00: closed
        (NOON - timedelta(hours=5, minutes=50), False),  # 06:10: it has not been open for a quarter of an hour
        (NOON - timedelta(hours=5, minutes=45), True),
    ],
)
def test_only_within_operating_hours(now: datetime, silent: bool) -> None:
    one = Watched("a", "/93/", NOON - timedelta(days=1), "Asia/Ho_Chi_Minh", DAY)
    assert is_silent(one, now, 15 * MINUTE) is silent


def test_who_has_spoken_lately_is_back() -> None:
    assert is_back(screen(MINUTE), NOON)
    assert not is_back(screen(6 * MINUTE), NOON)


def test_the_nearest_area_upward_is_told() -> None:
    alerting = {"/93/": "93", "/93/93-1/": "93-1"}
    assert alerting_area("/93/93-1/x/", alerting) == "93-1"
    assert alerting_area("/93/93-2/", alerting) == "93"
    assert alerting_area("/12/", alerting) is None


def test_no_silence_is_no_alert() -> None:
    assert judge(None, NOBODY, NOBODY, NOON) is None


def test_an_alert_waits_until_its_number_has_settled() -> None:
    assert judge(None, TWO, NOBODY, NOON) == Verdict(TWO)
    held = Opened(NOON, TWO)
    assert judge(held, SIX, NOBODY, NOON + MINUTE) == Verdict(SIX)
    assert judge(held, SIX, NOBODY, NOON + SETTLES) == Verdict(SIX, "opened")


def test_it_is_told_once() -> None:
    told = Opened(NOON, SIX, NOON, 6)
    assert judge(told, SIX, NOBODY, NOON + timedelta(days=1)) == Verdict(SIX)


def test_it_is_told_again_when_it_has_grown_much_and_not_at_once() -> None:
    told = Opened(NOON, TWO, NOON, 2)
    many = frozenset("abcdefg")
    assert judge(told, many, NOBODY, NOON + MINUTE) == Verdict(many)
    assert judge(told, many, NOBODY, NOON + AGAIN) == Verdict(many, "grown")
    assert judge(told, SIX, NOBODY, NOON + AGAIN) == Verdict(SIX)


def test_it_is_over_when_all_are_back() -> None:
    told = Opened(NOON, TWO, NOON, 2)
    assert judge(told, NOBODY, frozenset("a"), NOON + MINUTE) == Verdict(frozenset("b"))
    assert judge(told, NOBODY, TWO, NOON + MINUTE) == Verdict(NOBODY, "recovered", over=True)


def test_what_was_never_told_ends_in_silence() -> None:
    assert judge(Opened(NOON, TWO), NOBODY, TWO, NOON + MINUTE) == Verdict(NOBODY, None, over=True)


def test_when_the_place_closes_members_stay_until_they_speak() -> None:
    told = Opened(NOON, TWO, NOON, 2)
    assert judge(told, NOBODY, NOBODY, NOON + timedelta(hours=12)) == Verdict(TWO)
