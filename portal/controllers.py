"""Calls to controllers (UniFi, Omada): made apart from every request, within a time limit, tried again, and forgotten.

A call that does not get through within five minutes is dropped; nothing of it is ever at rest.
"""

from __future__ import annotations

import hashlib
import http.client
import json
import ssl
import threading
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlsplit

from core.log import log
from portal.gateways.base import Gateway

TIME_OUT_S = 5.0
RETRY_S = (1.0, 3.0, 10.0, 30.0)
MOST_BODY = 1_000_000
CLASSIC, UNIFI_OS, INTEGRATION = 1, 2, 3


class Refusal(Exception):
    """The controller answered, and not with what was hoped for."""


@dataclass
class Talk:
    """One conversation with a controller: cookies and tokens live as long as it does."""

    base: str
    fingerprint: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    cookies: dict[str, str] = field(default_factory=dict)

    def ask(self, method: str, path: str, body: object | None = None) -> Any:
        """The controller's JSON. Raises OSError, HTTPException or Refusal."""
        line = self._line()
        try:
            data = None if body is None else json.dumps(body)
            line.request(method, path, data, {"Content-Type": "application/json", **self.headers, **self._cookie()})
            answer = line.getresponse()
            told = answer.read(MOST_BODY)
        finally:
            line.close()
        self._remember(answer)
        if answer.status >= 300:
            raise Refusal(f"{answer.status} to {method} {path.split('?')[0]}")
        try:
            return json.loads(told) if told.strip() else {}
        except ValueError:
            raise Refusal(f"no JSON to {method} {path.split('?')[0]}") from None

    def _line(self) -> http.client.HTTPConnection:
        parts = urlsplit(self.base)
        if parts.scheme == "http":
            return http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=TIME_OUT_S)
        context = ssl.create_default_context()
        if self.fingerprint:  # a controller's own certificate: no authority vouches for it, its fingerprint does
            context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        line = http.client.HTTPSConnection(parts.hostname or "", parts.port, timeout=TIME_OUT_S, context=context)
        if self.fingerprint:
            line.connect()
            shown = hashlib.sha256(line.sock.getpeercert(binary_form=True) or b"").hexdigest()
            if shown != self.fingerprint.replace(":", "").lower():
                line.close()
                raise Refusal("the controller shows another certificate than the one that was set")
        return line

    def _cookie(self) -> dict[str, str]:
        return {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())} if self.cookies else {}

    def _remember(self, answer: http.client.HTTPResponse) -> None:
        for header in answer.headers.get_all("Set-Cookie") or []:
            name, _, value = header.partition(";")[0].partition("=")
            self.cookies[name.strip()] = value.strip()
        if token := answer.headers.get("X-CSRF-Token"):
            self.headers["X-CSRF-Token"] = token


def authorize(kind: str, facts: Mapping[str, str], gateway: Gateway) -> None:
    """Lets a phone through. Raises OSError, HTTPException or Refusal."""
    talk = Talk(gateway.text("controller"), gateway.text("fingerprint"))
    if kind == "omada":
        omada(talk, facts, gateway)
    elif gateway.number("api", CLASSIC) == INTEGRATION:
        unifi_integration(talk, facts, gateway)
    else:
        unifi_classic(talk, facts, gateway)


def unifi_classic(talk: Talk, facts: Mapping[str, str], gateway: Gateway) -> None:
    """Sign in, then `authorize-guest`; on UniFi OS below /proxy/network and with a CSRF token."""
    os = gateway.number("api", CLASSIC) == UNIFI_OS
    signing = {"username": gateway.text("username"), "password": gateway.text("password")}
    talk.ask("POST", "/api/auth/login" if os else "/api/login", signing)
    wanted: dict[str, object] = {"cmd": "authorize-guest", "mac": facts["mac"], "minutes": minutes(gateway)}
    limits = {"down": gateway.number("download_rate"), "up": gateway.number("upload_rate")}
    wanted |= {name: value for name, value in limits.items() if value}
    if gateway.number("quota"):
        wanted["bytes"] = gateway.number("quota")
    if facts.get("ap"):
        wanted["ap_mac"] = facts["ap"]
    site = quote(gateway.text("site", "default"), safe="")
    told = talk.ask("POST", f"{'/proxy/network' if os else ''}/api/s/{site}/cmd/stamgr", wanted)
    if told.get("meta", {}).get("rc") != "ok":
        raise Refusal("the controller did not say ok")


def unifi_integration(talk: Talk, facts: Mapping[str, str], gateway: Gateway) -> None:
    """Find the client by its MAC, then AUTHORIZE_GUEST_ACCESS."""
    talk.headers["X-API-KEY"] = gateway.text("api_key")
    clients = f"/proxy/network/integration/v1/sites/{quote(gateway.text('site'), safe='')}/clients"
    wanted_mac = quote(f"macAddress.eq('{facts['mac']}')", safe="")
    found = talk.ask("GET", f"{clients}?filter={wanted_mac}").get("data") or []
    if not found:
        raise Refusal("the controller does not know this client yet")
    wanted: dict[str, object] = {"action": "AUTHORIZE_GUEST_ACCESS", "timeLimitMinutes": minutes(gateway)}
    names = {"dataUsageLimitMBytes": "quota", "rxRateLimitKbps": "download_rate", "txRateLimitKbps": "upload_rate"}
    wanted |= {name: gateway.number(setting) for name, setting in names.items() if gateway.number(setting)}
    talk.ask("POST", f"{clients}/{quote(str(found[0]['id']), safe='')}/actions", wanted)


def omada(talk: Talk, facts: Mapping[str, str], gateway: Gateway) -> None:
    """Sign in as the hotspot's operator, then tell the external portal's verdict."""
    root = f"/{quote(gateway.text('controller_id'), safe='')}/api/v2/hotspot"
    told = talk.ask("POST", f"{root}/login", {"name": gateway.text("username"), "password": gateway.text("password")})
    if told.get("errorCode") != 0:
        raise Refusal("the operator could not sign in")
    talk.headers["Csrf-Token"] = str(told.get("result", {}).get("token", ""))
    wanted = {**facts, "time": minutes(gateway) * 60_000, "authType": 4}
    if talk.ask("POST", f"{root}/extPortal/auth", wanted).get("errorCode") != 0:
        raise Refusal("the controller did not accept the client")


def minutes(gateway: Gateway) -> int:
    """How long a phone is let through: the hotspot's minutes, else a day."""
    return gateway.session_minutes or 24 * 60


@dataclass
class Call:
    """A call that waits for its turn; `done` hears whether it got through."""

    kind: str
    facts: dict[str, str]
    gateway: Gateway
    key: str
    give_up: float
    done: Callable[[bool], None]
    tries: int = 0


class Caller:
    """A queue with one carrier. A controller that hangs delays the calls behind it, never a page."""

    def __init__(self, mono: Callable[[], float]) -> None:
        self._mono = mono
        self._waiting: deque[Call] = deque()
        self._wake = threading.Condition()
        self._carrier: threading.Thread | None = None

    def ask(self, call: Call) -> None:
        """Queues a call; one that waits already is not asked twice."""
        with self._wake:
            if any(one.key == call.key for one in self._waiting):
                return
            self._waiting.append(call)
            if self._carrier is None:
                self._carrier = threading.Thread(target=self._carry, name="portal-controllers", daemon=True)
                self._carrier.start()
            self._wake.notify_all()

    def _carry(self) -> None:
        while True:
            with self._wake:
                self._wake.wait_for(lambda: bool(self._waiting))
                call = self._waiting.popleft()
            self._try(call)

    def _try(self, call: Call) -> None:
        try:
            authorize(call.kind, call.facts, call.gateway)
        except Exception as error:  # noqa: BLE001 - whatever a controller does, the next call is made
            log.warning("a controller took no grant", kind=call.kind, error=type(error).__name__, tries=call.tries)
            self._again(call)
            return
        call.done(True)

    def _again(self, call: Call) -> None:
        pause = RETRY_S[min(call.tries, len(RETRY_S) - 1)]
        call.tries += 1
        if self._mono() + pause > call.give_up:
            call.done(False)
            return
        timer = threading.Timer(pause, self.ask, [call])
        timer.daemon = True
        timer.start()
