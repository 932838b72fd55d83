"""Below /wifidog/<code>/: what a WiFiDog gateway asks."""

import pytest
from flask.testing import FlaskClient

from core.services import Services
from tests.portal.station import make_hotspot
from tests.portal.test_splash import AGENT, day, token_of, visits
from tests.support.clock import FrozenClock

MAC = "02:00:00:00:77:02"
QUERY = f"gw_address=192.168.1.1&gw_port=2060&gw_id=Ga-1&ip=192.168.1.9&mac={MAC}&url=http%3A//a"


@pytest.fixture
def hotspot(services: Services) -> None:
    make_hotspot(services, dialect="wifidog", grant_base="http://192.168.1.1:2060", settings={}, session_minutes=30)


@pytest.fixture
def token(client: FlaskClient, hotspot: None) -> str:
    answer = client.get(f"/wifidog/ST01/login/?{QUERY}", headers=AGENT)
    assert answer.location == f"/wifi/ST01?{QUERY}"
    return token_of(client.get(answer.location, headers=AGENT).text)


def auth(client: FlaskClient, token: str, stage: str = "login", used: int = 0) -> str:
    query = {"stage": stage, "ip": "192.168.1.9", "mac": MAC, "token": token, "incoming": used, "outgoing": 0}
    return client.get("/wifidog/ST01/auth/", query_string=query | {"gw_id": "Ga-1"}).text


def test_it_works(client: FlaskClient, services: Services, token: str) -> None:
    answer = client.get(f"/wifi/ST01/accept?visit={token}", headers=AGENT)
    assert answer.location == f"http://192.168.1.1:2060/wifidog/auth?token={token}"
    assert auth(client, token) == "Auth: 1\n"
    landing = client.get(f"/wifidog/ST01/portal/?gw_id=Ga-1&token={token}", headers=AGENT).location
    assert "Bạn đã vào mạng" in client.get(landing, headers=AGENT).text
    assert visits(client, services) == [("grant", "vi"), ("splash_view", "vi")]


def test_a_ping_is_answered(client: FlaskClient, hotspot: None) -> None:
    for path in ("ping/", "ping"):
        assert client.get(f"/wifidog/ST01/{path}?gw_id=Ga-1&sys_uptime=1").text == "Pong"


def test_a_made_up_token_is_kept_out(client: FlaskClient, services: Services, hotspot: None) -> None:
    for token in ("", "x", "A" * 600):
        assert auth(client, token) == "Auth: 0\n"
        assert auth(client, token, "counters") == "Auth: 0\n"
    assert visits(client, services) == []
    assert day(client, services).forged_visits == 6


def test_an_old_token_does_not_log_in(client: FlaskClient, clock: FrozenClock, token: str) -> None:
    clock.advance(minutes=21)
    assert auth(client, token) == "Auth: 0\n"


def test_a_stay_ends_with_its_minutes(client: FlaskClient, clock: FrozenClock, token: str) -> None:
    assert auth(client, token) == "Auth: 1\n"
    clock.advance(minutes=29)
    assert auth(client, token, "counters") == "Auth: 1\n"
    clock.advance(minutes=2)
    assert auth(client, token, "counters") == "Auth: 0\n"


def test_a_stay_ends_with_its_quota(client: FlaskClient, services: Services) -> None:
    settings = {"quota_mb": 5}
    make_hotspot(services, dialect="wifidog", grant_base="http://192.168.1.1:2060", settings=settings)
    token = token_of(client.get(f"/wifi/ST01?{QUERY}", headers=AGENT).text)
    assert auth(client, token) == "Auth: 1\n"
    assert auth(client, token, "counters", used=5_000_000) == "Auth: 1\n"
    assert auth(client, token, "counters", used=5_000_001) == "Auth: 0\n"


def test_counters_that_are_no_numbers_cut_nobody_off(client: FlaskClient, token: str) -> None:
    auth(client, token)
    for odd in ("²", "-1", "x", "9" * 5_000, ""):
        asked = {"stage": "counters", "token": token, "incoming": odd, "outgoing": "1"}
        assert client.get("/wifidog/ST01/auth/", query_string=asked).text == "Auth: 1\n"


def test_a_restart_cuts_nobody_off(client: FlaskClient, clock: FrozenClock, token: str) -> None:
    clock.advance(minutes=25)  # this process has never seen the login
    assert auth(client, token, "counters") == "Auth: 1\n"


def test_the_rfc_8908_api_knows_who_is_through(client: FlaskClient, token: str) -> None:
    auth(client, token)
    assert client.get(f"/wifi/ST01/api?who={MAC}").get_json(force=True)["seconds-remaining"] == 1800


def test_a_message_leads_back_to_the_splash(client: FlaskClient, hotspot: None) -> None:
    assert client.get("/wifidog/ST01/gw_message.php?message=denied").location == "/wifi/ST01"
