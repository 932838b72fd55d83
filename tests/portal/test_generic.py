"""Any gateway that takes a link: the template of a hotspot."""

from portal.gateways.base import Gateway, Link, Open, Refused
from portal.gateways.generic import grant, parse

ONLINE = "http://wifi.example/wifi/ST01/online?visit=abc"


def test_it_works() -> None:
    gateway = Gateway("http://10.0.0.1:8081", {"link": "/login?t={token}&u={online_url}"})
    arrival = parse("token=a%26b&mac=02:00:00:00:77:02", gateway)
    assert arrival.facts == {"token": "a&b"}
    assert grant(arrival.facts, gateway, ONLINE) == Link(
        "http://10.0.0.1:8081/login?t=a%26b&u=http%3A%2F%2Fwifi.example%2Fwifi%2FST01%2Fonline%3Fvisit%3Dabc"
    )


def test_an_open_network_leads_straight_to_the_online_page() -> None:
    assert grant({}, Gateway(None), ONLINE) == Open()


def test_what_the_template_needs_and_the_gateway_did_not_send_is_named() -> None:
    gateway = Gateway("http://10.0.0.1", {"link": "/login?t={token}"})
    assert grant(parse("", gateway).facts, gateway, ONLINE) == Refused("the gateway did not send token")


def test_a_value_cannot_leave_its_place_in_the_template() -> None:
    gateway = Gateway("http://10.0.0.1", {"link": "/{token}"})
    granted = grant({"token": "/evil.example/..//@x#?"}, gateway, ONLINE)
    assert granted == Link("http://10.0.0.1/%2Fevil.example%2F..%2F%2F%40x%23%3F")


def test_the_names_of_the_stay_and_of_the_gateway_are_settings() -> None:
    gateway = Gateway("http://10.0.0.1", {"session_field": "sid", "target_field": "gw"})
    arrival = parse("sid=42&gw=http://evil.example/", gateway)
    assert (arrival.session, arrival.target) == ("42", "http://evil.example/")
