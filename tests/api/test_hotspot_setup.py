"""What to set at a hotspot's gateway, a check of a pasted configuration, a trial of a pasted redirect."""

import pytest

from tests.api.conftest import Script, World
from tests.portal.station import BASE, KEY, fas

GATEWAY = {"dialect": "opennds", "grant_base": BASE, "level": 1, "faskey": KEY}


@pytest.fixture
def hotspot(admin: Script) -> None:
    admin.post("/hotspots", {"code": "ga-wifi", "location": "ga-vi-thanh", "gateway": GATEWAY})


def test_it_works(admin: Script, hotspot: None) -> None:
    found = admin.get("/hotspots/ga-wifi/setup")
    assert found.json["confidence"] == "run"
    assert any("faspath /wifi/ga-wifi" in sheet["text"] for sheet in found.json["sheets"])
    assert "RFC 8908" in found.json["https"][0]["text"]
    assert KEY not in found.text


def test_a_make_that_is_set_up_by_hand_comes_as_steps(admin: Script, hotspot: None) -> None:
    admin.patch("/hotspots/ga-wifi", {"gateway": {"dialect": "meraki"}})
    (sheet, *_) = admin.get("/hotspots/ga-wifi/setup").json["sheets"]
    assert sheet["text"] == ""
    assert any("/wifi/ga-wifi" in step for step in sheet["steps"])


def test_a_configuration_is_checked(admin: Script, hotspot: None) -> None:
    found = admin.send("POST", "/hotspots/ga-wifi/setup/check", {"config": "faskey 1234567890"}).json["findings"]
    assert {"grave": True, "text": "The FAS key is the default that everybody knows."} in found


def test_a_redirect_is_tried(admin: Script, hotspot: None) -> None:
    found = admin.send("POST", "/hotspots/ga-wifi/setup/try", {"redirect": f"http://x/wifi/ga-wifi?{fas()}"}).json
    assert (found["state"], found["works"], found["grant"]) == ("captive", True, f"{BASE}/opennds_auth/")
    assert found["sent"]["gatewayname"] == "Ga Bến"
    other = admin.send("POST", "/hotspots/ga-wifi/setup/try", {"redirect": fas("192.0.2.66:2050")}).json
    assert (other["gateway_is_own"], other["works"]) == (False, False)


def test_it_takes_an_admin_of_the_place(admin: Script, hotspot: None, world: World) -> None:
    for role, area, status in (("viewer", "/93/", 403), ("admin", "/33/", 404)):
        assert world.script(role, area).get("/hotspots/ga-wifi/setup").status_code == status


def test_what_is_too_long_is_refused(admin: Script, hotspot: None) -> None:
    assert admin.send("POST", "/hotspots/ga-wifi/setup/check", {"config": "x" * 20_001}).status_code == 422


def test_a_hotspot_that_is_not_there_is_not_found(admin: Script) -> None:
    assert admin.get("/hotspots/nowhere/setup").status_code == 404
