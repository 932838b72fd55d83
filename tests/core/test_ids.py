import re

from hypothesis import given
from hypothesis import strategies as st

from core.ids import CROCKFORD, new_code, new_id, new_id_at, new_secret, parse_code


def test_ids_say_what_they_are_and_do_not_repeat() -> None:
    ids = {new_id("scr") for _ in range(1000)}
    assert len(ids) == 1000
    assert all(re.fullmatch(r"scr_[0-9a-z]{16}", i) for i in ids)


@given(st.integers(0, 2**48 - 2), st.integers(1, 10**6))
def test_ids_of_later_moments_stand_behind(at_ms: int, more: int) -> None:
    earlier, later = new_id_at("opn", at_ms), new_id_at("opn", min(at_ms + more, 2**48 - 1))
    assert earlier < later
    assert re.fullmatch(r"opn_[0-9a-z]{24}", later)


def test_ids_of_one_moment_do_not_repeat() -> None:
    assert len({new_id_at("opn", 1_795_312_800_000) for _ in range(1000)}) == 1000


def test_codes_have_the_length_that_was_asked_for() -> None:
    assert [len(new_code(n)) for n in (1, 8, 20, 33)] == [1, 8, 20, 33]


def test_codes_hold_no_look_alikes() -> None:
    assert not set("".join(new_code() for _ in range(500))) & set("OILU")


def test_a_code_is_read_as_a_person_would_type_it() -> None:
    assert parse_code(" oil0abcd ") == "0110ABCD"


@given(st.text(max_size=12))
def test_a_text_is_a_code_or_refused(text: str) -> None:
    code = parse_code(text)
    assert code is None or (len(code) == 8 and set(code) <= set(CROCKFORD))


def test_secrets_hold_256_bits() -> None:
    assert len(new_secret()) == 43
