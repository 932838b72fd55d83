"""The public doors of this room: files by hash, and QR overlays by code. Neither asks the database."""

from __future__ import annotations

import re
from typing import IO, cast

from flask import Blueprint, Response, request
from werkzeug.wsgi import wrap_file

from core.errors import NotFound
from core.http import Cache, door, matches
from core.ids import parse_code
from core.services import services
from core.threads import offload
from media import pieces, qr, queries, ranges
from media.cards import file_url
from media.encoding_queries import drawn_as
from media.judging import flat_jpeg, place_of
from media.shelf import MIMES, Part, Shelf
from media.store import store_of

blueprint = Blueprint("media", __name__)
_HASH = re.compile(r"[0-9a-f]{64}\Z")
BLOCK = 1 << 18  # bytes at a time, where the kernel does not send them
_SANDBOX = "default-src 'none'; sandbox"


def media_path(sha256: str, mime: str) -> str:
    """The path under which a public file is served."""
    return file_url(sha256, mime)


@blueprint.get("/media/<sha256>.<extension>")
@door("public", guard=None, cache=Cache.IMMUTABLE)
def file(sha256: str, extension: str) -> Response:
    """A file that never changes, whole or one range of it."""
    if not _HASH.match(sha256) or extension not in MIMES:
        raise NotFound()
    shelf = store_of(services().settings).public
    try:
        size = shelf.size(sha256)
    except FileNotFoundError:
        raise NotFound() from None
    if matches(sha256) and "If-None-Match" in request.headers:
        return _dressed(Response(status=304), sha256, extension)
    if accel := services().settings.accel:
        return _dressed(_handed_over(accel, sha256), sha256, extension)
    return _dressed(_body(sha256, size), sha256, extension)


def _handed_over(accel: str, sha256: str) -> Response:
    """The front server sends the file, whole or in part: it is told where it stands, and need not be told more."""
    return Response(headers={"X-Accel-Redirect": f"{accel}{sha256[:2]}/{sha256}"})


def _body(sha256: str, size: int) -> Response:
    try:
        span = ranges.asked(_wanted_range(sha256), size)
    except ranges.Unsatisfiable:
        return Response(status=416, headers={"Content-Range": f"bytes */{size}"})
    if span is None:
        return _streamed(sha256, ranges.Span(0, size, size), 200)
    response = _streamed(sha256, span, 206)
    response.headers["Content-Range"] = span.content_range
    return response


def _wanted_range(sha256: str) -> str | None:
    """The Range header, unless If-Range names another file than this: then the whole one is wanted."""
    condition = request.headers.get("If-Range")
    if condition is not None and condition.strip().strip('"') != sha256:
        return None
    return request.headers.get("Range")


def _streamed(sha256: str, span: ranges.Span, status: int) -> Response:
    if request.method == "HEAD":
        response = Response(status=status)
    else:
        opened = store_of(services().settings).public.open(sha256, span.start)
        # The server's own way of sending an open file from where it stands, as fast as the system can.
        body = wrap_file(request.environ, cast(IO[bytes], Part(opened, span.length)), BLOCK)
        response = Response(body, status, direct_passthrough=True)
    response.headers["Content-Length"] = str(span.length)
    return response


def dress(sha256: str, extension: str) -> dict[str, str]:
    """The headers that go with a file."""
    return {
        "ETag": f'"{sha256}"',
        "Accept-Ranges": "bytes",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": _SANDBOX,
        "Content-Type": MIMES[extension],
    }


def _dressed(response: Response, sha256: str, extension: str) -> Response:
    headers = dress(sha256, extension)
    if response.status_code == 304:
        del headers["Content-Type"]
    response.headers.update(headers)
    return response


def attachment(shelf: Shelf, sha256: str, mime: str, name: str) -> Response:
    """A file to keep under `name` (ASCII), for doors that have asked who fetches it."""
    size = shelf.size(sha256)
    body = wrap_file(request.environ, cast(IO[bytes], Part(shelf.open(sha256), size)), 1 << 16)
    response = Response(body, mimetype=mime, direct_passthrough=True)
    response.headers["Content-Length"] = str(size)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


@blueprint.get("/media/qr/<code>/<int:px>.png")
@blueprint.get("/media/qr/<code>/T/<int:px>.png", defaults={"test": True})
@door("public", guard=None, cache=Cache.IMMUTABLE)
def overlay(code: str, px: int, *, test: bool = False) -> Response:
    """The QR code of a link, with its quiet zone, exactly `px` wide; `T`: the one of a screen in test mode."""
    known = parse_code(code)
    if known is None or px > qr.LARGEST_PNG:
        raise NotFound()
    try:
        content = qr.png(qr.payload(services().settings.public_url, f"{known}/T" if test else known), px)
    except ValueError:
        raise NotFound("This is too small for a code") from None
    return Response(content, mimetype="image/png", headers={"X-Content-Type-Options": "nosniff"})


@blueprint.get("/media/flat/<sha256>/<code>.jpg")
@blueprint.get("/media/flat/<sha256>/<code>/T.jpg", defaults={"test": True})
@door("public", guard=None, cache=Cache.IMMUTABLE)
def flat(sha256: str, code: str, *, test: bool = False) -> Response:
    """A picture with the code of one location in it, for players that cannot lay one on top, whole or one range of it;
    `T`: with the code of a screen in test mode."""
    known = parse_code(code)
    if known is None or not _HASH.match(sha256):
        raise NotFound()
    return pieces.answer(f"{sha256}-{known}{'-T' * test}", "image/jpeg", lambda: _flat(sha256, known, test))


def _flat(sha256: str, code: str, test: bool) -> bytes:
    s = services()
    with s.db.read() as db:
        found = queries.rendition_of(db, drawn_as(db, sha256))
    place = place_of(found) if found else None
    if found is None or place is None or not found.mime.startswith("image/"):
        raise NotFound()
    text = qr.payload(s.settings.public_url, f"{code}/T" if test else code)
    return offload(flat_jpeg, store_of(s.settings), found.sha256, place, text)


@blueprint.get("/media/qr/<code>.svg")
@door("public", guard=None, cache=Cache.IMMUTABLE)
def drawing(code: str) -> Response:
    """The same code as vectors, for print."""
    known = parse_code(code)
    if known is None:
        raise NotFound()
    content = qr.svg(qr.payload(services().settings.public_url, known))
    return Response(content, mimetype="image/svg+xml", headers={"Content-Security-Policy": _SANDBOX})
