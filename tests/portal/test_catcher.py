"""A phone's own probe, led here by its gateway under its own name."""

import pytest
from flask.testing import FlaskClient

from core.services import Services
from tests.portal.station import fas, make_hotspot
from tests.portal.test_splash import AGENT, token_of, visits

PROBES = [
    ("captive.apple.com", "/hotspot-detect.html"),
    ("connectivitycheck.gstatic.com", "/generate_204"),
    ("www.msftconnecttest.com", "/connecttest.txt"),
    ("www.msftconnecttest.com", "/redirect"),
    ("detectportal.firefox.com", "/success.txt"),
]
NETWORK = ["127.0.0.0/24"]


def ask(client: FlaskClient, host: str, path: str):  # type: ignore[no-untyped-def]
    return client.get(path, headers=AGENT | {"Host": host})


@pytest.mark.parametrize(("host", "path"), PROBES)
def test_it_is_led_to_the_splash(client: FlaskClient, services: Services, host: str, path: str) -> None:
    make_hotspot(services)
    answer = ask(client, host, path)
    assert answer.status_code == 302
    assert answer.location == "http://localhost:8000/wifi/ST01"
    assert answer.headers["Cache-Control"] == "no-store"
    assert visits(client, services) == []


def test_a_phone_that_is_known_to_be_on_line_gets_the_vendors_own_bytes(
    client: FlaskClient, services: Services
) -> None:
    make_hotspot(services, networks=NETWORK)
    token = token_of(client.get(f"/wifi/ST01?{fas()}", headers=AGENT).text)
    assert ask(client, *PROBES[1]).status_code == 302
    client.get(f"/wifi/ST01/online?visit={token}", headers=AGENT)
    assert ask(client, *PROBES[1]).status_code == 204
    assert ask(client, *PROBES[0]).data == b"<HTML><HEAD><TITLE>Success</TITLE></HEAD><BODY>Success</BODY></HTML>"
    assert ask(client, *PROBES[4]).data == b"success\n"
    assert ask(client, *PROBES[3]).status_code == 302  # a system that opens its browser wants a page


def test_behind_one_address_nobody_is_taken_for_on_line(client: FlaskClient, services: Services) -> None:
    make_hotspot(services, networks=["127.0.0.1/32"])
    token = token_of(client.get(f"/wifi/ST01?{fas()}", headers=AGENT).text)
    client.get(f"/wifi/ST01/online?visit={token}", headers=AGENT)
    assert ask(client, *PROBES[1]).status_code == 302


def test_where_no_network_is_named_nobody_is_taken_for_on_line(client: FlaskClient, services: Services) -> None:
    make_hotspot(services)
    token = token_of(client.get(f"/wifi/ST01?{fas()}", headers=AGENT).text)
    client.get(f"/wifi/ST01/online?visit={token}", headers=AGENT)
    assert ask(client, *PROBES[1]).status_code == 302


def test_the_network_says_which_hotspot(client: FlaskClient, services: Services) -> None:
    make_hotspot(services)
    make_hotspot(services, "ST02", networks=NETWORK)
    assert ask(client, *PROBES[0]).location.endswith("/wifi/ST02")


def test_between_two_hotspots_nothing_is_guessed(client: FlaskClient, services: Services) -> None:
    make_hotspot(services)
    make_hotspot(services, "ST02")
    assert ask(client, *PROBES[0]).status_code == 421


def test_any_page_of_the_hotspots_network_is_led_to_the_splash(client: FlaskClient, services: Services) -> None:
    make_hotspot(services, networks=NETWORK)
    assert ask(client, "news.example", "/today").location == "http://localhost:8000/wifi/ST01"


def test_a_strange_host_from_elsewhere_is_not_the_portals_business(client: FlaskClient, services: Services) -> None:
    make_hotspot(services)
    assert ask(client, "news.example", "/today").status_code == 421
    assert client.post("/generate_204", headers={"Host": "connectivitycheck.gstatic.com"}).status_code == 421
