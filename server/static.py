"""Each room's own files below /static/<room>/, kept for ever when asked for by the hash of their content."""

import hashlib
from functools import cache
from pathlib import Path

from flask import Blueprint, Response, request, send_from_directory

from core.errors import NotFound
from core.http import Cache, door
from server.rooms import ROOMS

HOUSE = Path(__file__).resolve().parent.parent
blueprint = Blueprint("static", __name__)


@blueprint.get("/static/<room>/<path:name>")
@door("public", guard=None, cache=Cache.REVALIDATE)
def static(room: str, name: str) -> Response:
    """A file of a room's ``static`` folder."""
    if room not in ROOMS:
        raise NotFound
    response = send_from_directory(HOUSE / room / "static", name, conditional=True)
    if request.args.get("v") == _version(room, name):
        response.headers["Cache-Control"] = Cache.IMMUTABLE.value
    return response


@blueprint.app_template_global()
def static_url(room: str, name: str) -> str:
    """The address of a room's file, with its version: ``{{ static_url("console", "console.css") }}``."""
    return f"/static/{room}/{name}?v={_version(room, name)}"


@cache
def _version(room: str, name: str) -> str:
    file = HOUSE / room / "static" / name
    return hashlib.sha256(file.read_bytes()).hexdigest()[:12] if file.is_file() else ""
