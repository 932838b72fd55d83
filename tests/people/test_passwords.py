"""Which passwords are accepted, and how they are checked."""

import pytest

from people.passwords import hash_password, needs_rehash, verify_password, weakness


def test_it_works() -> None:
    kept = hash_password("rừng tràm mùa nước nổi")
    assert kept.startswith("$argon2id$")
    assert verify_password(kept, "rừng tràm mùa nước nổi")
    assert not verify_password(kept, "rừng tràm mùa nước nỗi")
    assert not needs_rehash(kept)


def test_the_same_letters_typed_on_another_keyboard_are_the_same_password() -> None:
    kept = hash_password("mưa tháng tám 7")
    assert verify_password(kept, "mu\u031ba tha\u0301ng ta\u0301m 7")


def test_nobody_has_no_password() -> None:
    assert not verify_password(None, "nobody's password")


def test_a_hash_of_older_parameters_is_made_anew() -> None:
    old = "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$Vpzuhq1Q3bBxLl3RrQj7CyZ2hCG0UE5PpbWkv2WvUOA"
    assert needs_rehash(old)


@pytest.mark.parametrize(
    "password",
    ["", "short", "x" * 257, "password1234", "MatKhau123456", "123456789012", "abcabcabcabc", "aaaaaaaaaaaaaa"],
)
def test_weak_ones_are_refused(password: str) -> None:
    assert weakness(password)


def test_the_accounts_own_name_is_no_secret() -> None:
    assert weakness("lan.nguyen-2026", about="lan.nguyen@haugiang.gov.vn")


@pytest.mark.parametrize("password", ["rừng tràm mùa nước nổi", "cua-dong-xao-me-7", "T9#kfw2!pqLz"])
def test_good_ones_are_taken(password: str) -> None:
    assert weakness(password, about="lan@haugiang.gov.vn") is None
