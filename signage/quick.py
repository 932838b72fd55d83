"""The two player doors that are knocked on all day: what they answer, and how that goes without Flask.

What is answered is a function of what was asked; `signage.api` gives the same answers through Flask.
"""

from datetime import datetime

from core.errors import Busy, Conflict, Unauthorized
from core.http import is_held, understood
from core.quick import Knock
from core.reply import JSON, Reply, json_reply
from measure.ledger import Hole
from measure.playlog import PlayBatch, read_batch
from media.accepting import best_accepted
from signage.desk import Desk, desk_of

MOST_PLAYS_BYTES = 512_000
_VARY = ("Vary", "Accept")


def screen_of(desk: Desk, authorization: str, now: datetime) -> str:
    """The screen that an Authorization header speaks for; it counts as heard. Raises Unauthorized."""
    scheme, _, secret = authorization.partition(" ")
    found = desk.board.screen_of(secret.strip(), now) if scheme.lower() == "bearer" and secret else None
    if found is None:
        raise Unauthorized("This token is unknown or has been revoked; enrol the screen again")
    desk.heard(found, now)
    return found


def manifest_reply(desk: Desk, screen_id: str, held: str, accept: str, now: datetime) -> Reply:
    """What the screen plays, in pictures that its player decodes (Accept), or 304 where If-None-Match says that it has
    it. Raises Busy."""
    accepts = best_accepted(accept) if accept else ""
    try:
        if held and is_held(etag := desk.board.etag(screen_id, now, accepts), held):
            return Reply(304, (_VARY, ("ETag", f'"{etag}"')))
        made = desk.board.manifest(screen_id, now, accepts)
    except KeyError:
        raise Busy("The pictures for this screen are still being made", retry_after_s=3) from None
    if accepts:
        desk.asked_for(screen_id, accepts)
    signature = ("Manifest-Signature", desk.signer.signature(made.etag, made.body))
    return Reply(200, (JSON, signature, _VARY, ("ETag", f'"{made.etag}"')), made.body)


def plays_reply(desk: Desk, screen_id: str, batch: PlayBatch, now: datetime) -> Reply:
    """Takes the plays into the ledger; answers once they are durable. Raises Conflict."""
    try:
        outcome = desk.take_plays(screen_id, batch, now)
    except Hole as hole:
        raise Conflict(str(hole), expect=hole.expect) from None
    return json_reply({"ack": outcome.ack, "refused": [{"seq": seq, "reason": why} for seq, why in outcome.refused]})


def poll(knock: Knock) -> Reply:
    """GET /manifest."""
    desk = desk_of(knock.app)
    now = desk.services.clock.now()
    screen_id = screen_of(desk, knock.header("HTTP_AUTHORIZATION"), now)
    return manifest_reply(desk, screen_id, knock.header("HTTP_IF_NONE_MATCH"), knock.header("HTTP_ACCEPT"), now)


def report(knock: Knock) -> Reply | None:
    """POST /plays."""
    desk = desk_of(knock.app)
    screen_id = screen_of(desk, knock.header("HTTP_AUTHORIZATION"), desk.services.clock.now())
    body = knock.json(MOST_PLAYS_BYTES)
    if body is None:
        return None
    return plays_reply(desk, screen_id, understood(body, read_batch), desk.services.clock.now())


QUICK = {"player.manifest": poll, "player.plays": report}
