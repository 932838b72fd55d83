"""POST /authorize, POST /token and the claim: how an unknown device becomes a screen."""

import base64
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from core.errors import Conflict, Forbidden, Invalid
from core.services import Services
from people.roles import SYSTEM, Grant, Principal
from signage import actions
from signage.models import Enrolment, Screen, ScreenKey
from tests.signage.world import PLAYER, on_sqlite
from tests.support.clock import FrozenClock

GRANT = "urn:ietf:params:oauth:grant-type:device_code"
DEVICE = {"client": {"name": "web", "version": "1", "platform": "Linux"}, "width": 1080, "height": 1920}


def authorize(client: FlaskClient) -> dict[str, Any]:
    answer = client.post(f"{PLAYER}/authorize", json=DEVICE)
    assert answer.status_code == 200
    told: dict[str, Any] = answer.get_json()
    return told


def ask(client: FlaskClient, code: str) -> tuple[int, dict[str, Any]]:
    answer = client.post(f"{PLAYER}/token", json={"grant_type": GRANT, "device_code": code})
    return answer.status_code, answer.get_json()


def claim(services: Services, user_code: str, **more: Any) -> Screen:
    facts = {"location": "vt-01", "name": "Thang máy A", "by": SYSTEM, "now": services.clock.now()} | more
    return services.db.write(lambda s: actions.claim(s, user_code=user_code, **facts))


def test_it_works(world: Services, client: FlaskClient, clock: FrozenClock) -> None:
    told = authorize(client)
    assert told["verification_uri"] == "http://localhost:8000/claim"
    assert told["verification_uri_complete"].endswith(f"/claim/{told['user_code']}")
    assert (told["expires_in"], told["interval"]) == (900, 5)
    clock.advance(seconds=5)
    assert ask(client, told["device_code"]) == (400, {"error": "authorization_pending"})
    screen = claim(world, told["user_code"].lower())
    clock.advance(seconds=5)
    status, granted = ask(client, told["device_code"])
    assert (status, granted["token_type"], granted["screen"]) == (200, "Bearer", screen.id)
    assert len(base64.b64decode(granted["manifest_key"])) == 32
    manifest = client.get(f"{PLAYER}/manifest", headers={"Authorization": f"Bearer {granted['access_token']}"})
    assert manifest.status_code == 200
    assert manifest.get_json()["screen"]["name"] == "Thang máy A"


def test_the_token_is_given_once(world: Services, client: FlaskClient, clock: FrozenClock) -> None:
    told = authorize(client)
    claim(world, told["user_code"])
    clock.advance(seconds=5)
    assert ask(client, told["device_code"])[0] == 200
    clock.advance(seconds=5)
    assert ask(client, told["device_code"]) == (400, {"error": "expired_token"})


def test_secrets_are_kept_as_digests_only(world: Services, client: FlaskClient, clock: FrozenClock) -> None:
    told = authorize(client)
    with world.db.read() as s:
        assert told["device_code"] not in str(s.scalars(select(Enrolment.device_digest)).all())
    claim(world, told["user_code"])
    clock.advance(seconds=5)
    token = ask(client, told["device_code"])[1]["access_token"]
    with world.db.read() as s:
        assert token not in str(s.scalars(select(ScreenKey.digest)).all())


@on_sqlite
def test_a_device_that_asks_too_often_is_slowed_down(client: FlaskClient, clock: FrozenClock) -> None:
    told = authorize(client)
    clock.advance(seconds=5)
    ask(client, told["device_code"])
    clock.advance(seconds=1)
    assert ask(client, told["device_code"]) == (400, {"error": "slow_down"})
    clock.advance(seconds=6)
    assert ask(client, told["device_code"]) == (400, {"error": "slow_down"})
    clock.advance(seconds=15)
    assert ask(client, told["device_code"]) == (400, {"error": "authorization_pending"})


def test_a_code_lives_a_quarter_of_an_hour(world: Services, client: FlaskClient, clock: FrozenClock) -> None:
    told = authorize(client)
    clock.advance(minutes=15)
    assert ask(client, told["device_code"]) == (400, {"error": "expired_token"})
    with pytest.raises(Invalid):
        claim(world, told["user_code"])


@on_sqlite
def test_an_unknown_device_code_is_expired(client: FlaskClient) -> None:
    assert ask(client, "never given out") == (400, {"error": "expired_token"})


def test_a_device_that_was_turned_away_is_told(services: Services, client: FlaskClient, clock: FrozenClock) -> None:
    told = authorize(client)
    services.db.write(lambda s: actions.deny(s, told["user_code"], by=SYSTEM, now=clock.now()))
    clock.advance(seconds=5)
    assert ask(client, told["device_code"]) == (400, {"error": "access_denied"})


@on_sqlite
def test_another_grant_type_is_refused(client: FlaskClient) -> None:
    answer = client.post(f"{PLAYER}/token", json={"grant_type": "password", "device_code": "x"})
    assert (answer.status_code, answer.get_json()) == (400, {"error": "unsupported_grant_type"})


@on_sqlite
@pytest.mark.parametrize(
    "body", [{}, {"width": 0, "height": 1}, {"width": "a", "height": 1}, {"width": 99999, "height": 9}]
)
def test_a_device_of_no_size_is_refused_and_not_stored(services: Services, client: FlaskClient, body: Any) -> None:
    answer = client.post(f"{PLAYER}/authorize", json=body)
    assert answer.status_code == 422
    assert answer.mimetype == "application/problem+json"
    with services.db.read() as s:
        assert s.scalars(select(Enrolment)).all() == []


@on_sqlite
def test_what_a_device_says_beyond_that_is_ignored(client: FlaskClient) -> None:
    assert client.post(f"{PLAYER}/authorize", json={**DEVICE, "serial": "7"}).status_code == 200


@on_sqlite
def test_codes_are_not_handed_out_without_end(client: FlaskClient) -> None:
    answers = {client.post(f"{PLAYER}/authorize", json=DEVICE).status_code for _ in range(130)}
    assert answers == {200, 429}


def test_an_unknown_code_cannot_be_claimed(world: Services) -> None:
    with pytest.raises(Invalid) as refused:
        claim(world, "BCDF-GHJK")
    assert refused.value.errors[0][0] == "user_code"


def test_a_code_is_claimed_once(world: Services, client: FlaskClient) -> None:
    told = authorize(client)
    claim(world, told["user_code"])
    with pytest.raises(Conflict):
        claim(world, told["user_code"])


@on_sqlite
def test_a_claim_at_no_open_location_is_refused(world: Services, client: FlaskClient) -> None:
    told = authorize(client)
    with pytest.raises(Invalid) as refused:
        claim(world, told["user_code"], location="nowhere")
    assert refused.value.errors[0][0] == "location"


def test_a_claim_needs_the_right_to_that_area(world: Services, client: FlaskClient) -> None:
    told = authorize(client)
    editor = Principal("user", "usr_1", "An", (Grant("editor", "/93/"),))
    with pytest.raises(Forbidden):
        claim(world, told["user_code"], by=editor)
    elsewhere = Principal("user", "usr_2", "Bình", (Grant("admin", "/79/"),))
    with pytest.raises(Invalid):
        claim(world, told["user_code"], by=elsewhere)


@on_sqlite
def test_a_panel_that_hangs_upright_shows_upright_pictures(world: Services, client: FlaskClient) -> None:
    told = client.post(f"{PLAYER}/authorize", json={**DEVICE, "width": 1920, "height": 1080}).get_json()
    screen = claim(world, told["user_code"], orientation="portrait")
    assert (screen.width, screen.height) == (1080, 1920)


@on_sqlite
def test_an_installer_claims_it_in_test_mode(world: Services, client: FlaskClient) -> None:
    """From its first play on nothing counts."""
    assert claim(world, authorize(client)["user_code"], testing=True).testing
    assert not claim(world, authorize(client)["user_code"]).testing


def test_a_new_box_takes_the_place_of_a_broken_one(world: Services, client: FlaskClient, clock: FrozenClock) -> None:
    first = authorize(client)
    screen = claim(world, first["user_code"])
    clock.advance(seconds=5)
    old = ask(client, first["device_code"])[1]["access_token"]
    second = authorize(client)
    assert claim(world, second["user_code"], replaces=screen.id).id == screen.id
    clock.advance(seconds=5)
    new = ask(client, second["device_code"])[1]
    assert new["screen"] == screen.id
    status = {
        client.get(f"{PLAYER}/manifest", headers={"Authorization": f"Bearer {token}"}).status_code
        for token in (old, new["access_token"])
    }
    assert status == {401, 200}


def test_expired_codes_are_swept(services: Services, client: FlaskClient, clock: FrozenClock) -> None:
    authorize(client)
    now = clock.advance(minutes=31)
    assert services.db.write(lambda s: actions.forget_expired(s, now)) == 1


@on_sqlite
@pytest.mark.parametrize("path", ["/claim", "/CLAIM/BCDF-GHJK", "/claim/bcdf-ghjk", "/claim?user_code=BCDFGHJK"])
def test_the_short_address_leads_to_the_console(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/console/screens/claim")
    assert ("BCDF-GHJK" in answer.headers["Location"]) == (path != "/claim")


@on_sqlite
def test_the_code_is_shown_as_a_picture_too(client: FlaskClient) -> None:
    answer = client.get("/screen/qr/BCDF-GHJK.svg")
    assert (answer.status_code, answer.mimetype) == (200, "image/svg+xml")
    assert client.get("/screen/qr/nonsense.svg").status_code == 404
