"""What the installer copies, and what is said of what was pasted."""

import html
import re
from pathlib import Path

import pytest

from portal.announce import announcements
from portal.gateways import DIALECTS
from portal.gateways.base import Gateway
from portal.https import costs
from portal.installer import self_test
from portal.lint import lint
from portal.sheet import Sheet, garden
from portal.sheets import sheets
from tests.portal.station import BASE, KEY, fas

L2 = Path(__file__).parent / "vectors" / "opennds-9.10.0-L2.gw-redirect.txt"
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


def told(sheet: Sheet) -> str:
    return "\n".join([sheet.title, sheet.text, *map(str, sheet.steps)])


@pytest.mark.parametrize("name", sorted(DIALECTS))
def test_every_make_gets_what_to_set_and_no_secret_in_it(name: str) -> None:
    gateway = Gateway(BASE, {"faskey": KEY, "uamsecret": KEY, "password": KEY, "level": 1, "username": "guest"})
    made = sheets("ST01", DIALECTS[name], gateway, "http://wifi.example.vn")
    everything = "\n".join(map(told, made))
    assert "wifi.example.vn" in everything
    assert "ST01" in everything or name == "unifi"  # its controller cannot be told a path
    assert "%(" not in everything
    assert KEY not in everything


def test_what_nodogsplash_is_given_brings_what_its_dialect_reads() -> None:
    page, conf = sheets("ST01", DIALECTS["nodogsplash"], Gateway("http://10.0.0.1:2050"), "http://192.0.2.3:8000")
    filled = page.text.replace("$authaction", "http://10.0.0.1:2050/nodogsplash_auth/").replace("$tok", "4de4955f")
    address = re.search(r'content="0;url=([^"]+)"', filled)
    assert address
    found = self_test(html.unescape(address[1]), DIALECTS["nodogsplash"], Gateway("http://10.0.0.1:2050"), "http://x/o")
    assert (found.works, found.grant) == (True, "http://10.0.0.1:2050/nodogsplash_auth/")
    assert "allow tcp port 8000 to 192.0.2.3" in conf.text


def test_what_routeros_is_given_brings_what_its_dialect_reads() -> None:
    router, mac = Gateway("http://10.5.50.1"), "02%3A00%3A00%3A00%3A77%3A02"
    page, script = sheets("ST01", DIALECTS["mikrotik"], router, "http://wifi.example.vn")
    filled = page.text.replace("$(mac-esc)", mac).replace("$(link-login-only-esc)", "http%3A%2F%2F10.5.50.1%2Flogin")
    address = re.search(r'content="0;url=([^"]+)"', filled)
    assert address
    found = self_test(html.unescape(address[1]), DIALECTS["mikrotik"], router, "http://x/online")
    assert (found.works, found.grant) == (True, "http://10.5.50.1/login")
    assert "login-by=trial trial-uptime-limit=1440m" in script.text


def test_with_a_guest_user_routeros_is_asked_by_chap() -> None:
    router = Gateway("http://10.5.50.1", {"username": "guest", "password": KEY}, 45)
    page, script = sheets("ST01", DIALECTS["mikrotik"], router, "http://wifi.example.vn")
    assert "chap-challenge=$(chap-challenge)" in page.text
    assert "login-by=http-chap" in script.text
    assert "session-timeout=45m" in script.text


def test_chillis_phones_get_an_api_of_their_own() -> None:
    made = sheets("ST01", DIALECTS["chilli"], Gateway("http://10.1.0.1:3990", {"username": "guest"}), PORTAL)
    assert any("captiveportalapi_uri https://wifi.example.vn/wifi/ST01/api?who=%{m}" in sheet.text for sheet in made)


def test_the_garden_is_one_host() -> None:
    assert garden(PORTAL) == ["wifi.example.vn:443"]
    assert garden("http://203.0.113.3:8080") == ["203.0.113.3:8080"]


API = "https://wifi.example.vn/wifi/ST01/api"


@pytest.mark.parametrize(
    ("program", "lines"),
    [
        ("dnsmasq", (f"dhcp-option-force=114,{API}", f"dhcp-option-force=option6:103,{API}")),
        ("Kea", ('"v4-captive-portal"', '"v6-captive-portal"', f'"data": "{API}"')),
        ("ISC dhcpd", ("captive-portal code 114 = text;", "dhcp6.captive-portal code 103 = text;", API)),
        ("RouterOS", (f"code=114 name=captive-portal value=\"'{API}'\"", "/ipv6 dhcp-server option add code=103")),
        ("OpenWrt", (f"dhcp_option='114,{API}'", f"captive_portal_uri='{API}'")),
        ("radvd", (f'AdvCaptivePortalAPI "{API}";',)),
    ],
)
def test_the_api_is_announced_by_whatever_hands_out_addresses(program: str, lines: tuple[str, ...]) -> None:
    (sheet,) = [one for one in announcements("ST01", PORTAL) if one.title.endswith(": " + program)]
    assert [line for line in lines if line not in sheet.text] == []


def test_it_is_announced_where_phones_heed_it() -> None:
    assert announcements("ST01", "http://wifi.example.vn") == []


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


CHILLI = f"""
HS_UAMFORMAT=http://wifi.example.vn/wifi/ST01
HS_UAMSECRET={KEY}
HS_UAMALLOW=wifi.example.vn
"""
WIFIDOG = """
AuthServer {
    Hostname wifi.example.vn
    SSLAvailable no
    HTTPPort 80
    Path /wifidog/ST01/
}
GatewayID ST01
CheckInterval 60
"""
ROUTEROS = "/ip hotspot walled-garden ip add dst-host=wifi.example.vn\n/ip hotspot profile set login-by=trial"
LOGIN = '<a href="http://wifi.example.vn/wifi/ST01?mac=$(mac)&link-login-only=$(link-login-only)">'
SPLASH = '<a href="http://wifi.example.vn/wifi/ST01?authaction=$authaction&tok=$tok">'


@pytest.mark.parametrize(
    ("make", "good", "change", "words"),
    [
        ("chilli", CHILLI, (KEY, "ht2eb8ej6s4et3rg1ulp"), "one of the sample"),
        ("chilli", CHILLI, ("HS_UAMSECRET", "#"), "No UAM secret"),
        ("chilli", CHILLI, (KEY, "another"), "UAM secret differs"),
        ("chilli", CHILLI, ("ST01", "ST02"), "HS_UAMFORMAT must be http://wifi.example.vn/wifi/ST01"),
        ("chilli", CHILLI, ("ALLOW=wifi.", "ALLOW=other."), "HS_UAMALLOW must name wifi.example.vn"),
        ("wifidog", WIFIDOG, ("/wifidog/ST01/", "/"), "Path must be /wifidog/ST01/."),
        ("wifidog", WIFIDOG, ("Port 80", "Port 8080"), "The port must be 80."),
        ("wifidog", WIFIDOG, ("SSLAvailable no", "SSLAvailable yes"), "SSLAvailable does not fit"),
        ("wifidog", WIFIDOG, ("GatewayID ST01", "GatewayID Bến xe"), "GatewayID may hold"),
        ("wifidog", WIFIDOG, ("Interval 60", "Interval 3600"), "CheckInterval is long"),
        ("mikrotik", ROUTEROS, ("=trial", "=http-chap"), "lacks trial"),
        ("mikrotik", ROUTEROS, ("walled-garden", "service"), "walled garden lacks wifi.example.vn"),
        ("mikrotik", LOGIN, ("$(mac)", "x"), "must forward $(mac)"),
        ("mikrotik", LOGIN, ("ST01", "ST02"), "login.html must lead to http://wifi.example.vn/wifi/ST01"),
        ("nodogsplash", SPLASH, ("$tok", ""), "must forward $authaction and $tok"),
        ("nodogsplash", SPLASH, ("ST01", "ST02"), "splash.html must lead to"),
        ("meraki", "Custom splash URL http://wifi.example.vn/wifi/ST01", ("wifi.e", "e"), "stands nowhere"),
    ],
)
def test_other_makes_are_checked_too(make: str, good: str, change: tuple[str, str], words: str) -> None:
    gateway = Gateway("http://10.1.0.1:3990", {"uamsecret": KEY})

    def found(text: str) -> str:
        return " ".join(map(str, lint(text, "ST01", DIALECTS[make], gateway, "http://wifi.example.vn")))

    assert found(good) == ""
    assert words in found(good.replace(*change))


def test_what_http_costs_is_told() -> None:
    polled, plain, home = Gateway(None, {"level": 3}), Gateway(BASE, {"level": 1}), "http://localhost:8000"
    assert [one.grave for one in costs(polled, "http://a.vn", home)] == [False, True]
    assert [one.grave for one in costs(plain, "http://a.vn", "http://a.vn")] == [False, False]
    assert "must answer http too" in str(costs(plain, "https://a.vn", "https://a.vn")[0])
    assert costs(polled, "https://a.vn", "https://a.vn") == []


def test_a_pasted_redirect_is_read_as_the_splash_would() -> None:
    found = self_test(f"http://wifi.example.vn/wifi/ST01?{fas()}", OPENNDS, GATEWAY, "http://x/online")
    assert (found.arrival.state, found.target_fits, found.grant) == ("captive", True, f"{BASE}/opennds_auth/")
    assert found.works
    assert (found.sent["gatewayname"], found.sent["clientmac"]) == ("Ga Bến", "02:00:00:00:77:02")


def test_what_a_gateway_sealed_is_shown_opened() -> None:
    sealed = next(line for line in L2.read_text().splitlines() if "fas=" in line)
    query = sealed[sealed.index("fas=") :].split()[0]
    found = self_test(query, OPENNDS, Gateway(BASE, {"level": 2, "faskey": KEY}), "http://x/online")
    assert found.arrival.signature == "good"
    assert found.sent["clientif"]
    other = self_test(query, OPENNDS, Gateway(BASE, {"level": 2, "faskey": "another"}), "http://x/online")
    assert (other.works, set(other.sent)) == (False, {"fas", "iv"})


def test_what_makes_no_sense_is_told_and_nothing_raises() -> None:
    for query in ("", "?", "fas=%%%", "x" * 30_000, "fas=(null)&iv=1"):
        assert not self_test(query, OPENNDS, GATEWAY, "http://x/online").works


def test_another_gateways_redirect_is_told() -> None:
    assert not self_test(fas("192.0.2.66:2050"), OPENNDS, GATEWAY, "http://x/online").target_fits
