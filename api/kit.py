"""How a call of the management API is made: one decorator that guards it, reads it, and describes it.

A resource's file says what goes in and what comes out; everything a call promises (role, body, answer,
refusals) is kept as an `Operation`, from which the OpenAPI document and its page are made.
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Any, Generic, TypeVar

import msgspec
from flask import Blueprint, Response, request
from msgspec import UNSET, Struct
from sqlalchemy.orm import Session

from core.db import to_ms
from core.errors import Invalid
from core.http import Cache, answer, door, field_error, matches, page_args, page_of, read_json
from core.services import services
from people.guards import api_key, principal
from people.roles import Principal

T = TypeVar("T")
PREFIX = "/api/v1"
TAGS = (
    "Areas",
    "Locations",
    "Media",
    "Campaigns",
    "Takeovers",
    "Screens",
    "Hotspots",
    "Links",
    "Reports",
    "People",
)
_LATEST_MS = 10**15 - 1
blueprint = Blueprint("api", __name__, url_prefix=PREFIX)


class Page(Struct, Generic[T]):
    """A page of a list; `next` is the cursor of the following one, null at the end."""

    items: list[T]
    next: str | None


class Listing(Struct, kw_only=True, forbid_unknown_fields=True):
    """What every list can be asked for."""

    limit: int = 100
    cursor: str | None = None


@dataclass(frozen=True)
class Header:
    """A header that a call reads."""

    name: str
    means: str
    needed: bool = False


Guard = Callable[[], None]


@dataclass(frozen=True)
class Operation:
    """One call as it is promised to integrators. `path` is below PREFIX, in Flask's spelling; `upload` is the schema
    of a multipart form, where it takes one, and `bytes_as` the type of a body of plain bytes; `also` is a second status
    that tells of success; `answer` is a type, or the media types of a file."""

    method: str
    path: str
    name: str
    tag: str
    role: str
    summary: str
    description: str
    body: type[Struct] | None
    query: type[Struct] | None
    answer: Any
    status: int
    refusals: tuple[int, ...]
    upload: dict[str, Any] | None = None
    also: int | None = None
    headers: tuple[Header, ...] = ()
    bytes_as: str | None = None


OPERATIONS: list[Operation] = []


def call(
    method: str,
    path: str,
    *,
    tag: str,
    role: str,
    answers: Any,
    body: type[Struct] | None = None,
    query: type[Struct] | None = None,
    status: int = 200,
    refuses: tuple[int, ...] = (),
    upload: dict[str, Any] | None = None,
    also: int | None = None,
    headers: tuple[Header, ...] = (),
    bytes_as: str | None = None,
    around: Callable[[Guard], Guard] | None = None,
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Makes a function a call. It is given the path's parts, and `body` and `query` where it declares them;
    what it returns is sent as JSON, a Response as it is. `around` puts something round the door's guard."""

    def register(view: Callable[..., Any]) -> Callable[..., Any]:
        summary, _, description = (view.__doc__ or "").strip().partition("\n")
        OPERATIONS.append(
            Operation(
                method,
                path,
                view.__name__,
                tag,
                role,
                summary,
                " ".join(description.split()),
                body,
                query,
                answers,
                status,
                refuses,
                upload,
                also,
                headers,
                bytes_as,
            )
        )

        @wraps(view)
        def handled(**parts: Any) -> Response:
            if query is not None:
                parts["query"] = read_query(query)
            if body is not None:
                parts["body"] = read_json(body)
            result = view(**parts)
            return result if isinstance(result, Response) else reply(result, status)

        cache = Cache.PRIVATE if method == "GET" else Cache.NO_STORE
        guard: Guard = api_key(role)
        guarded = door("key", guard=around(guard) if around else guard, cache=cache)(handled)
        blueprint.add_url_rule(path, view.__name__, guarded, methods=[method])
        return view

    return register


def reply(result: Any, status: int) -> Response:
    """JSON with a strong ETag for what was read; 304 when the asker has it already; nothing for 204."""
    if status == 204:
        return Response(status=204)
    response = answer(result, status)
    if request.method not in ("GET", "HEAD"):
        return response
    etag = hashlib.sha256(response.get_data()).hexdigest()[:32]
    if matches(etag):
        response = Response(status=304)
    response.set_etag(etag)
    return response


def read_query(shape: type[T]) -> T:
    """The query string as `shape`; a parameter it does not know is refused by name. Raises Invalid."""
    sent = {name: value for name, value in request.args.items() if value != ""}
    doubled = [name for name in sent if len(request.args.getlist(name)) > 1]
    if doubled:
        raise Invalid([(doubled[0], "is given twice")])
    try:
        return msgspec.convert(sent, shape, strict=False)
    except msgspec.ValidationError as error:
        raise Invalid([field_error(str(error))]) from None


def in_order(rows: Sequence[T], key: Callable[[T], str], show: Callable[[T], object]) -> Response:
    """A page of a list that is short enough to be held whole; `rows` are in the order of `key`."""
    args = page_args()
    rest = [row for row in rows if args.after is None or key(row) > args.after]
    return page_of(rest[: args.limit + 1], args, key, show)


def newest(moment: datetime, ref: str) -> str:
    """A key whose order is newest first."""
    return f"{_LATEST_MS - to_ms(moment):015d} {ref}"


def change(work: Callable[[Session, Principal, datetime], T]) -> T:
    """Runs `work` in one write transaction, with who is asking and what time it is."""
    who, at, s = principal(), services().clock.now(), services()
    return s.db.write(lambda session: work(session, who, at))


def given(facts: Struct, *, but: tuple[str, ...] = ()) -> dict[str, Any]:
    """The fields that the asker has sent, as plain values."""
    fields = {name: getattr(facts, name) for name in facts.__struct_fields__ if name not in but}
    return {name: _plain(value) for name, value in fields.items() if value is not UNSET}


def _plain(value: Any) -> Any:
    return msgspec.to_builtins(value, builtin_types=(datetime,)) if isinstance(value, Struct | list | dict) else value
