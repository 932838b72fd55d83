"""With the database down, hung, or the disk full, travellers still go on line; what was seen is written later."""

import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.exc import OperationalError
from werkzeug.test import TestResponse

from core.errors import StorageFull
from core.services import Services
from portal import outbox
from tests.portal.station import BASE, draw, fas, make_campaign, make_hotspot, make_place
from tests.portal.test_splash import AGENT, token_of, visits
from tests.support.clock import FrozenClock


@pytest.fixture
def warm(client: FlaskClient, services: Services, clock: FrozenClock) -> None:
    """A process that has served before."""
    services.db.write(lambda s: make_place(s, services))
    make_campaign(services)
    make_hotspot(services)
    draw(services)
    page = asked_until(lambda: client.get(f"/wifi/ST01?{fas(hid='0' * 64)}", headers=AGENT), "Cài Bluezone")
    client.get(f"/wifi/ST01/online?visit={token_of(page)}", headers=AGENT)
    clock.advance(seconds=10)  # all of it is to be looked up anew
    visits(client, services)


def asked_until(ask: Callable[[], TestResponse], said: str) -> str:
    """The answer, once it says so: what is loaded aside comes soon."""
    for _ in range(600):
        if said in (answer := ask().text):
            return answer
        time.sleep(0.05)
    raise AssertionError(answer)


def raising(error: Exception) -> Callable[..., Any]:
    def work(*_: object, **__: object) -> Any:
        raise error

    return work


DOWN = raising(OperationalError("SELECT 1", {}, OSError("connection refused")))
FULL = raising(StorageFull())


class Hung:
    """A database that answers nobody until the test lets go of it. `gave_up`: somebody has waited for it to the end."""

    def __init__(self) -> None:
        self._over, self.gave_up = threading.Event(), False

    def work(self, *_: object, **__: object) -> Any:
        self.gave_up |= not self._over.wait(60)
        raise OSError("it was hung")

    def let_go(self) -> None:
        assert not self.gave_up
        self._over.set()


def go_on_line(client: FlaskClient) -> None:
    """The whole way."""
    splash = client.get(f"/wifi/ST01?{fas()}", headers=AGENT)
    assert splash.status_code == 200
    assert "Cài Bluezone" in splash.text
    token = token_of(splash.text)
    assert client.get(f"/wifi/ST01/accept?visit={token}", headers=AGENT).location.startswith(BASE)
    assert "Bạn đã vào mạng" in client.get(f"/wifi/ST01/online?visit={token}", headers=AGENT).text
    store = client.get(f"/wifi/ST01/store?visit={token}", headers=AGENT)
    assert store.location.startswith("http://play.google.com/")


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
        go_on_line(client)
    after = visits(client, services)
    assert sorted(set(after) - set(before)) == [("store_click", "vi")]
    assert len(after) == len(before) + 3


def test_a_database_that_hangs_holds_nobody_up(
    client: FlaskClient, services: Services, warm: None, impatient: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All answers come while every look at the database still hangs."""
    monkeypatch.setattr(outbox, "RETRY_S", (0.02,))
    hung, before = Hung(), visits(client, services)
    with monkeypatch.context() as patch:
        patch.setattr(services.db, "read", hung.work)
        patch.setattr(services.db, "write", hung.work)
        go_on_line(client)
        hung.let_go()
    assert len(visits(client, services)) == len(before) + 3


def test_the_gateways_polls_never_wait(
    client: FlaskClient,
    services: Services,
    clock: FrozenClock,
    warm: None,
    impatient: None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    make_hotspot(services, "W1", dialect="wifidog", grant_base="http://10.0.0.1:2060", settings={})
    make_hotspot(services, "L3", grant_base=None, settings={"level": 3, "faskey": "k"})
    clock.advance(seconds=10)
    asked_until(lambda: client.get("/wifidog/W1/ping/"), "Pong")
    hung, asked = Hung(), {"auth_get": "view", "gatewayhash": "0" * 64, "payload": "bm9uZQ=="}
    monkeypatch.setattr(services.db, "read", hung.work)
    monkeypatch.setattr(services.db, "write", hung.work)
    clock.advance(seconds=10)
    assert client.get("/wifidog/W1/ping/").text == "Pong"
    assert client.post("/wifi/L3", data=asked).text == "*"
    assert client.get("/wifidog/W1/auth/?stage=login&token=x").text == "Auth: 0\n"
    hung.let_go()
