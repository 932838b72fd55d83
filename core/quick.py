"""Doors that are knocked on all day are answered before Flask, by the same rules and the same functions.

A quick door stands before a Flask view and is named by its endpoint, whose route, method and cache policy it takes
over. It knows the common case only. Whatever it does not know it leaves, untouched, to the view behind it, which
knows all: so a quick door may be taken away at any time, and nothing changes but the speed. A test asks both
everything and compares the answers byte for byte.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from http import HTTPStatus
from time import perf_counter
from typing import Any, NamedTuple, cast
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from flask import Flask
from werkzeug.routing import Rule

from core.errors import BadRequest
from core.http import MACHINE_PATHS, Door
from core.reply import Reply, as_problem, problem_reply

LINES = {status.value: f"{status.value} {status.phrase.upper()}" for status in HTTPStatus}
JSON_TYPE = "application/json"


class Knock(NamedTuple):
    """A request as it comes. ``rest`` is the part of the path that the route leaves open, percent-decoded."""

    app: Flask
    environ: WSGIEnvironment
    rest: str = ""

    def header(self, name: str) -> str:
        """A header, by its name in CGI (``HTTP_AUTHORIZATION``); empty where it was not sent."""
        return str(self.environ.get(name, ""))

    def json(self, most_bytes: int) -> bytes | None:
        """The body, where it was announced as JSON of at most so many bytes; else None, and nothing was read.

        Raises BadRequest for one that breaks off.
        """
        kind, length = self.header("CONTENT_TYPE").partition(";")[0], self.header("CONTENT_LENGTH")
        if kind != JSON_TYPE or not length.isascii() or not length.isdigit() or int(length) > most_bytes:
            return None
        body: bytes = self.environ["wsgi.input"].read(int(length))
        if len(body) < int(length):
            raise BadRequest("The body broke off")
        return body


Handler = Callable[[Knock], Reply | None]
Count = Callable[[str, str, int, float], None]


class Rules(NamedTuple):
    """The house's manners at every door: whom it answers, what every answer carries, who keeps count.

    ``ours``: whether the server answers under this Host. ``counted``: of route, method, status, seconds.
    """

    ours: Callable[[str], bool]
    always: tuple[tuple[str, str], ...]
    counted: Count


class QuickDoor(NamedTuple):
    """A handler at the route of the view that it stands before."""

    route: str
    method: str
    cache: str
    handler: Handler


class Quick:
    """The WSGI application before ``inner``."""

    def __init__(self, app: Flask, inner: WSGIApplication, handlers: Mapping[str, Handler], rules: Rules) -> None:
        self._app, self.inner, self._rules = app, inner, rules
        self._whole: dict[tuple[str, str], QuickDoor] = {}
        self._open: dict[tuple[str, str], QuickDoor] = {}
        for endpoint, handler in handlers.items():
            self._hang(endpoint, handler)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        door, rest = self._door_at(environ["REQUEST_METHOD"], environ.get("PATH_INFO", ""))
        if door is None or not self._rules.ours(environ.get("HTTP_HOST", "")):
            return self.inner(environ, start_response)
        began = perf_counter()
        reply = self._answer(door, Knock(self._app, environ, rest))
        if reply is None:
            return self.inner(environ, start_response)
        self._rules.counted(door.route, door.method, reply.status, perf_counter() - began)
        start_response(LINES[reply.status], self._headers(door, reply))
        return (reply.body,) if reply.stream is None else reply.stream

    def _answer(self, door: QuickDoor, knock: Knock) -> Reply | None:
        try:
            return door.handler(knock)
        except Exception as error:  # noqa: BLE001 - as Flask does: whatever it is, it becomes an answer
            if not door.route.startswith(MACHINE_PATHS):
                return None  # the view behind meets the same trouble, and has a page that tells a person
            return problem_reply(as_problem(error, door.route), bearer=door.route.startswith("/api/"))

    def _headers(self, door: QuickDoor, reply: Reply) -> list[tuple[str, str]]:
        known = reply.status == 304 or reply.stream is not None
        length = [] if known else [("Content-Length", str(len(reply.body)))]
        named = {name for name, _ in reply.headers}
        usual = (("Cache-Control", door.cache), *self._rules.always)
        return [*reply.headers, *length, *(header for header in usual if header[0] not in named)]

    def _door_at(self, method: str, path: str) -> tuple[QuickDoor | None, str]:
        door = self._whole.get((method, path))
        if door is not None:
            return door, ""
        stem, _, rest = path.rpartition("/")
        door = self._open.get((method, stem)) if rest else None
        return door, rest.encode("latin-1").decode(errors="replace") if door else ""  # PEP 3333: bytes as latin-1

    def _hang(self, endpoint: str, handler: Handler) -> None:
        """At the endpoint's routes, which may leave their last segment open (``/wifi/<code>``)."""
        promised: Door = cast(Any, self._app.view_functions[endpoint]).door
        for rule in self._app.url_map.iter_rules(endpoint):
            stem, _, last = rule.rule.rpartition("/")
            door = QuickDoor(rule.rule, _method(rule), promised.cache.value, handler)
            if last.startswith("<"):
                self._open[door.method, stem] = door
            else:
                self._whole[door.method, rule.rule] = door


def _method(rule: Rule) -> str:
    (method,) = (rule.methods or set()) - {"HEAD", "OPTIONS"}
    return method


def install(app: Flask, handlers: Mapping[str, Handler], rules: Rules) -> None:
    """Hangs the doors; call after the views are registered."""
    inner: Any = app.wsgi_app
    app.wsgi_app = Quick(app, inner, handlers, rules)  # type: ignore[method-assign]
