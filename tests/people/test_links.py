"""One-time links: an invitation, and leave to set a new password, without a mail server."""

import pytest

from core.errors import Gone, Invalid, Unauthorized
from people import actions, queries
from people.actions import LinkMade
from people.roles import Grant
from tests.people.conftest import PASSWORD, Town, as_principal

NEW = "bông điên điển vàng"


def invite(town: Town) -> LinkMade:
    lan, now = as_principal(town.lan), town.services.clock.now()
    grants = [Grant("viewer", "/93/")]
    user = town.services.db.write(
        lambda s: actions.create_user(s, email="thu@example.vn", grants=grants, by=lan, now=now)
    )
    return link_for(town, user.id)


def link_for(town: Town, user_id: str) -> LinkMade:
    lan, now = as_principal(town.lan), town.services.clock.now()
    return town.services.db.write(lambda s: actions.make_link(s, user_id, by=lan, now=now))


def test_it_works(town: Town) -> None:
    link = invite(town)
    assert link.purpose == "invite"
    entered = actions.redeem(town.services, link.token, NEW)
    assert actions.see_session(town.services, entered.token)
    assert actions.sign_in(town.services, "thu@example.vn", NEW, origin="x")


def test_a_reset_sets_another_password_and_ends_old_sessions(town: Town) -> None:
    old = actions.sign_in(town.services, "minh@example.vn", PASSWORD, origin="x")
    link = link_for(town, town.minh.id)
    assert link.purpose == "reset"
    actions.redeem(town.services, link.token, NEW)
    assert actions.see_session(town.services, old.token) is None
    with pytest.raises(Unauthorized):
        actions.sign_in(town.services, "minh@example.vn", PASSWORD, origin="x")


def test_the_token_is_nowhere_kept(town: Town) -> None:
    link = invite(town)
    with town.services.db.read() as s:
        kept = queries.link_by_token(s, link.token)
        assert link.token not in (kept.id, kept.token_hash)


def test_it_works_once(town: Town) -> None:
    link = invite(town)
    actions.redeem(town.services, link.token, NEW)
    with pytest.raises(Gone):
        actions.redeem(town.services, link.token, PASSWORD)
    assert actions.sign_in(town.services, "thu@example.vn", NEW, origin="x")


def test_an_invitation_expires_after_a_week(town: Town) -> None:
    link = invite(town)
    town.services.clock.advance(days=7)
    with pytest.raises(Gone):
        actions.redeem(town.services, link.token, NEW)


def test_a_reset_expires_after_a_day(town: Town) -> None:
    link = link_for(town, town.minh.id)
    town.services.clock.advance(hours=24)
    with pytest.raises(Gone):
        actions.redeem(town.services, link.token, NEW)


def test_a_newer_link_ends_the_older(town: Town) -> None:
    older, newer = link_for(town, town.minh.id), link_for(town, town.minh.id)
    with pytest.raises(Gone):
        actions.redeem(town.services, older.token, NEW)
    assert actions.redeem(town.services, newer.token, NEW)


def test_an_invented_link_is_refused(town: Town) -> None:
    with pytest.raises(Gone):
        actions.redeem(town.services, "invented", NEW)


def test_a_weak_password_leaves_the_link_good(town: Town) -> None:
    link = invite(town)
    with pytest.raises(Invalid):
        actions.redeem(town.services, link.token, "password1234")
    assert actions.redeem(town.services, link.token, NEW)


def test_a_disabled_account_is_not_revived_by_a_link(town: Town) -> None:
    link = link_for(town, town.minh.id)
    lan, now = as_principal(town.lan), town.services.clock.now()
    town.services.db.write(lambda s: actions.disable_user(s, town.minh.id, by=lan, now=now))
    with pytest.raises(Gone):
        actions.redeem(town.services, link.token, NEW)
