"""What an upload is measured against: a bare WSGI callable that reads a body and forgets it, in the same gunicorn."""

from collections.abc import Callable, Iterable
from typing import Any

PIECE = 1 << 18


def app(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    while environ["wsgi.input"].read(PIECE):
        pass
    start_response("204 No Content", [("Content-Length", "0")])
    return []
