"""The doors of boxes with mpv or VLC, and of platforms that only take an address."""

from functools import cache
from pathlib import Path

from flask import Blueprint, Response, g
from flask.typing import ResponseReturnValue

from core.http import Cache, door
from core.services import services
from signage.desk import desk
from signage.dialects import lists
from signage.dialects.doors import manifest_of, play_key

PROGRAM = Path(__file__).parents[1] / "static" / "player.py"
_BLANK = 'ADDRESS = ""'

blueprint = Blueprint("box", __name__, url_prefix="/play/<key>")


@blueprint.get("/playlist.m3u8")
@door("player", guard=play_key, cache=Cache.NO_STORE)
def m3u8(key: str) -> ResponseReturnValue:
    s = services()
    now = s.clock.now()
    manifest = manifest_of(desk(), g.screen_id, now)
    return Response(lists.m3u8(manifest, s.settings.public_url, now), mimetype=lists.M3U8)


@blueprint.get("/playlist.xspf")
@door("player", guard=play_key, cache=Cache.NO_STORE)
def xspf(key: str) -> ResponseReturnValue:
    s = services()
    now = s.clock.now()
    manifest = manifest_of(desk(), g.screen_id, now)
    return Response(lists.xspf(manifest, s.settings.public_url, now), mimetype=lists.XSPF)


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
