"""Roles hold for an area and what lies below it."""

import pytest

from people.roles import ROLES, SYSTEM, Grant, Principal, satisfies


def someone(*grants: tuple[str, str]) -> Principal:
    return Principal("user", "usr_1", "Lan", tuple(Grant(*each) for each in grants))


def test_it_works() -> None:
    lan = someone(("editor", "/93/"))
    assert lan.allows("viewer", "/93/93-31333/")
    assert lan.allows("editor", "/93/")
    assert not lan.allows("approver", "/93/")
    assert not lan.allows("viewer", "/94/")
    assert not lan.allows("viewer", "/")


@pytest.mark.parametrize(
    ("held", "wanted"),
    [
        ("admin", {"viewer", "editor", "approver", "admin", "auditor"}),
        ("approver", {"viewer", "editor", "approver"}),
        ("editor", {"viewer", "editor"}),
        ("viewer", {"viewer"}),
        ("auditor", {"viewer", "auditor"}),
    ],
)
def test_each_role_does_this_and_no_more(held: str, wanted: set[str]) -> None:
    assert {role for role in ROLES if satisfies(held, role)} == wanted


def test_a_scope_names_nothing_twice() -> None:
    lan = someone(("editor", "/93/93-1/"), ("viewer", "/93/"), ("editor", "/80/"))
    assert lan.scope("viewer") == ("/80/", "/93/")
    assert lan.scope("editor") == ("/80/", "/93/93-1/")
    assert lan.scope("admin") == ()


def test_nobody_covers_more_than_they_hold() -> None:
    lan = someone(("admin", "/93/"))
    assert lan.covers("admin", [Grant("viewer", "/93/93-1/")])
    assert not lan.covers("admin", [Grant("viewer", "/93/"), Grant("viewer", "/94/")])


def test_the_system_may_everything() -> None:
    assert SYSTEM.allows("admin", "/anything/")
