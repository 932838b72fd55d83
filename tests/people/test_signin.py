"""Signing in, staying in, and being kept out."""

import pytest
from sqlalchemy import select

from core.errors import Invalid, Limited, NotFound, Unauthorized
from people import actions, queries
from people.jobs import sweep
from people.models import UserSession
from tests.people.conftest import PASSWORD, Town, as_principal


def enter(town: Town, email: str = "lan@example.vn", password: str = PASSWORD, origin: str = "office") -> str:
    return actions.sign_in(town.services, email, password, origin=origin).token


def test_it_works(town: Town) -> None:
    token = enter(town, "LAN@example.vn ")
    session, user = actions.see_session(town.services, token)
    assert (user.id, session.user_id) == (town.lan.id, town.lan.id)


def test_only_a_digest_of_the_secret_is_kept(town: Town) -> None:
    token = enter(town)
    with town.services.db.read() as s:
        kept = s.scalars(select(UserSession)).one()
        assert token not in [getattr(kept, column.name) for column in UserSession.__table__.columns]


def test_each_sign_in_is_a_new_session(town: Town) -> None:
    assert enter(town) != enter(town)
    with town.services.db.read() as s:
        assert len(queries.sessions_of(s, town.lan.id)) == 2


def test_an_idle_session_ends(town: Town) -> None:
    token = enter(town)
    town.services.clock.advance(minutes=29)
    assert actions.see_session(town.services, token)
    town.services.clock.advance(minutes=29)
    assert actions.see_session(town.services, token), "it was used in between"
    town.services.clock.advance(minutes=30)
    assert actions.see_session(town.services, token) is None


def test_a_busy_session_ends_after_twelve_hours(town: Town) -> None:
    token = enter(town)
    for _ in range(36):
        assert actions.see_session(town.services, token)
        town.services.clock.advance(minutes=20)
    assert actions.see_session(town.services, token) is None


def test_one_session_ends_and_the_others_stay(town: Town) -> None:
    phone, desk = enter(town), enter(town)
    session, _ = actions.see_session(town.services, phone)
    town.services.db.write(lambda s: actions.end_session(s, session.id, user_id=town.lan.id))
    assert actions.see_session(town.services, phone) is None
    assert actions.see_session(town.services, desk)


def test_nobody_ends_anothers_session(town: Town) -> None:
    session, _ = actions.see_session(town.services, enter(town))
    with pytest.raises(NotFound):
        town.services.db.write(lambda s: actions.end_session(s, session.id, user_id=town.hoa.id))


@pytest.mark.parametrize(
    ("email", "password"),
    [
        ("lan@example.vn", "wrong"),
        ("nobody@example.vn", PASSWORD),
        ("not an address", PASSWORD),
        ("lan@example.vn", ""),
    ],
)
def test_every_wrong_pair_is_refused_alike(town: Town, email: str, password: str) -> None:
    with pytest.raises(Unauthorized, match="The address or the password is wrong"):
        enter(town, email, password)


def test_an_unknown_address_leaves_no_trace(town: Town) -> None:
    with town.services.db.read() as s:
        before = len(queries.audit_entries(s))
    with pytest.raises(Unauthorized):
        enter(town, "nobody@example.vn")
    with town.services.db.read() as s:
        assert len(queries.audit_entries(s)) == before


def test_after_five_wrong_passwords_the_account_rests(town: Town) -> None:
    for _ in range(5):
        with pytest.raises(Unauthorized):
            enter(town, password="wrong")
    with pytest.raises(Limited) as refusal:
        enter(town)
    assert refusal.value.retry_after_s == 61
    town.services.clock.advance(seconds=61)
    assert enter(town), "the right password is taken again"


def test_a_success_forgets_the_failures(town: Town) -> None:
    for _ in range(2):
        for _ in range(4):
            with pytest.raises(Unauthorized):
                enter(town, password="wrong")
        assert enter(town)
        town.services.clock.advance(minutes=2)


def test_one_origin_cannot_try_without_end(town: Town) -> None:
    for n in range(30):
        with pytest.raises(Unauthorized):
            enter(town, f"nobody{n}@example.vn")
    with pytest.raises(Limited):
        enter(town)
    assert enter(town, origin="elsewhere")


def test_a_disabled_account_stays_out(town: Town) -> None:
    lan = as_principal(town.lan)
    town.services.db.write(lambda s: actions.disable_user(s, town.minh.id, by=lan, now=town.services.clock.now()))
    with pytest.raises(Unauthorized):
        enter(town, "minh@example.vn")


def test_a_changed_password_ends_all_other_sessions(town: Town) -> None:
    desk = enter(town)
    new = actions.change_password(town.services, town.lan, PASSWORD, "bông điên điển vàng")
    assert actions.see_session(town.services, desk) is None
    assert actions.see_session(town.services, new.token)
    assert enter(town, password="bông điên điển vàng")
    with pytest.raises(Unauthorized):
        enter(town)


def test_a_password_is_changed_only_by_who_knows_it(town: Town) -> None:
    with pytest.raises(Invalid, match="present password"):
        actions.change_password(town.services, town.lan, "wrong", "bông điên điển vàng")


def test_a_weak_password_is_refused(town: Town) -> None:
    with pytest.raises(Invalid, match="12 to 256"):
        actions.change_password(town.services, town.lan, PASSWORD, "short")
    assert enter(town)


def test_old_sessions_are_swept(town: Town) -> None:
    enter(town)
    town.services.clock.advance(hours=1)
    fresh = enter(town)
    sweep(town.services)
    with town.services.db.read() as s:
        assert len(queries.sessions_of(s, town.lan.id)) == 1
    assert actions.see_session(town.services, fresh)
