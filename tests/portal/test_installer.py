"""What the installer copies, and what is said of what was pasted."""

import pytest

from portal.gateways import DIALECTS
from portal.gateways.base import Gateway
from portal.installer import garden, lint, self_test, sheets
from tests.portal.station import BASE, KEY, fas

PORTAL = "https://wifi.example.vn"
GATEWAY = Gateway(BASE, {"level": 1, "faskey": KEY}, 60)
OPENNDS = DIALECTS["opennds"]
GOOD = f"""
fasremotefqdn wifi.example.vn
fasremoteip 203.0.113.3
fasport 80
faspath /wifi/ST01
fas_secure_enabled 1
faskey {KEY}
"""


def said(text: str, gateway: Gateway = GATEWAY, portal: str = "http://wifi.example.vn") -> str:
    return " ".join(str(finding) for finding in lint(text, "ST01", OPENNDS, gateway, portal))


def test_it_works() -> None:
    conf, uci, *_ = sheets("ST01", OPENNDS, GATEWAY, PORTAL)
    assert "faspath /wifi/ST01\nfas_secure_enabled 1\n" in conf.text
    assert "uci set opennds.@opennds[0].faspath='/wifi/ST01'" in uci.text


@pytest.mark.parametrize("name", sorted(DIALECTS))
def test_every_make_gets_something_to_copy_and_no_secret_in_it(name: str) -> None:
    gateway = Gateway(BASE, {"faskey": KEY, "uamsecret": KEY, "password": KEY, "level": 1})
    made = sheets("ST01", DIALECTS[name], gateway, PORTAL)
    assert any("wifi.example.vn" in sheet.text for sheet in made)
    assert not any(KEY in sheet.text for sheet in made)


def test_the_garden_is_one_host() -> None:
    assert garden(PORTAL) == ["wifi.example.vn:443"]
    assert garden("http://203.0.113.3:8080") == ["203.0.113.3:8080"]


def test_option_114_is_offered_where_phones_heed_it() -> None:
    assert any("dhcp-option-force=114,https://" in sheet.text for sheet in sheets("ST01", OPENNDS, GATEWAY, PORTAL))
    assert not any("114" in sheet.title for sheet in sheets("ST01", OPENNDS, GATEWAY, "http://wifi.example.vn"))


def test_a_good_configuration_is_good() -> None:
    assert said(GOOD) == ""


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ((KEY, "1234567890"), "default that everybody knows"),
        (("faskey", "#faskey"), "default that everybody knows"),
        ((KEY, "another"), "differs"),
        (("/wifi/ST01", "/wifi/ST02"), "faspath must be /wifi/ST01"),
        (("enabled 1", "enabled 2"), "fas_secure_enabled must be 1"),
        (("wifi.example.vn", "old.example.vn"), "stands nowhere"),
        (("fasport 80", "nat_traversal_poll_interval 1"), "keeps the 9.10 daemon from starting"),
        (("fasport 80", "login_option_enabled 1"), "overrides the splash"),
        (("fasport 80", "dhcp-option=114,http://status.client"), "phones ignore it"),
    ],
)
def test_what_is_wrong_is_named(change: tuple[str, str], words: str) -> None:
    assert words in said(GOOD.replace(*change))


def test_uci_is_read_too() -> None:
    assert "default" in said("uci set opennds.@opennds[0].faskey='1234567890'\noption faspath '/wifi/ST01'")


def test_level_3_without_https_is_named() -> None:
    assert "need https" in said(GOOD, Gateway(None, {"level": 3, "faskey": KEY}))


def test_a_pasted_redirect_is_read_as_the_splash_would() -> None:
    found = self_test(f"http://wifi.example.vn/wifi/ST01?{fas()}", OPENNDS, GATEWAY, "http://x/online")
    assert (found.arrival.state, found.target_fits, found.grant) == ("captive", True, f"{BASE}/opennds_auth/")


def test_another_gateways_redirect_is_told() -> None:
    assert not self_test(fas("192.0.2.66:2050"), OPENNDS, GATEWAY, "http://x/online").target_fits
