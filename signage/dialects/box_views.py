"""The doors of boxes with mpv or VLC, and of platforms that only take an address."""

from collections.abc import Callable
from datetime import datetime
from functools import cache
from pathlib import Path

from flask import Blueprint, Response, g
from flask.typing import ResponseReturnValue

from core.http import Cache, door
from core.services import services
from signage.desk import desk
from signage.dialects import lists
from signage.dialects.doors import manifest_of, play_key
from signage.dialects.programme import Manifest

PROGRAM = Path(__file__).parents[1] / "static" / "player.py"
_BLANK = 'ADDRESS = ""'

blueprint = Blueprint("box", __name__, url_prefix="/play/<key>")


@blueprint.get("/playlist.m3u8")
@door("player", guard=play_key, cache=Cache.NO_STORE)
def m3u8(key: str) -> ResponseReturnValue:
    """The loop of this moment as M3U8."""
    return _list(lists.m3u8, lists.M3U8)


@blueprint.get("/playlist.xspf")
@door("player", guard=play_key, cache=Cache.NO_STORE)
def xspf(key: str) -> ResponseReturnValue:
    """The loop of this moment as XSPF."""
    return _list(lists.xspf, lists.XSPF)


def _list(write: Callable[[Manifest, str, datetime], str], mimetype: str) -> Response:
    s = services()
    now = s.clock.now()
    return Response(write(manifest_of(desk(), g.screen_id, now), s.settings.public_url, now), mimetype=mimetype)


@blueprint.get("/player.py")
@door("player", guard=play_key, cache=Cache.NO_STORE)
def program(key: str) -> ResponseReturnValue:
    """The program for a box with mpv or VLC, with this address in it."""
    address = f'ADDRESS = "{services().settings.public_url}/play/{key}/player.py"'
    response = Response(_program().replace(_BLANK, address, 1), mimetype="text/x-python")
    response.headers["Content-Disposition"] = 'attachment; filename="player.py"'
    return response


@cache
def _program() -> str:
    return PROGRAM.read_text(encoding="utf-8")
