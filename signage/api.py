"""The player API: enrolment, manifest, plays, status. What a player does not know is ignored, never refused."""

from typing import Annotated, Any, Literal

import msgspec
from flask import Blueprint, Response, g, request
from flask.typing import ResponseReturnValue
from msgspec import Meta, Struct

from core.errors import TooLarge, WrongType
from core.http import Cache, answer, door, json_body, read_json, understood
from core.security import digest
from core.services import services
from measure.playlog import read_batch
from signage import actions, enrolment
from signage.desk import desk
from signage.quick import MOST_PLAYS_BYTES, manifest_reply, plays_reply, screen_of

GRANT_TYPE = "urn:ietf:params:oauth:grant-type:device_code"
PRINTED_KEY = "urn:bangtin:grant-type:printed-key"
PLAY_KEY = "urn:bangtin:grant-type:play-key"
MOST_STATUS_BYTES = 64_000
MOST_SCREENSHOT_BYTES = 500_000

blueprint = Blueprint("player", __name__, url_prefix="/api/v1/player")

Word = Annotated[str, Meta(max_length=64)]
Line = Annotated[str, Meta(max_length=500)]
Pixels = Annotated[int, Meta(ge=16, le=16_384)]
Amount = Annotated[int, Meta(ge=0, le=2**53)]


def player_token() -> None:
    """Lets in a screen by its token. Raises Unauthorized."""
    g.screen_id = screen_of(desk(), request.headers.get("Authorization", ""), services().clock.now())


class Client(Struct):
    name: Word = ""
    version: Word = ""
    platform: Word = ""


class AuthorizeBody(Struct):
    width: Pixels
    height: Pixels
    client: Client = msgspec.field(default_factory=Client)


class TokenBody(Struct):
    grant_type: str = ""
    device_code: Annotated[str, Meta(max_length=200)] = ""
    key: Annotated[str, Meta(max_length=64)] = ""


@blueprint.post("/authorize")
@door("public", guard=None, cache=Cache.NO_STORE)
def authorize() -> ResponseReturnValue:
    s = services()
    body = read_json(AuthorizeBody, most_bytes=4_000)
    s.limits.take("authorize", digest(request.remote_addr or ""), rate_per_minute=60, burst=120)
    now = s.clock.now()
    client = msgspec.to_builtins(body.client)
    made = s.db.write(
        lambda session: actions.authorize(session, client=client, width=body.width, height=body.height, now=now)
    )
    shown = enrolment.shown(made.user_code)
    where = f"{s.settings.public_url}/claim"
    return answer(
        {
            "device_code": made.device_code,
            "user_code": shown,
            "verification_uri": where,
            "verification_uri_complete": f"{where}/{shown}",
            "expires_in": int(enrolment.LIFE.total_seconds()),
            "interval": enrolment.INTERVAL_S,
        }
    )


@blueprint.post("/token")
@door("public", guard=None, cache=Cache.NO_STORE)
def token() -> ResponseReturnValue:
    s = services()
    body = read_json(TokenBody, most_bytes=4_000)
    if body.grant_type in (PRINTED_KEY, PLAY_KEY):
        return _keyed(body.key, play=body.grant_type == PLAY_KEY)
    if body.grant_type != GRANT_TYPE or not body.device_code:
        error = "unsupported_grant_type" if body.grant_type != GRANT_TYPE else "invalid_request"
        return answer({"error": error}, 400)
    now = s.clock.now()
    return _granted(s.db.write(lambda session: actions.exchange(session, body.device_code, now)))


def _keyed(key: str, *, play: bool) -> ResponseReturnValue:
    """A box that was given a key shows no code: it has its token at once. A printed key is good once; the key in the
    address of a page is its token, and only asked whose it is."""
    s = services()
    s.limits.take("printed-key", digest(request.remote_addr or ""), rate_per_minute=60, burst=120)
    now = s.clock.now()
    if play:
        found = desk().board.screen_of(key, now)
        return _granted(actions.Grant(token=key, screen_id=found) if found else actions.Grant("invalid_grant"))
    return _granted(s.db.write(lambda session: actions.redeem(session, key, now)))


def _granted(grant: actions.Grant) -> ResponseReturnValue:
    if grant.error:
        return answer({"error": grant.error}, 400)
    told = {"access_token": grant.token, "token_type": "Bearer", "screen": grant.screen_id}
    return answer(told | {"manifest_key": desk().signer.public})


@blueprint.get("/manifest")
@door("player", guard=player_token, cache=Cache.REVALIDATE)
def manifest() -> ResponseReturnValue:
    held, accept = request.headers.get("If-None-Match", ""), request.headers.get("Accept", "")
    return manifest_reply(desk(), g.screen_id, held, accept, services().clock.now()).response()


@blueprint.post("/plays")
@door("player", guard=player_token, cache=Cache.NO_STORE)
def plays() -> ResponseReturnValue:
    batch = understood(json_body(MOST_PLAYS_BYTES), read_batch)
    return plays_reply(desk(), g.screen_id, batch, services().clock.now()).response()


class Trouble(Struct):
    code: Annotated[str, Meta(max_length=64)]
    at: str = ""
    detail: Line = ""


class CommandResult(Struct):
    id: Word
    ok: bool
    detail: Line = ""


class StatusBody(Struct):
    entry: Word | None = None
    revision: Word | None = None
    takeover_shown: Word | None = None
    display: Literal["on", "off", "unknown"] = "unknown"
    storage: dict[Word, Amount] | None = None
    media: dict[Word, Amount] | None = None
    errors: Annotated[list[Trouble], Meta(max_length=100)] = []
    command_results: Annotated[list[CommandResult], Meta(max_length=100)] = []
    player: dict[Word, Any] = {}


@blueprint.post("/status")
@door("player", guard=player_token, cache=Cache.NO_STORE)
def status() -> ResponseReturnValue:
    body = read_json(StatusBody, most_bytes=MOST_STATUS_BYTES)
    report = msgspec.to_builtins(body)
    results = [actions.Result(one.id, one.ok, one.detail) for one in body.command_results]
    waiting = desk().take_status(g.screen_id, report, results, services().clock.now())
    return answer({"commands": [{"id": one.id, "type": one.type, "args": one.args} for one in waiting]})


@blueprint.put("/screenshots/<command_id>")
@door("player", guard=player_token, cache=Cache.NO_STORE)
def screenshot(command_id: str) -> ResponseReturnValue:
    if request.mimetype != "image/jpeg":
        raise WrongType("Send image/jpeg")
    if (request.content_length or 0) > MOST_SCREENSHOT_BYTES:
        raise TooLarge(f"A screenshot may have {MOST_SCREENSHOT_BYTES} bytes")
    request.max_content_length = MOST_SCREENSHOT_BYTES
    jpeg, now, screen_id = request.get_data(cache=False), services().clock.now(), g.screen_id
    services().db.write(lambda s: actions.keep_screenshot(s, screen_id, command_id, jpeg, now))
    return Response(status=204)
