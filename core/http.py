"""HTTP manners in one place: doors, caching, JSON in and out, pages of lists, and how a refusal looks."""

import base64
import binascii
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum
from functools import wraps
from typing import Any, ParamSpec, TypeVar

import msgspec
from flask import Flask, Response, make_response, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException

from core.errors import BadRequest, Invalid, Problem, TooLarge, WrongType
from core.reply import as_problem, problem_reply, refusal_headers

P = ParamSpec("P")
T = TypeVar("T")
MACHINE_PATHS = (
    "/api/",
    "/wifidog/",
    "/play/",
    "/xmds.php",
    "/media/",
    "/metrics",
    "/healthz",
    "/readyz",
)
MOST_ITEMS = 500


class Cache(Enum):
    """How long an answer may be kept, and by whom."""

    NO_STORE = "no-store"
    PRIVATE = "private, no-cache"
    REVALIDATE = "no-cache"
    SHORT = "public, max-age=300"
    IMMUTABLE = "public, max-age=31536000, immutable"


@dataclass(frozen=True)
class Door:
    """What a route promises: for whom it is, who keeps watch, what may be cached."""

    audience: str
    guard: Callable[[], None] | None
    cache: Cache


AUDIENCES = ("public", "operator", "key", "player", "gateway", "ops")


def door(
    audience: str, *, guard: Callable[[], None] | None, cache: Cache
) -> Callable[[Callable[P, ResponseReturnValue]], Callable[P, Response]]:
    """Marks a view with its audience, guard and cache policy, and keeps to them."""
    if audience not in AUDIENCES:
        raise ValueError(f"audience must be one of {AUDIENCES}")

    def mark(view: Callable[P, ResponseReturnValue]) -> Callable[P, Response]:
        @wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> Response:
            if guard is not None:
                guard()
            response = make_response(view(*args, **kwargs))
            response.headers.setdefault("Cache-Control", cache.value)
            return response

        guarded.door = Door(audience, guard, cache)  # type: ignore[attr-defined]
        return guarded

    return mark


def stamp(moment: datetime) -> str:
    """RFC 3339 in UTC with milliseconds."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def answer(body: object, status: int = 200) -> Response:
    """A JSON answer from Structs, dicts and lists; times as :func:`stamp` writes them."""
    plain = _stamped(msgspec.to_builtins(body, builtin_types=(datetime,)))
    return Response(msgspec.json.encode(plain), status, mimetype="application/json")


def _stamped(value: Any) -> Any:
    if isinstance(value, datetime):
        return stamp(value)
    if isinstance(value, dict):
        return {key: _stamped(item) for key, item in value.items()}
    return [_stamped(item) for item in value] if isinstance(value, list) else value


def read_json(shape: type[T], *, most_bytes: int = 1_000_000) -> T:
    """The request's body as ``shape``. Raises WrongType, TooLarge, BadRequest or Invalid."""
    return parse_json(json_body(most_bytes), shape)


def json_body(most_bytes: int) -> bytes:
    """The request's body, announced as JSON. Raises WrongType or TooLarge."""
    if request.mimetype != "application/json":
        raise WrongType("Send application/json")
    if request.content_length is not None and request.content_length > most_bytes:
        raise TooLarge(f"The body may have {most_bytes} bytes")
    request.max_content_length = most_bytes
    return request.get_data(cache=False)


def parse_json(body: bytes, shape: type[T]) -> T:
    """``body`` as ``shape``. Raises BadRequest for what is not JSON, Invalid for the wrong shape."""
    return understood(body, msgspec.json.Decoder(shape).decode)


def understood(body: bytes, decode: Callable[[bytes], T]) -> T:
    """What ``decode`` makes of a body. Raises BadRequest for what is not JSON, Invalid for the wrong shape."""
    try:
        return decode(body)
    except msgspec.ValidationError as error:
        understood(body, msgspec.json.decode)  # what is wrong early may not be JSON further on
        raise Invalid([field_error(str(error))]) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise BadRequest("The body is not JSON in UTF-8") from None


_WHERE = re.compile(r"^(?P<what>.*?)(?: - at `(?:key in )?\$?\.?(?P<path>.*?)`)?$", re.DOTALL)
_NAMED = re.compile(r"(?:unknown|required) field `([^`]+)`")


def field_error(message: str) -> tuple[str, str]:
    """(path of the field, what is wrong), from what msgspec says."""
    match = _WHERE.match(message)
    what, path = (match["what"], match["path"] or "") if match else (message, "")
    named = _NAMED.search(what)
    return ".".join(filter(None, (path, named[1] if named else ""))) or "body", what.replace("`", "'")


@dataclass(frozen=True)
class PageArgs:
    """What a list was asked for: at most ``limit`` items whose key comes after ``after``."""

    limit: int
    after: str | None


def page_args() -> PageArgs:
    """From ``?limit=&cursor=``. Raises Invalid."""
    limit = request.args.get("limit", "100")
    if not limit.isascii() or not limit.isdigit() or not 1 <= int(limit) <= MOST_ITEMS:
        raise Invalid([("limit", f"must be a number from 1 to {MOST_ITEMS}")])
    return PageArgs(int(limit), _uncursor(request.args.get("cursor")))


def page_of(
    items: Sequence[T],
    args: PageArgs,
    key: Callable[[T], str],
    show: Callable[[T], object],
) -> Response:
    """A page of a list from up to ``limit + 1`` rows in key order: the one too many tells that more follow."""
    shown, more = items[: args.limit], len(items) > args.limit
    cursor = base64.urlsafe_b64encode(key(shown[-1]).encode()).decode() if more else None
    return answer({"items": [show(item) for item in shown], "next": cursor})


def _uncursor(cursor: str | None) -> str | None:
    try:
        return base64.b64decode(cursor, b"-_", validate=True).decode() if cursor else None
    except (binascii.Error, ValueError):
        raise Invalid([("cursor", "must be the 'next' of an earlier answer")]) from None


def matches(etag: str) -> bool:
    """Whether the request already has this strong ETag (given without quotes), also sent without them."""
    return is_held(etag, request.headers.get("If-None-Match", ""))


def is_held(etag: str, sent: str) -> bool:
    """Whether an If-None-Match names this strong ETag (given without quotes), also without its quotes."""
    return sent.strip() == "*" or etag in (part.strip().removeprefix("W/").strip('"') for part in sent.split(","))


def refusal(error: Problem) -> Response:
    """A refusal in the form that the asker understands: a problem document, or a page for a person."""
    bearer = request.path.startswith("/api/")
    if request.path.startswith(MACHINE_PATHS):
        return problem_reply(error, bearer=bearer).response()
    response = make_response(render_template("core/error.html", error=error), error.status)
    response.headers.extend(refusal_headers(error, bearer=bearer))
    return response


def install_errors(app: Flask) -> None:
    """Every refusal, whoever raised it, passes through :func:`refusal`."""

    @app.errorhandler(HTTPException)
    def framework(error: HTTPException) -> Response:
        if error.response is not None or (error.code or 500) < 400:
            return make_response(error.get_response())
        return refusal(_as_problem(error))

    @app.errorhandler(Exception)
    def any_other(error: Exception) -> Response:
        return refusal(as_problem(error, str(request.url_rule)))


def _as_problem(error: HTTPException) -> Problem:
    code = error.code or 500
    known = {kind.status: kind for kind in Problem.__subclasses__() if kind.status not in (422, 429)}
    kind = known.get(code) or type("FrameworkProblem", (Problem,), {"status": code, "title": error.name})
    made: Problem = kind("" if code == 404 else str(error.description or ""))
    if code == 405 and (allowed := getattr(error, "valid_methods", None)):
        made.members["allow"] = sorted(allowed)
    return made
