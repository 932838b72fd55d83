"""openNDS, level by level, against queries that a real 9.10.0 sent."""

import base64
from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from portal.gateways.base import Gateway, Link, Poll, Refused
from portal.gateways.opennds import decrypt, grant, parse, queue_of, return_hash

VECTORS = Path(__file__).parent / "vectors"
KEY = "s3cretkey"
BASE = "http://10.77.0.1:2050"
ONLINE = "http://203.0.113.3:8080/wifi/ST01/online?visit=abc"
HID = "6d58bc5de38696a7b7cb024399d3c4a977f9586005bacca56cd32cebfbbcb13b"


def hotspot(level: int, **more: str | int) -> Gateway:
    return Gateway(BASE, {"level": level, "faskey": KEY, **more})


def captured(level: int) -> str:
    """The query of the first redirect that was recorded at this level."""
    log = (VECTORS / f"opennds-9.10.0-L{level}.fas.log").read_text()
    return log.splitlines()[0].partition("?")[2]


def sealed(plain: str, key: str = KEY) -> str:
    """A level 2 query as the gateway makes it."""
    iv, data = "e9e899fb237ea130", plain.encode()
    data += bytes([16 - len(data) % 16]) * (16 - len(data) % 16)
    writer = Cipher(algorithms.AES256(key.encode()[:32].ljust(32, b"\0")), modes.CBC(iv.encode())).encryptor()
    once = base64.b64encode(writer.update(data) + writer.finalize())
    return f"fas={base64.b64encode(once).decode()}&iv={iv}"


def test_it_works() -> None:
    arrival = parse(captured(1), hotspot(1))
    assert (arrival.state, arrival.facts["hid"], arrival.target) == ("captive", HID, "10.77.0.1:2050")
    granted = grant(arrival.facts, hotspot(1), ONLINE)
    assert isinstance(granted, Link)
    parts = urlsplit(granted.url)
    assert f"{parts.scheme}://{parts.netloc}{parts.path}" == f"{BASE}/opennds_auth/"
    assert parse_qs(parts.query) == {"tok": [return_hash(HID, KEY)], "redir": [ONLINE]}


def test_level_0_hands_back_the_gateways_own_token() -> None:
    arrival = parse(captured(0), hotspot(0))
    assert arrival.facts == {"tok": "4de4955f", "dir": "opennds_auth"}
    assert arrival.target == "10.77.0.1:2050"
    granted = grant(arrival.facts, hotspot(0), ONLINE)
    assert isinstance(granted, Link)
    assert granted.url.startswith(f"{BASE}/opennds_auth/?tok=4de4955f&redir=http%3A%2F%2F203")


def test_level_2_is_decrypted() -> None:
    arrival = parse(captured(2), hotspot(2))
    assert arrival.signature == "good"
    assert arrival.facts["hid"] == "73ff428838304c590aabab58ced1abf38bdf143fde90e7b290c110585571abd0"
    assert isinstance(grant(arrival.facts, hotspot(2), ONLINE), Link)


def test_level_3_leaves_the_grant_for_the_gateway_to_fetch() -> None:
    plain = (VECTORS / "opennds-9.10.0-L3.fas.log").read_text().splitlines()[0].removeprefix("FAS ")
    arrival = parse(sealed(plain), hotspot(3))
    gateway = hotspot(3, download_rate=2000)
    granted = grant(arrival.facts, Gateway(None, gateway.settings, session_minutes=60), ONLINE)
    assert isinstance(granted, Poll)
    assert granted.queue.startswith("25b51adf060b")  # what the recorded gateway polled as
    assert granted.key.startswith("87d8ef33d232")  # what the recorded server queued
    assert granted.record == f"{granted.key} 60 0 2000 0 0 none"


def test_the_recorded_polls_are_of_the_name_as_it_was_sent() -> None:
    assert queue_of("Ga_Ben_Thanh_ST01%20Node%3a1602f4177927%20").startswith("25b51adf060b")


MANGLES: list[Callable[[str], str]] = [
    lambda q: q.rstrip("="),
    lambda q: q.replace("+", " "),
    lambda q: quote(q, safe="=&"),
]


@pytest.mark.parametrize("mangle", MANGLES)
def test_base64_as_phones_mangle_it_is_read(mangle: Callable[[str], str]) -> None:
    assert parse(mangle(captured(2)), hotspot(2)).signature == "good"
    assert parse(mangle(captured(1)), hotspot(1)).facts["hid"] == HID


def test_a_long_key_is_cut_as_php_cuts_it() -> None:
    long_key = "k" * 40
    query = sealed(f"hid={HID}, gatewayname=a, gatewayaddress=10.77.0.1:2050", long_key)
    assert parse(query, hotspot(2, faskey=long_key)).signature == "good"


def test_another_key_is_a_bad_signature() -> None:
    arrival = parse(captured(2), hotspot(2, faskey="another"))
    assert arrival.signature == "bad"
    assert not arrival.facts


def test_a_level_that_is_not_the_hotspots_is_a_bad_signature() -> None:
    """Else anybody could step around the key of level 2 by speaking level 1."""
    for sent in (0, 1, 2):
        for expected in {0, 1, 2, 3} - {sent}:
            if (sent, expected) != (2, 3):
                assert parse(captured(sent), hotspot(expected)).signature == "bad", (sent, expected)


def test_a_wrong_iv_is_a_bad_signature() -> None:
    for iv in ("", "short", "x" * 17, "ü" * 8):
        query = captured(2).partition("&iv=")[0] + "&iv=" + iv
        assert parse(query, hotspot(2)).signature == "bad" or iv == "ü" * 8


def test_a_phone_that_is_through_already_is_known() -> None:
    query = "tok=87d8&redir=" + quote(ONLINE, safe="") + "&custom=bm9uZQ==&status=authenticated"
    arrival = parse(query, hotspot(1))
    assert (arrival.state, arrival.visit) == ("online", "abc")


def test_the_default_key_of_9_10_is_used_where_none_is_set() -> None:
    granted = grant({"hid": HID, "dir": "opennds_auth"}, Gateway(BASE, {"level": 1}), ONLINE)
    assert isinstance(granted, Link)
    assert return_hash(HID, "1234567890") in granted.url


def test_no_link_is_ever_made_without_a_token() -> None:
    """Such a link ends the 9.10 daemon."""
    assert isinstance(grant({"dir": "opennds_auth"}, hotspot(1), ONLINE), Refused)


def test_a_folder_that_is_more_than_a_name_is_not_taken() -> None:
    packed = base64.b64encode(f"hid={HID}, authdir=../../evil, gatewayaddress=10.77.0.1:2050".encode()).decode()
    assert parse(f"fas={packed}", hotspot(1)).state == "unknown"


def test_nothing_of_the_phone_is_among_the_facts() -> None:
    for level in (0, 1, 2):
        facts = parse(captured(level), hotspot(level)).facts
        assert not any("10.77.0.60" in value or "02:00:00" in value for value in facts.values())


def test_what_is_not_whole_blocks_does_not_decrypt() -> None:
    assert decrypt(b"AAAA", "0" * 16, KEY) is None
