"""An answer as plain values: made by pure functions, given out by Flask's doors and by the quick ones alike."""

from collections.abc import Iterable
from typing import NamedTuple

import msgspec
from flask import Response

from core.errors import Problem
from core.log import log

JSON = ("Content-Type", "application/json")
PROBLEM_JSON = ("Content-Type", "application/problem+json")
NO_STORE = ("Cache-Control", "no-store")


class Reply(NamedTuple):
    """Status, headers in their order (neither Content-Length nor what every answer carries), body; or, in place of a
    body, a stream that is closed after it was sent, whose Content-Length stands among the headers."""

    status: int
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    stream: Iterable[bytes] | None = None

    def response(self) -> Response:
        """The same for Flask."""
        return Response(self.body, self.status, self.headers)


def json_reply(body: object, status: int = 200) -> Reply:
    """A JSON answer from what msgspec can encode; moments must be text already."""
    return Reply(status, (JSON,), msgspec.json.encode(body))


def problem_reply(error: Problem, *, bearer: bool) -> Reply:
    """A refusal for a program: RFC 9457. ``bearer``: where a key was wanted, the answer says which kind."""
    body: dict[str, object] = {
        "type": f"/problems/{error.slug}",
        "title": error.title,
        "status": error.status,
        "detail": error.detail,
        **error.members,
    }
    if error.errors:
        body["errors"] = [{"field": field, "message": message} for field, message in error.errors]
    headers = [PROBLEM_JSON, *refusal_headers(error, bearer=bearer)]
    return Reply(error.status, tuple(headers), msgspec.json.encode(body))


def refusal_headers(error: Problem, *, bearer: bool) -> list[tuple[str, str]]:
    """What every refusal carries, whoever reads it."""
    headers = [NO_STORE]
    if error.retry_after_s is not None:
        headers.append(("Retry-After", str(error.retry_after_s)))
    if error.status == 401 and bearer:
        headers.append(("WWW-Authenticate", "Bearer"))
    return headers


def as_problem(error: Exception, route: str) -> Problem:
    """The refusal that an error is; what nobody foresaw goes into the log and says no more."""
    if isinstance(error, Problem):
        return error
    log.error("unforeseen error", route=route, exc_info=error)
    return Problem("This was not foreseen; it has been written to the log")
