"""Pictures that are made when they are asked for, answered as files are: with a length, in ranges, asked for twice made
once.

Players ask for the head of everything that they hold, every minute: what was made is kept, the last ones whole, and of
very many how long they are.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from typing import Generic, TypeVar

from flask import Response, current_app, request

from core.http import matches
from media import ranges

MOST_BYTES = 64_000_000
MOST_LENGTHS = 100_000
T = TypeVar("T")


class Kept(Generic[T]):
    """The last things that were made, by name, as long as together they weigh at most so much."""

    def __init__(self, most: int, weight: Callable[[T], int]) -> None:
        self._most, self._weight, self._held = most, weight, 0
        self._things: OrderedDict[str, T] = OrderedDict()

    def get(self, name: str) -> T | None:
        """The thing of this name, if it is still held."""
        if (found := self._things.get(name)) is not None:
            self._things.move_to_end(name)
        return found

    def put(self, name: str, thing: T) -> None:
        """Holds a thing; those that were asked for least lately leave for it."""
        if (before := self._things.pop(name, None)) is not None:
            self._held -= self._weight(before)
        self._things[name] = thing
        self._held += self._weight(thing)
        while self._held > self._most and len(self._things) > 1:
            self._held -= self._weight(self._things.popitem(last=False)[1])


class Pieces:
    """What an application made last."""

    def __init__(self) -> None:
        self._bodies: Kept[bytes] = Kept(MOST_BYTES, len)
        self._lengths: Kept[int] = Kept(MOST_LENGTHS, lambda _: 1)

    def body(self, name: str, make: Callable[[], bytes]) -> bytes:
        """The piece of this name, made if it has to be."""
        found = self._bodies.get(name)
        if found is None:
            found = make()
            self._bodies.put(name, found)
            self._lengths.put(name, len(found))
        return found

    def length(self, name: str, make: Callable[[], bytes]) -> int:
        """How many bytes it has."""
        known = self._lengths.get(name)
        return len(self.body(name, make)) if known is None else known


def pieces() -> Pieces:
    """Those of the app that is serving."""
    made: Pieces = current_app.extensions.setdefault("media.pieces", Pieces())
    return made


def answer(name: str, mime: str, make: Callable[[], bytes]) -> Response:
    """The piece of this name, which says all that it is made of: 200, 206, 304 or 416. Raises what ``make`` raises."""
    dress = {"ETag": f'"{name}"', "Accept-Ranges": "bytes", "X-Content-Type-Options": "nosniff"}
    if "If-None-Match" in request.headers and matches(name):
        return Response(status=304, headers=dress)
    if request.method == "HEAD" and "Range" not in request.headers:
        return Response(headers=dress | {"Content-Length": str(pieces().length(name, make))}, mimetype=mime)
    body = pieces().body(name, make)
    try:
        span = ranges.asked(_wanted(name), len(body))
    except ranges.Unsatisfiable:
        return Response(status=416, headers=dress | {"Content-Range": f"bytes */{len(body)}"})
    if span is None:
        return Response(body, mimetype=mime, headers=dress)
    told = dress | {"Content-Range": span.content_range}
    return Response(body[span.start : span.stop], 206, mimetype=mime, headers=told)


def _wanted(name: str) -> str | None:
    condition = request.headers.get("If-Range")
    if condition is not None and condition.strip().strip('"') != name:
        return None
    return request.headers.get("Range")
