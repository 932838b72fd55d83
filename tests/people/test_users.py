"""Accounts: made and changed by administrators, within their reach."""

import pytest

from core.errors import Conflict, Forbidden, Invalid, NotFound
from people import actions, queries
from people.roles import SYSTEM, Grant
from tests.people.conftest import Town, as_principal

VIEWER = [Grant("viewer", "/93/93-31333/")]


def test_it_works(town: Town) -> None:
    now, lan = town.services.clock.now(), as_principal(town.lan)
    made = town.services.db.write(
        lambda s: actions.create_user(s, email=" Thu@Example.VN ", name="Thu  Hà", grants=VIEWER, by=lan, now=now)
    )
    assert (made.email, made.name, made.password_hash) == ("thu@example.vn", "Thu Hà", None)
    with town.services.db.read() as s:
        assert [each.email for each in queries.users(s, ["/93/93-31333/"])] == ["thu@example.vn"]
        assert len(queries.users(s, ["/93/"])) == 3


def test_roles_are_replaced_as_a_whole(town: Town) -> None:
    now, lan, minh = town.services.clock.now(), as_principal(town.lan), town.minh.id
    grants = [Grant("approver", "/93/"), Grant("viewer", "/93/x/")]
    town.services.db.write(lambda s: actions.set_grants(s, minh, grants, by=lan, now=now))
    with town.services.db.read() as s:
        assert set(queries.user(s, minh).grants) == set(grants)


def test_a_disabled_account_loses_its_sessions(town: Town) -> None:
    entered = actions.sign_in(town.services, "minh@example.vn", "rừng tràm mùa nước nổi", origin="x")
    now, lan = town.services.clock.now(), as_principal(town.lan)
    town.services.db.write(lambda s: actions.disable_user(s, town.minh.id, by=lan, now=now))
    assert actions.see_session(town.services, entered.token) is None


def refused(town: Town, error: type[Exception], work: object) -> None:
    before = counts(town)
    with pytest.raises(error):
        town.services.db.write(work)  # type: ignore[arg-type]
    assert counts(town) == before


def counts(town: Town) -> tuple[int, int]:
    with town.services.db.read() as s:
        return len(queries.users(s)), len(queries.audit_entries(s))


def test_an_address_has_one_account(town: Town) -> None:
    now = town.services.clock.now()
    refused(
        town,
        Conflict,
        lambda s: actions.create_user(s, email="LAN@example.vn", grants=VIEWER, by=SYSTEM, now=now),
    )


@pytest.mark.parametrize("email", ["", "lan", "lan@", "@x.vn", "a b@x.vn", "a@b@c", "x" * 65 + "@x.vn", "a\u202e@x.vn"])
def test_what_is_no_address_is_refused(email: str) -> None:
    with pytest.raises(Invalid):
        actions.normal_email(email)


@pytest.mark.parametrize("grants", [[Grant("viewer", "/33/")], [Grant("viewer", "/")], [*VIEWER, Grant("admin", "/")]])
def test_nobody_gives_roles_outside_their_area(town: Town, grants: list[Grant]) -> None:
    now, lan = town.services.clock.now(), as_principal(town.lan)
    refused(town, Forbidden, lambda s: actions.create_user(s, email="x@x.vn", grants=grants, by=lan, now=now))


@pytest.mark.parametrize("grants", [[], [Grant("emperor", "/93/")]])
def test_no_role_and_no_such_role_are_refused(town: Town, grants: list[Grant]) -> None:
    now, lan = town.services.clock.now(), as_principal(town.lan)
    refused(town, Invalid, lambda s: actions.create_user(s, email="x@x.vn", grants=grants, by=lan, now=now))


def test_an_editor_makes_no_account(town: Town) -> None:
    now, minh = town.services.clock.now(), as_principal(town.minh)
    refused(town, Forbidden, lambda s: actions.create_user(s, email="x@x.vn", grants=VIEWER, by=minh, now=now))


def test_a_foreign_account_is_not_there(town: Town) -> None:
    now, hoa = town.services.clock.now(), as_principal(town.hoa)
    refused(town, NotFound, lambda s: actions.disable_user(s, town.minh.id, by=hoa, now=now))
    refused(town, NotFound, lambda s: actions.make_link(s, town.minh.id, by=hoa, now=now))


def test_an_account_that_reaches_further_is_left_alone(town: Town) -> None:
    """Else a local admin could set a wider one's password and become it."""
    now, lan = town.services.clock.now(), as_principal(town.lan)
    both = [Grant("viewer", "/93/"), Grant("admin", "/33/")]
    made = town.services.db.write(lambda s: actions.create_user(s, email="both@x.vn", grants=both, by=SYSTEM, now=now))
    for verb in (actions.make_link, actions.disable_user, actions.enable_user):
        refused(town, Forbidden, lambda s, verb=verb: verb(s, made.id, by=lan, now=now))


def test_nobody_changes_their_own_roles(town: Town) -> None:
    now, lan = town.services.clock.now(), as_principal(town.lan)
    refused(town, Forbidden, lambda s: actions.set_grants(s, town.lan.id, [Grant("viewer", "/93/")], by=lan, now=now))
    refused(town, Forbidden, lambda s: actions.disable_user(s, town.lan.id, by=lan, now=now))
