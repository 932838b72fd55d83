import re

from hypothesis import given
from hypothesis import strategies as st

from core.ids import CROCKFORD, new_code, new_id, new_secret, parse_code


def test_ids_say_what_they_are_and_do_not_repeat() -> None:
    ids = {new_id("scr") for _ in range(1000)}
    assert len(ids) == 1000
    assert all(re.fullmatch(r"scr_[0-9a-z]{16}", i) for i in ids)


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
