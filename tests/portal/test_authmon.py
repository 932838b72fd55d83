"""POST /wifi/<code> at level 3, GET with auth_get at level 4: the gateway fetches its grants."""

import base64
import hashlib
import re
from urllib.parse import unquote

import pytest
from flask.testing import FlaskClient

from core.services import Services
from portal import views
from portal.gateways.opennds import return_hash
from tests.portal.station import HID, KEY, make_hotspot
from tests.portal.test_opennds import sealed
from tests.portal.test_splash import AGENT, token_of, visits
from tests.support.clock import FrozenClock

NAME = "Ga%20B%e1%ba%bfn%20Node%3a1602f4177927%20"
QUEUE = hashlib.sha256(NAME.encode()).hexdigest()
RHID = return_hash(HID, KEY)


@pytest.fixture(autouse=True)
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test holds a phone."""
    monkeypatch.setattr(views, "HOLD_S", 0.01)


def poll(client: FlaskClient, action: str, payload: str = "none", queue: str = QUEUE) -> str:
    """As post-request.php sends it."""
    packed = base64.b64encode(payload.encode()).decode()
    return client.post("/wifi/ST01", data={"auth_get": action, "gatewayhash": queue, "payload": packed}).text


def tap(client: FlaskClient, services: Services, hid: str = HID, **more: object) -> str:
    """A traveller arrives at a level 3 gateway and taps; returns the visit."""
    plain = f"hid={hid}, clientip=10.77.0.60, clientmac=02:00:00:00:77:02, gatewayname={NAME}, authdir=opennds_auth"
    token = token_of(client.get(f"/wifi/ST01?{sealed(plain)}", headers=AGENT).text)
    answer = client.get(f"/wifi/ST01/accept?visit={token}", headers=AGENT)
    assert "Đang kết nối" in answer.text
    assert re.search(r'http-equiv="refresh" content="0;url=/wifi/ST01/wait\?', answer.text)
    return token


@pytest.fixture
def hotspot(services: Services) -> None:
    make_hotspot(services, grant_base=None, settings={"level": 3, "faskey": KEY}, session_minutes=45)


def test_it_works(client: FlaskClient, services: Services, hotspot: None) -> None:
    assert poll(client, "clear") == "*"
    assert poll(client, "view") == "*"
    token = tap(client, services)
    told = poll(client, "view")
    assert unquote(told) == f"* {RHID} 45 0 0 0 0 none"
    assert " " not in told[2:]  # a record is one word for the gateway's shell
    assert poll(client, "view", "*") == "ack"
    assert poll(client, "view") == told  # not yet acknowledged
    assert visits(client, services) == [("splash_view", "vi")]
    assert poll(client, "view", f"* {RHID}") == "ack"
    assert poll(client, "view") == "*"
    assert visits(client, services) == [("grant", "vi"), ("splash_view", "vi")]
    assert client.get(f"/wifi/ST01/wait?visit={token}", headers=AGENT).location.startswith("/wifi/ST01/online?visit=")


def test_level_4_asks_by_get(client: FlaskClient, services: Services) -> None:
    make_hotspot(services, grant_base=None, settings={"level": 4, "faskey": KEY})
    asked = {"auth_get": "view", "gatewayhash": QUEUE, "payload": "bm9uZQ=="}
    assert client.get("/wifi/ST01", query_string=asked).text == "*"


def test_list_hands_out_and_forgets(client: FlaskClient, services: Services, hotspot: None) -> None:
    tap(client, services)
    assert unquote(poll(client, "list")).startswith(f"* {RHID} ")
    assert poll(client, "list") == "*"


def test_at_most_four_at_once(client: FlaskClient, services: Services, hotspot: None) -> None:
    for n in range(6):
        tap(client, services, hashlib.sha256(str(n).encode()).hexdigest())
    told = poll(client, "view")
    assert told.count(" ") == 4
    assert len(told) <= 1024


def test_two_taps_are_one_grant(client: FlaskClient, services: Services, hotspot: None) -> None:
    tap(client, services)
    tap(client, services)
    assert poll(client, "view").count(" ") == 1


def test_a_grant_is_kept_for_five_minutes(
    client: FlaskClient, services: Services, clock: FrozenClock, hotspot: None
) -> None:
    tap(client, services)
    clock.advance(minutes=5, seconds=1)
    assert poll(client, "view") == "*"


def test_who_taps_while_the_gateway_starts_is_not_forgotten(
    client: FlaskClient, services: Services, clock: FrozenClock, hotspot: None
) -> None:
    """authmon clears its queue some seconds after the gateway has begun to send phones here."""
    tap(client, services)
    clock.advance(seconds=6)
    assert poll(client, "clear") == "*"
    assert RHID in poll(client, "view")
    clock.advance(seconds=30)
    assert poll(client, "clear") == "*"
    assert poll(client, "view") == "*"


def test_another_gateway_hears_nothing(client: FlaskClient, services: Services, hotspot: None) -> None:
    tap(client, services)
    for queue in ("0" * 64, "", "*", "x" * 64, "../" * 20):
        assert poll(client, "view", queue=queue) == "*"
        assert poll(client, "view", f"* {RHID}", queue=queue) in ("*", "ack")
    assert visits(client, services) == [("splash_view", "vi")]


def test_who_makes_up_a_client_confirms_nobody(client: FlaskClient, services: Services, hotspot: None) -> None:
    tap(client, services)
    assert poll(client, "view", "* " + "f" * 64) == "ack"
    assert visits(client, services) == [("splash_view", "vi")]


def test_a_phone_waits_and_is_then_told_that_it_takes_long(
    client: FlaskClient, services: Services, hotspot: None
) -> None:
    token = tap(client, services)
    page = client.get(f"/wifi/ST01/wait?visit={token}&turn=0", headers=AGENT).text
    assert "turn=1" in page
    for turn in ("9", "²", "x", "9" * 5_000):  # whatever stands there
        page = client.get(f"/wifi/ST01/wait?visit={token}&turn={turn}", headers=AGENT).text
        assert "Lâu hơn bình thường" in page
        assert "refresh" not in page


def test_a_gateway_that_does_not_poll_is_answered_with_a_star(client: FlaskClient, services: Services) -> None:
    make_hotspot(services)
    assert poll(client, "view") == "*"


def test_odd_polls_are_answered(client: FlaskClient, services: Services, hotspot: None) -> None:
    for data in ({}, {"auth_get": "view"}, {"auth_get": "x", "gatewayhash": QUEUE, "payload": "%%%"}):
        assert client.post("/wifi/ST01", data=data).status_code == 200
    assert client.post("/wifi/ST01", data=b"\xff\xfe", content_type="application/json").status_code == 200


def test_a_grant_that_is_never_taken_up_keeps_nobody_waiting(
    client: FlaskClient, services: Services, hotspot: None
) -> None:
    """Four phones left before their gateway asked; the fifth comes at the next poll, not after five minutes."""
    hids = [hashlib.sha256(str(n).encode()).hexdigest() for n in range(5)]
    for hid in hids:
        tap(client, services, hid)
    first, second = (unquote(poll(client, "view")) for _ in range(2))
    late = return_hash(hids[4], KEY)
    assert late not in first
    assert second.startswith(f"* {late} ")
