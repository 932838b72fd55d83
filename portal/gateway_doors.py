"""What gateways themselves ask: openNDS's authmon, and WiFiDog's ping, auth and messages; and where UniFi sends.

They get an answer from memory. Nothing here waits for a write.
"""

from __future__ import annotations

from urllib.parse import quote

from flask import Blueprint, Response, redirect, request
from flask.typing import ResponseReturnValue

from core.errors import NotFound
from core.http import Cache, door
from core.services import services
from portal.arrivals import Turned, reopen
from portal.gateways.opennds import POLLED
from portal.gateways.wifidog import verdict
from portal.gateways.wire import digits_of, from_base64, hexadecimal, mac_of
from portal.house import desk, here, stand_at_once, stand_of
from portal.online import mark
from portal.pending import view
from portal.stands import Stand

blueprint = Blueprint("portal_gateways", __name__)


def text(body: str) -> Response:
    """A plain answer for a program on a router."""
    return Response(body, mimetype="text/plain", headers={"Cache-Control": "no-store"})


@blueprint.post("/wifi/<code>")
@door("public", guard=None, cache=Cache.NO_STORE)
def authmon(code: str) -> ResponseReturnValue:
    """openNDS level 3 posts here."""
    return authmon_answer(stand_at_once(code), request.form.to_dict())


def authmon_answer(stand: Stand, asked: dict[str, str]) -> Response:
    """`clear`, `view`, `list`, `deauthed` and `custom`, as authmon.sh expects them; `*` says that we are its FAS."""
    queue, action = asked.get("gatewayhash", ""), asked.get("auth_get", "")
    if stand.gateway.number("level", 1) not in POLLED or not hexadecimal(queue, 64):
        return text("*")
    desk().tally(stand, "polls")
    payload = (from_base64(asked.get("payload", "")) or b"").decode("ascii", "replace")
    if action == "clear":
        desk().forget_grants(desk().pending.clear(stand.code, queue))
        return text("*")
    if action == "view" and payload.startswith("*"):
        acknowledge(stand, queue, payload.split()[1:])
        return text("ack")
    if action in ("view", "list"):
        found = desk().waiting(stand, queue)
        answer = view(found, lambda record: quote(record, safe=""))
        told = [grant.key for grant in found[: answer.count(" ")]]
        if action == "list":
            acknowledge(stand, queue, told)
        else:
            desk().pending.offered(stand.code, queue, told)
        return text(answer)
    return text("ack")


def acknowledge(stand: Stand, queue: str, keys: list[str]) -> None:
    """The gateway says who is through."""
    grants = desk().pending.acknowledge(stand.code, queue, keys)
    desk().confirmed(stand, [grant.visit for grant in grants])
    desk().forget_grants(grants)


@blueprint.get("/wifidog/<code>/ping/", strict_slashes=False)
@door("public", guard=None, cache=Cache.NO_STORE)
def ping(code: str) -> ResponseReturnValue:
    """Are you there?"""
    desk().tally(stand_at_once(code), "polls")
    return text("Pong")


@blueprint.get("/wifidog/<code>/login/", strict_slashes=False)
@door("public", guard=None, cache=Cache.NO_STORE)
def login(code: str) -> ResponseReturnValue:
    """Where the gateway sends a phone: on to the splash, with all that it brings."""
    stand = stand_of(code)
    return redirect(f"{here(stand)}?{request.query_string.decode('latin-1')}", 302)


@blueprint.get("/wifidog/<code>/auth/", strict_slashes=False)
@door("public", guard=None, cache=Cache.NO_STORE)
def auth(code: str) -> ResponseReturnValue:
    """May this token pass? At login a visit of ours may; later, as long as its minutes and its quota last."""
    stand, stage = stand_at_once(code), request.args.get("stage", "login")
    try:
        visit, fresh = reopen(desk(), stand, request.args.get("token", ""))
    except Turned as refusal:
        desk().tally(stand, refusal.tally)
        return text(verdict(False))
    if stage == "login":
        if not fresh:
            return text(verdict(False))
        _let_in(stand, visit.id, request.args.get("mac", ""))
        desk().record(stand, visit, "grant")
        return text(verdict(True))
    return text(verdict(stage == "logout" or _may_stay(stand, visit.id)))


def _let_in(stand: Stand, visit_id: str, mac: str) -> None:
    marks = [visit_id]
    if mac_of(mac):
        marks.append(mark("mac", mac_of(mac), desk().salt.today(services().clock.now())))
    desk().online.add(stand.code, marks, _seconds(stand))


def _seconds(stand: Stand) -> float:
    return float((stand.gateway.session_minutes or 24 * 60) * 60)


def _may_stay(stand: Stand, visit_id: str) -> bool:
    """Over a restart nobody is cut off: the minutes then begin anew."""
    quota = stand.gateway.number("quota_mb") * 1_000_000
    used = sum(digits_of(request.args.get(way, "")) or 0 for way in ("incoming", "outgoing"))
    if quota and used > quota:
        return False
    if not desk().online.knows(stand.code, visit_id):
        desk().online.add(stand.code, [visit_id], _seconds(stand))
    return desk().online.remaining(stand.code, [visit_id]) is not None


@blueprint.get("/wifidog/<code>/portal/", strict_slashes=False)
@door("public", guard=None, cache=Cache.NO_STORE)
def portal(code: str) -> ResponseReturnValue:
    """Where the gateway sends a phone that it has let through."""
    stand, token = stand_of(code), request.args.get("token", "")
    return redirect(f"{here(stand)}/online?visit={quote(token, safe='')}" if token else here(stand), 302)


@blueprint.get("/wifidog/<code>/gw_message.php", strict_slashes=False)
@door("public", guard=None, cache=Cache.NO_STORE)
def message(code: str) -> ResponseReturnValue:
    """Where the gateway sends a phone that it has not let through."""
    return redirect(here(stand_of(code)), 302)


@blueprint.get("/guest/s/<site>/", strict_slashes=False)
@door("public", guard=None, cache=Cache.NO_STORE)
def unifi(site: str) -> ResponseReturnValue:
    """Where a UniFi controller sends a phone: it can be told a server, and no path. On to the splash of its hotspot."""
    stand = desk().unifi_at(site, request.remote_addr or "")
    if stand is None:
        raise NotFound("There is no wifi of this name here")
    return redirect(f"{here(stand)}?{request.query_string.decode('latin-1')}", 302)
