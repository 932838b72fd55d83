"""Keys that are printed before the boxes come: good once, for one screen, for ninety days."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from core.services import Services
from people.models import AuditEntry
from people.roles import SYSTEM
from signage import actions
from signage.models import OneTimeKey
from tests.signage.test_authorize import DEVICE
from tests.signage.world import PLAYER, Player
from tests.support.pages import faults

GRANT = "urn:bangtin:grant-type:printed-key"


@pytest.fixture
def key(world: Services, player: Player) -> str:
    """A key for the player's screen, as it is printed."""
    now = world.clock.now()
    return world.db.write(lambda s: actions.print_key(s, player.screen, by=SYSTEM, now=now))


def bring(client: FlaskClient, key: str) -> TestResponse:
    return client.post(f"{PLAYER}/token", json={"grant_type": GRANT, "key": key})


def shown_code(client: FlaskClient) -> str:
    return str(client.post(f"{PLAYER}/authorize", json=DEVICE).get_json()["user_code"])


def test_it_works(world: Services, client: FlaskClient, player: Player, key: str) -> None:
    """The box that brings the key is the screen's player; the one before it is nobody."""
    given = bring(client, key.lower().replace("-", " "))
    assert given.status_code == 200
    assert given.json["screen"] == player.screen
    world.clock.advance(seconds=5)  # type: ignore[attr-defined]
    fresh = Player(client, given.json["access_token"], player.screen)
    assert fresh.get("manifest").status_code == 200
    assert player.get("manifest").status_code == 401


def test_a_key_is_good_once(client: FlaskClient, key: str) -> None:
    assert bring(client, key).status_code == 200
    again = bring(client, key)
    assert (again.status_code, again.json) == (400, {"error": "invalid_grant"})


def test_a_key_that_was_printed_anew_is_good_no_longer(
    world: Services, client: FlaskClient, player: Player, key: str
) -> None:
    now = world.clock.now()
    fresh = world.db.write(lambda s: actions.print_key(s, player.screen, by=SYSTEM, now=now))
    assert bring(client, key).status_code == 400
    assert bring(client, fresh).status_code == 200


def test_after_ninety_days_it_is_paper(world: Services, client: FlaskClient, key: str) -> None:
    world.clock.advance(seconds=timedelta(days=91).total_seconds())  # type: ignore[attr-defined]
    assert bring(client, key).status_code == 400


def test_a_closed_screen_takes_nobody(world: Services, client: FlaskClient, player: Player, key: str) -> None:
    now = world.clock.now()
    world.db.write(lambda s: actions.close(s, player.screen, by=SYSTEM, now=now))
    assert bring(client, key).status_code == 400
    assert client.get(f"/install/{key}").status_code == 404


@pytest.mark.parametrize("text", ["", "7K3M-9XQ2", "A" * 16, "x" * 60])
def test_what_is_no_key_is_refused(client: FlaskClient, world: Services, text: str) -> None:
    assert bring(client, text).status_code == 400


def test_guessing_is_limited(client: FlaskClient, world: Services) -> None:
    assert {bring(client, "A" * 16).status_code for _ in range(130)} == {400, 429}


def test_only_the_digest_is_kept_and_the_log_says_when_it_was_used(
    world: Services, client: FlaskClient, player: Player, key: str
) -> None:
    bring(client, key)
    with world.db.read() as s:
        held = s.scalars(select(OneTimeKey)).one()
        actions_done = s.scalars(select(AuditEntry.action).where(AuditEntry.ref == player.screen)).all()
    assert key.replace("-", "") not in held.digest
    assert {"screen.print_key", "screen.bring_key"} <= set(actions_done)


def test_an_installers_phone_takes_the_box_whose_code_it_reads(
    world: Services, client: FlaskClient, player: Player, key: str
) -> None:
    page = client.get(f"/install/{key}")
    assert "Thang máy A" in page.text
    assert not faults(page.text)
    device = client.post(f"{PLAYER}/authorize", json=DEVICE).get_json()
    done = client.post(f"/install/{key}", data={"code": device["user_code"].lower()})
    assert (done.status_code, faults(done.text)) == (200, [])
    grant = {"grant_type": "urn:ietf:params:oauth:grant-type:device_code", "device_code": device["device_code"]}
    world.clock.advance(seconds=6)  # type: ignore[attr-defined]
    assert client.post(f"{PLAYER}/token", json=grant).json["screen"] == player.screen
    assert client.post(f"/install/{key}", data={"code": shown_code(client)}).status_code == 404


def test_a_code_that_nothing_shows_uses_up_nothing(client: FlaskClient, world: Services, key: str) -> None:
    wrong = client.post(f"/install/{key}", data={"code": "BBBB-BBBB"})
    assert wrong.status_code == 422
    assert not faults(wrong.text)
    assert client.post(f"/install/{key}", data={"code": shown_code(client)}).status_code == 200
