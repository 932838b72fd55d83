"""GET /wifi/<code>/api: RFC 8908."""

from flask.testing import FlaskClient

from core.services import Services
from tests.portal.station import BASE, make_hotspot
from tests.portal.test_splash import AGENT, token_of
from tests.support.clock import FrozenClock

MAC = "02:00:00:00:77:02"
MERAKI = f"base_grant_url=https://n1.network-auth.com/splash/grant&client_mac={MAC}"


def test_it_works(client: FlaskClient, services: Services) -> None:
    make_hotspot(services)
    answer = client.get("/wifi/ST01/api", headers={"Accept": "application/captive+json"})
    assert answer.content_type == "application/captive+json"
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert answer.json is None or answer.json["captive"] is True
    told = answer.get_json(force=True)
    assert told == {
        "captive": True,
        "user-portal-url": "http://localhost:8000/wifi/ST01",
        "venue-info-url": "http://localhost:8000/wifi/ST01/install",
    }


def test_a_phone_that_the_gateway_names_is_known_to_be_on_line(
    client: FlaskClient, services: Services, clock: FrozenClock
) -> None:
    make_hotspot(services, dialect="meraki", grant_base=None, settings={}, session_minutes=30)
    token = token_of(client.get(f"/wifi/ST01?{MERAKI}", headers=AGENT).text)
    assert client.get(f"/wifi/ST01/api?who={MAC}").get_json(force=True)["captive"] is True
    client.get(f"/wifi/ST01/online?visit={token}", headers=AGENT)
    clock.advance(minutes=10)
    told = client.get(f"/wifi/ST01/api?who={MAC.upper().replace(':', '-')}").get_json(force=True)
    assert (told["captive"], told["seconds-remaining"], told["can-extend-session"]) == (False, 1200, True)
    assert client.get("/wifi/ST01/api?who=02:00:00:00:77:03").get_json(force=True)["captive"] is True
    clock.advance(minutes=21)
    assert client.get(f"/wifi/ST01/api?who={MAC}").get_json(force=True)["captive"] is True


def test_an_unknown_hotspot_is_not_found(client: FlaskClient) -> None:
    assert client.get("/wifi/NOWHERE/api").status_code == 404


def test_the_gateways_address_is_never_told(client: FlaskClient, services: Services) -> None:
    make_hotspot(services)
    assert BASE not in client.get("/wifi/ST01/api").text
