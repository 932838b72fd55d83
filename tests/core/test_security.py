from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.security import BadSeal, ExpiredSeal, Sealer, digest
from tests.support.clock import MORNING

SEALER = Sealer("k" * 40)


def test_it_works() -> None:
    token = SEALER.seal({"hotspot": "BX-01"}, "visit", 600, MORNING)
    assert SEALER.open(token, "visit", MORNING + timedelta(seconds=600)) == {"hotspot": "BX-01"}


def test_it_tells_nothing() -> None:
    assert "BX-01" not in SEALER.seal({"hotspot": "BX-01"}, "visit", 600, MORNING)


def test_an_expired_seal_still_says_what_it_said() -> None:
    token = SEALER.seal({"hotspot": "BX-01"}, "visit", 600, MORNING)
    with pytest.raises(ExpiredSeal) as caught:
        SEALER.open(token, "visit", MORNING + timedelta(seconds=601))
    assert caught.value.payload == {"hotspot": "BX-01"}


def test_a_seal_for_another_purpose_is_bad() -> None:
    with pytest.raises(BadSeal):
        SEALER.open(SEALER.seal({}, "visit", 600, MORNING), "reset", MORNING)


def test_a_seal_of_another_house_is_bad() -> None:
    with pytest.raises(BadSeal):
        SEALER.open(Sealer("x" * 40).seal({}, "visit", 600, MORNING), "visit", MORNING)


@given(st.integers(0, 60), st.sampled_from("AZaz09-_"))
def test_a_changed_character_is_noticed(at: int, letter: str) -> None:
    token = SEALER.seal({"a": 1}, "visit", 600, MORNING)
    forged = token[:at] + letter + token[at + 1 :]
    if forged != token:
        with pytest.raises(BadSeal):
            SEALER.open(forged, "visit", MORNING)


@given(st.text())
def test_rubbish_is_bad_and_nothing_worse(text: str) -> None:
    with pytest.raises(BadSeal):
        SEALER.open(text, "visit", MORNING)


def test_secrets_at_rest_come_back() -> None:
    assert SEALER.decrypt(SEALER.encrypt("faskey")) == "faskey"


def test_the_digest_is_sha_256() -> None:
    assert digest("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
