"""With the database down, hung, or the disk full, travellers still go on line; what was seen is written later."""

import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.exc import OperationalError

from core.errors import StorageFull
from core.services import Services
from portal import outbox
from portal.house import desk
from tests.portal.station import BASE, draw, fas, make_campaign, make_hotspot, make_place
from tests.portal.test_splash import AGENT, token_of, visits
from tests.support.clock import FrozenClock

LIMIT_S = 0.1


@pytest.fixture
def warm(client: FlaskClient, services: Services, clock: FrozenClock) -> None:
    """A process that has served before."""
    services.db.write(lambda s: make_place(s, services))
    make_campaign(services)
    make_hotspot(services)
    draw(services)
    for _ in range(3):
        page = client.get(f"/wifi/ST01?{fas(hid='0' * 64)}", headers=AGENT).text
        client.get(f"/wifi/ST01/online?visit={token_of(page)}", headers=AGENT)
        time.sleep(0.2)
        clock.advance(seconds=10)
    visits(client, services)


def raising(error: Exception) -> Callable[..., Any]:
    def work(*_: object, **__: object) -> Any:
        raise error

    return work


DOWN = raising(OperationalError("SELECT 1", {}, OSError("connection refused")))
FULL = raising(StorageFull())


def go_on_line(client: FlaskClient) -> list[float]:
    """The whole way; returns how long each answer took, in seconds."""
    took = []

    def get(path: str) -> Any:
        start = time.perf_counter()
        answer = client.get(path, headers=AGENT)
        took.append(time.perf_counter() - start)
        return answer

    splash = get(f"/wifi/ST01?{fas()}")
    assert splash.status_code == 200
    assert "Cài Bluezone" in splash.text
    token = token_of(splash.text)
    assert get(f"/wifi/ST01/accept?visit={token}").location.startswith(BASE)
    assert "Bạn đã vào mạng" in get(f"/wifi/ST01/online?visit={token}").text
    assert get(f"/wifi/ST01/store?visit={token}").location.startswith("http://play.google.com/")
    return took


@pytest.mark.parametrize("broken", [DOWN, FULL], ids=["down", "full"])
def test_it_works(
    client: FlaskClient,
    services: Services,
    warm: None,
    impatient: None,
    broken: Callable[..., Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(outbox, "RETRY_S", (0.02,))
    before = visits(client, services)
    with monkeypatch.context() as patch:
        patch.setattr(services.db, "read", broken)
        patch.setattr(services.db, "write", broken)
        took = go_on_line(client)
        assert sorted(took)[len(took) // 2] < LIMIT_S, took
        with client.application.app_context():
            assert len(desk().outbox) >= 0
    after = visits(client, services)
    assert sorted(set(after) - set(before)) == [("store_click", "vi")]
    assert len(after) == len(before) + 3


def test_a_database_that_hangs_holds_nobody_up(
    client: FlaskClient, services: Services, warm: None, impatient: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    hung = threading.Event()
    truly = services.db.write

    def hang(*_: object, **__: object) -> Any:
        hung.wait(30)
        raise OSError("it was hung")

    with monkeypatch.context() as patch:
        patch.setattr(services.db, "read", hang)
        patch.setattr(services.db, "write", lambda work: (hung.wait(30), truly(work))[1])
        took = go_on_line(client)
        assert sorted(took)[len(took) // 2] < LIMIT_S, took
        hung.set()
    assert len(visits(client, services)) > 3


def test_the_gateways_polls_never_wait(
    client: FlaskClient, services: Services, warm: None, impatient: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_hotspot(services, "W1", dialect="wifidog", grant_base="http://10.0.0.1:2060", settings={})
    make_hotspot(services, "L3", grant_base=None, settings={"level": 3, "faskey": "k"})
    services.clock.advance(seconds=10)  # type: ignore[attr-defined]
    for path in ("/wifidog/W1/ping/", "/wifi/L3"):
        client.get(path, headers=AGENT)
    time.sleep(0.3)
    monkeypatch.setattr(services.db, "write", DOWN)
    took = []
    for _ in range(20):
        start = time.perf_counter()
        assert client.get("/wifidog/W1/ping/").text == "Pong"
        asked = {"auth_get": "view", "gatewayhash": "0" * 64, "payload": "bm9uZQ=="}
        assert client.post("/wifi/L3", data=asked).text == "*"
        assert client.get("/wifidog/W1/auth/?stage=login&token=x").text == "Auth: 0\n"
        took.append((time.perf_counter() - start) / 3)
    assert sorted(took)[10] < 0.02, took
