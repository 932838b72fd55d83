"""Every dialect: what documents say it sends and expects; and that nothing makes one raise."""

import hashlib
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.gateways import DIALECTS, chilli, mikrotik
from portal.gateways.base import Arrival, Form, Gateway, Link, Open, Poll, Refused, ServerCall
from portal.gateways.targets import same_gateway

ONLINE = "https://wifi.example/wifi/ST01/online?visit=abc"
MAC = "02:00:00:00:77:02"
GUEST = {"username": "guest", "password": "welcome"}
SAMPLES: dict[str, tuple[Gateway, str]] = {
    "nodogsplash": (
        Gateway("http://10.0.0.1:2050"),
        "authaction=http://10.0.0.1:2050/nodogsplash_auth/&tok=4de4955f&redir=http://a",
    ),
    "chilli": (
        Gateway("http://10.1.0.1:3990", GUEST | {"uamsecret": "ht2eb8ej6s4et3rg1ulp"}, splash_url="http://p/wifi/ST01"),
        f"res=notyet&uamip=10.1.0.1&uamport=3990&challenge={'ab' * 16}&called=00-11&mac=02-00-00-00-77-02&sessionid=5f",
    ),
    "wifidog": (
        Gateway("http://192.168.1.1:2060"),
        f"gw_address=192.168.1.1&gw_port=2060&gw_id=Ga-1&ip=192.168.1.9&mac={MAC}&url=http%3A//a",
    ),
    "ruijie": (
        Gateway("http://192.168.1.1:2060"),
        f"gw_address=192.168.1.1&gw_port=2060&gw_id=G1QH&ip=1.2.3.4&mac={MAC}&ssid=x",
    ),
    "mikrotik": (
        Gateway("http://10.5.50.1"),
        f"mac={MAC}&link-login-only=http%3A%2F%2F10.5.50.1%2Flogin&identity=r1&error=",
    ),
    "meraki": (
        Gateway("https://*.network-auth.com"),
        f"base_grant_url=https%3A%2F%2Fn143.network-auth.com%2Fsplash%2Fgrant&client_ip=10.0.0.9&client_mac={MAC}",
    ),
    "cisco": (
        Gateway("https://192.0.2.1"),
        f"switch_url=https://192.0.2.1/login.html&ap_mac=00:11&client_mac={MAC}&wlan=Free&redirect=a/",
    ),
    "unifi": (Gateway(None, {"controller": "https://c:8443"}), f"ap=00:11:22:33:44:55&id={MAC}&t=1700000000&ssid=Free"),
    "omada": (
        Gateway(None, {"controller": "https://c:8043"}),
        f"clientMac={MAC.upper().replace(':', '-')}&apMac=00-11-22-33-44-55&ssidName=Free&radioId=1&site=Default",
    ),
    "aruba": (Gateway("https://securelogin.arubanetworks.com", GUEST), f"cmd=login&mac={MAC}&essid=Free&ip=10.0.0.9"),
    "ruckus": (Gateway("http://10.9.0.1:9997", GUEST), f"sip=10.9.0.1&uip=10.9.0.9&client_mac={MAC}&ssid=Free"),
    "fortigate": (
        Gateway("http://10.8.0.1:1000", GUEST),
        f"login&post=http://10.8.0.1:1000/fgtauth&magic=0a1b2c&usermac={MAC}&userip=10.8.0.9&ssid=Free",
    ),
    "cambium": (Gateway("http://10.7.0.1:880", GUEST), f"ga_ssid=Free&ga_srvr=10.7.0.1&ga_cmac={MAC}&ga_Qv=eUROBR86"),
}


def arrived(name: str) -> Arrival:
    gateway, query = SAMPLES[name]
    if name == "chilli":
        query += "&md=" + hashlib.md5(f"http://p/wifi/ST01?{query}ht2eb8ej6s4et3rg1ulp".encode()).hexdigest().upper()
    return DIALECTS[name].parse(query, gateway)


def granted(name: str) -> object:
    return DIALECTS[name].grant(arrived(name).facts, SAMPLES[name][0], ONLINE)


@pytest.mark.parametrize("name", sorted(SAMPLES))
def test_it_works(name: str) -> None:
    arrival, gateway = arrived(name), SAMPLES[name][0]
    assert arrival.state == "captive"
    assert arrival.signature in ("good", "none")
    grant = granted(name)
    if gateway.grant_base:
        assert not arrival.target or same_gateway(arrival.target, gateway.grant_base)
        assert isinstance(grant, Link | Form)
        assert same_gateway(grant.url, gateway.grant_base)
    else:
        assert isinstance(grant, ServerCall)


@pytest.mark.parametrize("name", sorted(set(DIALECTS) - {"generic"}))
def test_a_query_that_says_nothing_is_unknown(name: str) -> None:
    assert DIALECTS[name].parse("", Gateway("http://10.0.0.1")).state == "unknown"
    assert isinstance(DIALECTS[name].grant({}, Gateway("http://10.0.0.1"), ONLINE), Refused)


def test_chillis_signature_is_verified() -> None:
    gateway, query = SAMPLES["chilli"]
    assert arrived("chilli").signature == "good"
    assert DIALECTS["chilli"].parse(query + "&md=" + "0" * 32, gateway).signature == "bad"
    assert DIALECTS["chilli"].parse(query, gateway).signature == "bad"


def test_chillis_challenge_is_answered() -> None:
    """By hand: MD5(0, password, MD5(challenge, secret))."""
    mixed = hashlib.md5(bytes.fromhex("ab" * 16) + b"ht2eb8ej6s4et3rg1ulp").digest()
    expected = hashlib.md5(b"\0welcome" + mixed).hexdigest()
    assert chilli.chap_response("ab" * 16, "welcome", "ht2eb8ej6s4et3rg1ulp") == expected
    grant = granted("chilli")
    assert isinstance(grant, Link)
    assert parse_qs(urlsplit(grant.url).query) == {"username": ["guest"], "response": [expected], "userurl": [ONLINE]}


def test_chilli_tells_that_a_phone_is_through() -> None:
    gateway = Gateway("http://10.1.0.1:3990", GUEST)
    arrival = DIALECTS["chilli"].parse("res=success&uamip=10.1.0.1&userurl=" + quote(ONLINE, safe=""), gateway)
    assert (arrival.state, arrival.visit) == ("online", "abc")


def test_the_routers_octal_escapes_are_read() -> None:
    assert mikrotik.octal_bytes(r"\371") == b"\xf9"
    assert mikrotik.octal_bytes(r"a\357\015") == b"a\xef\r"
    assert mikrotik.chap_password(r"\001", r"\377", "x") == hashlib.md5(b"\x01x\xff").hexdigest()


def test_mikrotik_grants_a_trial_or_a_local_user() -> None:
    grant = granted("mikrotik")
    assert isinstance(grant, Link)
    assert parse_qs(urlsplit(grant.url).query) == {"dst": [ONLINE], "username": ["T-02:00:00:00:77:02"]}
    local = DIALECTS["mikrotik"].grant(arrived("mikrotik").facts, Gateway("http://10.5.50.1", GUEST), ONLINE)
    assert isinstance(local, Link)
    assert parse_qs(urlsplit(local.url).query)["password"] == ["welcome"]


def test_meraki_is_told_for_how_long() -> None:
    grant = DIALECTS["meraki"].grant(arrived("meraki").facts, Gateway(None, {}, session_minutes=30), ONLINE)
    assert grant == Link(
        "https://n143.network-auth.com/splash/grant?continue_url=" + quote(ONLINE, safe="") + "&duration=1800"
    )


def test_wifidogs_token_is_the_visit() -> None:
    assert granted("wifidog") == Link("http://192.168.1.1:2060/wifidog/auth?token=abc")


def test_fortigates_form_stays_below_its_limit() -> None:
    grant = granted("fortigate")
    assert isinstance(grant, Form)
    assert len("&".join(f"{name}={value}" for name, value in grant.fields.items())) <= 125


SENT = {part.partition("=")[0] for _, query in SAMPLES.values() for part in query.split("&")}
WORDS = st.sampled_from(sorted(SENT | {"fas", "iv", "tok", "redir", "status", "authaction", "res", "md"}))
VALUES = st.one_of(
    st.text(max_size=80),
    st.sampled_from(
        ["(null)", "", "success", "authenticated", "http://10.0.0.1", "AAAA", "%", "%zz", "?", "\x00", MAC]
    ),
    st.binary(max_size=60).map(lambda raw: raw.hex()),
)
QUERIES = st.one_of(
    st.lists(st.tuples(WORDS, VALUES), max_size=12).map(lambda pairs: "&".join(f"{n}={v}" for n, v in pairs)),
    st.text(max_size=300),
    st.text(alphabet="&=?%+ /:#\\\u0000\ud800ab", max_size=300),
)
GATEWAYS = st.builds(
    Gateway,
    st.sampled_from([None, "http://10.0.0.1:2050", "https://*.network-auth.com"]),
    st.dictionaries(
        st.sampled_from(["level", "faskey", "link", "uamsecret", "username", "password", "session_field"]),
        st.one_of(st.integers(0, 4), st.text(max_size=40)),
        max_size=4,
    ),
    st.one_of(st.none(), st.integers(1, 1000)),
)


@given(st.sampled_from(sorted(DIALECTS)), QUERIES, GATEWAYS)
def test_a_dialect_never_raises_it_answers(name: str, query: str, gateway: Gateway) -> None:
    arrival = DIALECTS[name].parse(query, gateway)
    assert isinstance(arrival, Arrival)
    assert all(isinstance(value, str) for value in DIALECTS[name].read(query, gateway).values())
    grant = DIALECTS[name].grant(arrival.facts, gateway, ONLINE)
    assert isinstance(grant, Link | Form | Poll | ServerCall | Open | Refused)
    if isinstance(grant, Link | Form) and gateway.grant_base and name != "meraki":
        assert grant.url.startswith(gateway.grant_base)
        assert "\n" not in grant.url


@given(st.sampled_from(sorted(DIALECTS)), st.dictionaries(WORDS, st.text(max_size=60), max_size=8), GATEWAYS)
def test_facts_of_any_shape_get_an_answer(name: str, facts: dict[str, str], gateway: Gateway) -> None:
    grant = DIALECTS[name].grant(facts, gateway, ONLINE)
    assert isinstance(grant, Link | Form | Poll | ServerCall | Open | Refused)
