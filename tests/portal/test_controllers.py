"""Calls to UniFi and Omada controllers, against a controller that really listens on a socket."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from portal import controllers
from portal.controllers import Call, Caller, Refusal, authorize
from portal.gateways.base import Gateway

MAC = "02:00:00:00:77:02"
FACTS = {"mac": MAC, "ap": "00:11:22:33:44:55"}


class Controller(BaseHTTPRequestHandler):
    """Answers as the three UniFi APIs and Omada do, and keeps what it was asked."""

    asked: list[tuple[str, str, object, dict[str, str]]] = []
    broken = 0

    def do_GET(self) -> None:
        self.answer(None)

    def do_POST(self) -> None:
        self.answer(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))

    def answer(self, body: object) -> None:
        Controller.asked.append((self.command, self.path, body, dict(self.headers)))
        if Controller.broken:
            Controller.broken -= 1
            self.send_error(500)
            return
        told = json.dumps(self.told()).encode()
        self.send_response(200)
        self.send_header("Set-Cookie", "unifises=abc; Path=/")
        self.send_header("X-CSRF-Token", "csrf-1")
        self.send_header("Content-Length", str(len(told)))
        self.end_headers()
        self.wfile.write(told)

    def told(self) -> object:
        if "extPortal" in self.path or "hotspot/login" in self.path:
            return {"errorCode": 0, "result": {"token": "tok-1"}}
        if "clients?filter" in self.path:
            return {"data": [{"id": "client-9"}]}
        return {"meta": {"rc": "ok"}}

    def log_message(self, *_: object) -> None:
        """Quiet."""


@pytest.fixture
def address() -> Iterator[str]:
    Controller.asked, Controller.broken = [], 0
    server = ThreadingHTTPServer(("127.0.0.1", 0), Controller)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join(5)


def unifi(address: str, api: int, **more: object) -> Gateway:
    settings = {"controller": address, "api": api, "site": "default", "username": "op", "password": "pw"}
    return Gateway(None, settings | {"api_key": "key-1"} | more, session_minutes=60)  # type: ignore[arg-type]


def test_it_works(address: str) -> None:
    authorize("unifi", FACTS, unifi(address, 1, download_rate=2000))
    (_, login, signing, _), (_, path, wanted, headers) = Controller.asked
    assert (login, signing) == ("/api/login", {"username": "op", "password": "pw"})
    assert path == "/api/s/default/cmd/stamgr"
    assert wanted == {"cmd": "authorize-guest", "mac": MAC, "minutes": 60, "down": 2000, "ap_mac": FACTS["ap"]}
    assert headers["Cookie"] == "unifises=abc"


def test_unifi_os_stands_behind_a_prefix_and_a_token(address: str) -> None:
    authorize("unifi", FACTS, unifi(address, 2))
    assert [path for _, path, _, _ in Controller.asked] == [
        "/api/auth/login",
        "/proxy/network/api/s/default/cmd/stamgr",
    ]
    assert Controller.asked[1][3]["X-CSRF-Token"] == "csrf-1"


def test_the_integration_api_finds_the_client_first(address: str) -> None:
    authorize("unifi", FACTS, unifi(address, 3, quota=500))
    (_, finding, _, headers), (_, acting, wanted, _) = Controller.asked
    assert finding.startswith("/proxy/network/integration/v1/sites/default/clients?filter=macAddress.eq")
    assert acting == "/proxy/network/integration/v1/sites/default/clients/client-9/actions"
    assert wanted == {"action": "AUTHORIZE_GUEST_ACCESS", "timeLimitMinutes": 60, "dataUsageLimitMBytes": 500}
    assert headers["X-API-KEY"] == "key-1"


def test_omada_is_asked_as_its_hotspots_operator(address: str) -> None:
    settings = {"controller": address, "controller_id": "oc1", "username": "op", "password": "pw"}
    authorize("omada", {"clientMac": MAC, "site": "Default"}, Gateway(None, settings, 60))
    (_, login, _, _), (_, path, wanted, headers) = Controller.asked
    assert login == "/oc1/api/v2/hotspot/login"
    assert path == "/oc1/api/v2/hotspot/extPortal/auth"
    assert wanted == {"clientMac": MAC, "site": "Default", "time": 3_600_000, "authType": 4}
    assert headers["Csrf-Token"] == "tok-1"


def test_a_controller_that_refuses_is_a_refusal(address: str) -> None:
    Controller.broken = 1
    with pytest.raises(Refusal):
        authorize("unifi", FACTS, unifi(address, 1))


def test_a_controller_that_is_away_is_an_error_within_the_time_limit() -> None:
    with pytest.raises(OSError):
        authorize("unifi", FACTS, unifi("http://127.0.0.1:1", 1))


def test_a_call_is_tried_again_until_it_gets_through(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(controllers, "RETRY_S", (0.01,))
    Controller.broken = 2
    assert called(unifi(address, 1), give_up=1e9) is True
    assert len(Controller.asked) == 4


def test_after_five_minutes_it_is_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(controllers, "RETRY_S", (0.01,))
    assert called(unifi("http://127.0.0.1:1", 1), give_up=0.005) is False


def called(gateway: Gateway, give_up: float) -> bool:
    heard, told = threading.Event(), []

    def done(through: bool) -> None:
        told.append(through)
        heard.set()

    Caller(lambda: 0.0).ask(Call("unifi", FACTS, gateway, "vis_1", give_up, done))
    assert heard.wait(10)
    return told[0]
