"""The quick player doors say what the views behind them say, byte for byte."""

import json
from typing import Any

import pytest
from flask import Flask
from prometheus_client import REGISTRY
from werkzeug.test import TestResponse

from signage.desk import desk_of
from tests.signage.world import Player, batch, on_sqlite
from tests.support.clock import FrozenClock
from tests.support.doors import BothDoors

MANIFEST, PLAYS = "/api/v1/player/manifest", "/api/v1/player/plays"
JSON = "application/json"


def seen(answer: TestResponse) -> tuple[str, list[tuple[str, str]], bytes]:
    return answer.status, sorted(answer.headers.items()), answer.data


class Doors(BothDoors):
    """Asks the same thing at both doors."""

    def __init__(self, app: Flask, player: Player) -> None:
        super().__init__(app)
        self.player = player

    def ask(self, method: str, path: str, **request: Any) -> TestResponse:
        """The answer of the quick door, once Flask's was found to be the same."""
        headers = {"Authorization": f"Bearer {self.player.token}"} | request.pop("headers", {})
        said = []
        with self.counting():
            said.append(self.app.test_client().open(path, method=method, headers=headers, **request))
        with self.without():
            said.append(self.app.test_client().open(path, method=method, headers=headers, **request))
        assert seen(said[0]) == seen(said[1])
        return said[0]


@pytest.fixture
def doors(app: Flask, player: Player) -> Doors:
    return Doors(app, player)


def test_a_poll(doors: Doors) -> None:
    answer = doors.ask("GET", MANIFEST)
    assert (answer.status_code, doors.left) == (200, 0)
    assert answer.headers["Cache-Control"] == "no-cache"
    assert answer.headers["Manifest-Signature"]


@on_sqlite
def test_an_unchanged_poll(doors: Doors) -> None:
    etag = doors.ask("GET", MANIFEST).headers["ETag"].strip('"')
    for form in ('"{}"', "{}", 'W/"{}"', '"x", "{}"', "*", '"x"', "", ","):
        answer = doors.ask("GET", MANIFEST, headers={"If-None-Match": form.format(etag)})
        assert answer.status_code == (304 if "{}" in form or form == "*" else 200), form
    assert doors.left == 0


@on_sqlite
def test_what_a_player_decodes(doors: Doors) -> None:
    for accept in ("*/*", "application/json, image/webp", "image/webp;q=0", "é", ""):
        answer = doors.ask("GET", MANIFEST, headers={"Accept": accept})
        assert (answer.status_code, answer.headers["Vary"], doors.left) == (200, "Accept", 0)


@on_sqlite
def test_a_stranger(doors: Doors) -> None:
    for header in ("", "Bearer", "Bearer ", "Bearer wrong", "bearer x", "Basic eDp5", "Bearer é"):
        for method, path in (("GET", MANIFEST), ("POST", PLAYS)):
            answer = doors.ask(method, path, headers={"Authorization": header})
            assert (answer.status_code, answer.headers["WWW-Authenticate"], doors.left) == (401, "Bearer", 0)


@on_sqlite
def test_a_screen_without_pictures(doors: Doors) -> None:
    def none_fits(*_: object, **__: object) -> None:
        raise KeyError

    doors.ask("GET", PLAYS)
    desk_of(doors.app).board._plans.of = none_fits  # type: ignore[assignment]
    answer = doors.ask("GET", MANIFEST)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "3")


@on_sqlite
def test_other_methods_are_left_to_the_view(doors: Doors) -> None:
    for number, (method, path) in enumerate((("HEAD", MANIFEST), ("OPTIONS", MANIFEST), ("PUT", PLAYS)), 1):
        doors.ask(method, path)
        assert doors.left == number


@on_sqlite
def test_other_hosts_are_left_to_the_view(doors: Doors) -> None:
    for number, host in enumerate(("evil.example", "", "[::1"), 1):
        doors.ask("GET", MANIFEST, environ_overrides={"HTTP_HOST": host})
        assert doors.left == number


def test_plays(doors: Doors, clock: FrozenClock) -> None:
    answer = doors.ask("POST", PLAYS, json=batch(clock.now(), 1, 2))
    assert (answer.get_json(), doors.left) == ({"ack": 2, "refused": []}, 0)
    assert answer.headers["Cache-Control"] == "no-store"


def test_plays_with_a_bad_row(doors: Doors, clock: FrozenClock) -> None:
    sent = batch(clock.now(), 1, 2)
    sent["plays"][0]["duration_ms"] = -5
    assert doors.ask("POST", PLAYS, json=sent).get_json()["refused"][0]["seq"] == 1
    assert doors.left == 0


def test_a_hole(doors: Doors, clock: FrozenClock) -> None:
    answer = doors.ask("POST", PLAYS, json=batch(clock.now(), 3, first=1))
    assert (answer.status_code, answer.get_json()["expect"], doors.left) == (409, 1, 0)


@on_sqlite
def test_a_batch_of_the_wrong_shape(doors: Doors, clock: FrozenClock) -> None:
    wrong = ({"epoch": "XYZ"}, {"first": -1}, {"now": {}}, {"plays": [{"seq": "one"}]}, {"plays": 7})
    for change in (*wrong, {"plays": [{}] * 501}):
        assert doors.ask("POST", PLAYS, json=batch(clock.now(), 1) | change).status_code == 422
    assert doors.left == 0


@on_sqlite
def test_a_body_that_is_no_batch(doors: Doors) -> None:
    for data, kind, status, left in (
        (b"{", JSON, 400, 0),
        (b"", JSON, 400, 1),
        (b'{"epoch": "\xff"}', JSON, 400, 0),
        (b"seq=1", "application/x-www-form-urlencoded", 415, 1),
        (b"{}", "", 415, 1),
        (b"{}", "Application/JSON", 422, 1),
        (b"{}", "application/json; charset=utf-8", 422, 0),
        (b"[" + b"1," * 300_000, JSON, 413, 1),
    ):
        doors.left = 0
        answer = doors.ask("POST", PLAYS, data=data, content_type=kind)
        assert (answer.status_code, doors.left) == (status, left), data[:20]


@on_sqlite
def test_a_crash(doors: Doors, clock: FrozenClock, capfd: pytest.CaptureFixture[str]) -> None:
    def crash(*_: object) -> None:
        raise ZeroDivisionError

    doors.ask("GET", MANIFEST)
    desk_of(doors.app).take_plays = crash  # type: ignore[assignment]
    answer = doors.ask("POST", PLAYS, json=batch(clock.now(), 1))
    assert (answer.status_code, doors.left) == (500, 0)
    assert json.loads(answer.data)["type"] == "/problems/internal"


@on_sqlite
def test_both_are_counted_alike(doors: Doors) -> None:
    labels = {"route": MANIFEST, "method": "GET", "status": "2xx"}
    timed = {"route": MANIFEST}

    def figures() -> tuple[float, float]:
        total = REGISTRY.get_sample_value("bangtin_requests_total", labels)
        return total or 0, REGISTRY.get_sample_value("bangtin_request_seconds_count", timed) or 0

    before = figures()
    doors.ask("GET", MANIFEST)
    assert [after - was for was, after in zip(before, figures(), strict=True)] == [2, 2]
