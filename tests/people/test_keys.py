"""API keys: shown once, kept as digests, revocable."""

import pytest

from core.errors import Forbidden, Invalid, NotFound
from people import actions, queries
from people.keys import new_key, split_key
from people.models import ApiKey
from tests.people.conftest import Town, as_principal


def make(town: Town, role: str = "editor", area_path: str = "/93/", name: str = "nightly import") -> tuple[ApiKey, str]:
    lan, now = as_principal(town.lan), town.services.clock.now()
    return town.services.db.write(
        lambda s: actions.create_key(s, name=name, role=role, area_path=area_path, by=lan, now=now)
    )


def test_it_works(town: Town) -> None:
    key, text = make(town)
    who = actions.use_key(town.services, text)
    assert (who.kind, who.id, who.scope("editor")) == ("key", key.id, ("/93/",))


def test_only_a_digest_of_the_secret_is_kept(town: Town) -> None:
    key, text = make(town)
    secret = text.split("_", 2)[2]
    assert secret not in [getattr(key, column.name) for column in ApiKey.__table__.columns]


def test_its_last_use_is_noted_every_ten_minutes(town: Town) -> None:
    key, text = make(town)
    first = town.services.clock.now()
    for minutes in (0, 9, 1):
        town.services.clock.advance(minutes=minutes)
        actions.use_key(town.services, text)
        with town.services.db.read() as s:
            used = queries.api_key(s, key.id).used_at
        assert used == (first if minutes != 1 else town.services.clock.now())


def test_a_revoked_key_opens_nothing(town: Town) -> None:
    key, text = make(town)
    lan, now = as_principal(town.lan), town.services.clock.now()
    town.services.db.write(lambda s: actions.revoke_key(s, key.id, by=lan, now=now))
    assert actions.use_key(town.services, text) is None


@pytest.mark.parametrize("text", ["", "bt", "bt__", "bt_a_", "xx_abc_def", "bt_nothere1_secret"])
def test_what_is_no_key_of_ours_opens_nothing(town: Town, text: str) -> None:
    assert actions.use_key(town.services, text) is None


def test_a_secret_may_hold_the_mark_between_parts() -> None:
    assert split_key("bt_abcd1234_a_b_c") == ("abcd1234", "a_b_c")
    text, prefix, secret = new_key()
    assert split_key(text) == (prefix, secret)


def test_nobody_makes_a_key_outside_their_area(town: Town) -> None:
    for path in ("/", "/33/"):
        with pytest.raises(Forbidden):
            make(town, area_path=path)


@pytest.mark.parametrize(
    ("role", "name"), [("emperor", "x"), ("viewer", ""), ("viewer", "x" * 201), ("viewer", "\u202e")]
)
def test_a_wrong_role_or_name_is_refused(town: Town, role: str, name: str) -> None:
    with pytest.raises(Invalid):
        make(town, role=role, name=name)


def test_a_foreign_key_is_not_there(town: Town) -> None:
    key, _ = make(town)
    hoa, now = as_principal(town.hoa), town.services.clock.now()
    with pytest.raises(NotFound):
        town.services.db.write(lambda s: actions.revoke_key(s, key.id, by=hoa, now=now))
