"""Codes that people read off a screen, and how often a device may ask."""

from datetime import timedelta

import pytest

from signage.enrolment import ALPHABET, Pace, new_user_code, parse_user_code, shown
from tests.support.clock import MORNING


def test_it_works() -> None:
    code = new_user_code()
    assert parse_user_code(shown(code)) == code


def test_a_code_has_no_look_alikes_and_makes_no_words() -> None:
    assert not set(ALPHABET) & set("AEIOUY0123456789")
    assert len(ALPHABET) == 20


@pytest.mark.parametrize("typed", ["bcdf-ghjk", "BCDFGHJK", " bcdf ghjk ", "b-c-d-f-g-h-j-k", "BCDF–GHJK"])
def test_a_code_is_read_however_it_is_typed(typed: str) -> None:
    assert parse_user_code(typed) == "BCDFGHJK"


@pytest.mark.parametrize("typed", ["", "BCDF", "BCDF-GHJKL", "ACDF-GHJK", "BCDF-GH1K", "đ" * 8, "٣" * 8])
def test_what_cannot_be_a_code_is_none(typed: str) -> None:
    assert parse_user_code(typed) is None


def test_a_device_that_keeps_its_pace_is_never_slowed() -> None:
    pace, now = Pace(MORNING), MORNING
    for _ in range(10):
        assert not pace.too_soon(now)
        pace = pace.asked(now)
        now += timedelta(seconds=5)
    assert pace.wait_s == 5


def test_each_question_too_soon_adds_five_seconds_for_good() -> None:
    pace = Pace(MORNING).asked(MORNING)
    assert pace.too_soon(MORNING + timedelta(seconds=2))
    pace = pace.asked(MORNING + timedelta(seconds=2))
    assert (pace.wait_s, pace.next_at) == (10, MORNING + timedelta(seconds=12))
