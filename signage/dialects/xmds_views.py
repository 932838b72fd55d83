"""Xibo's players come in here: one address, one call a request, and every answer and refusal as SOAP."""

import base64
from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

from flask import Blueprint, Response, g, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import RequestEntityTooLarge

from core.errors import BadRequest, NotFound, TooLarge
from core.http import Cache, door
from core.reply import as_problem, refusal_headers
from core.services import services
from signage.dialects import soap, xmds, xmds_reports
from signage.dialects.doors import play_key
from signage.dialects.soap import Call
from signage.dialects.xmds_desk import XiboDesk, xibo

MOST_BYTES = 3_000_000
XML = "text/xml; charset=utf-8"

blueprint = Blueprint("xmds", __name__)


class Operation(NamedTuple):
    """What an operation does, and the name and type of the one part of its answer."""

    work: Callable[[XiboDesk, str, Call, datetime], str]
    part: str = "success"
    kind: str = "boolean"


def xibo_key() -> None:
    """Reads the call; lets in a screen by the key in it. Raises BadRequest, TooLarge, NotFound, Forbidden."""
    call = g.call = soap.read_call(_body())
    if call.operation not in OPERATIONS:
        raise BadRequest("There is no such operation here")
    try:
        g.screen_id = xibo().admit(call.arg("serverKey"), call.arg("hardwareKey"), services().clock.now())
    except NotFound:
        raise NotFound("This key is unknown or has been revoked; give the screen a fresh one") from None


def _body() -> bytes:
    """One byte more than allowed is read, and tells; also where nothing says how long the body is."""
    request.max_content_length = MOST_BYTES + 1
    try:
        body = request.get_data(cache=False)
    except RequestEntityTooLarge:
        body = b""
    if len(body) > MOST_BYTES or (request.content_length or 0) > MOST_BYTES:
        raise TooLarge(f"A call may have {MOST_BYTES} bytes")
    return body


@blueprint.post("/xmds.php")
@door("player", guard=xibo_key, cache=Cache.NO_STORE)
def call() -> ResponseReturnValue:
    asked: Call = g.call
    what = OPERATIONS[asked.operation]
    value = what.work(xibo(), g.screen_id, asked, services().clock.now())
    return Response(soap.answer(asked.operation, what.part, what.kind, value), content_type=XML)


@blueprint.get("/play/<key>/<int:number>.xlf")
@door("player", guard=play_key, cache=Cache.NO_STORE)
def layout(key: str, number: int) -> ResponseReturnValue:
    """A layout of this screen, as it stands among its required files."""
    papers = xibo().papers.papers(g.screen_id, services().clock.now())
    return Response(papers.layout(number).xml, content_type="application/xml")


@blueprint.errorhandler(Exception)
def refused(error: Exception) -> Response:
    """To a call the protocol refuses with status 500, and players read no other; too much, and too busy, are told as
    such, and so is what is no call at all."""
    problem = as_problem(error, str(request.url_rule))
    code = "Server" if problem.status >= 500 else "Client"
    status = 500 if "call" in g and problem.status not in (413, 429, 503) else problem.status
    headers = refusal_headers(problem, bearer=False)
    return Response(soap.fault(code, str(problem)), status, headers, content_type=XML)


# ---- the operations ----


def _register(desk: XiboDesk, screen_id: str, call: Call, now: datetime) -> str:
    return desk.register(screen_id, call, now)


def _schedule(desk: XiboDesk, screen_id: str, _: Call, now: datetime) -> str:
    return desk.papers.papers(screen_id, now).schedule


def _required(desk: XiboDesk, screen_id: str, call: Call, now: datetime) -> str:
    papers = desk.papers.papers(screen_id, now)
    return xmds.required(papers.manifest, list(desk.papers.files(papers, call.arg("serverKey"))))


def _file(desk: XiboDesk, screen_id: str, call: Call, now: datetime) -> str:
    """``chuckSize`` is how the protocol spells it."""
    papers = desk.papers.papers(screen_id, now)
    number, start = _whole(call, "fileId"), _whole(call, "chunkOffset")
    length = _whole(call, "chuckSize" if "chuckSize" in call.args else "chunkSize")
    if call.arg("fileType") == "layout":
        piece = papers.layout(number).xml.encode()[start : start + length]
    else:
        piece = desk.papers.piece(papers.part(number), start, length)
    return base64.b64encode(piece).decode()


def _whole(call: Call, name: str) -> int:
    """A whole number that some players write with a point."""
    try:
        number = int(float(call.arg(name)))
    except (ValueError, OverflowError):
        number = -1
    if not 0 <= number < 2**53:
        raise BadRequest(f"{name} must be a number")
    return number


def _resource(*_: object) -> str:
    raise NotFound("Layouts from here have no parts in HTML")


def _plays(desk: XiboDesk, screen_id: str, call: Call, now: datetime) -> str:
    desk.plays(screen_id, call.arg("statXml"), now)
    return "true"


def _inventory(desk: XiboDesk, screen_id: str, call: Call, now: datetime) -> str:
    desk.inventory(screen_id, call.arg("mediaInventory"), now)
    return "true"


def _status(desk: XiboDesk, screen_id: str, call: Call, now: datetime) -> str:
    desk.condition(screen_id, call.arg("status"), now)
    return "true"


def _log(desk: XiboDesk, screen_id: str, call: Call, now: datetime) -> str:
    desk.troubles(screen_id, xmds_reports.read_log(call.arg("logXml"), _secrets(call)), now)
    return "true"


def _faults(desk: XiboDesk, screen_id: str, call: Call, now: datetime) -> str:
    desk.troubles(screen_id, xmds_reports.read_faults(call.arg("fault"), _secrets(call)), now)
    return "true"


def _blacklist(desk: XiboDesk, screen_id: str, call: Call, now: datetime) -> str:
    reason = xmds_reports.scrubbed(call.arg("reason"), _secrets(call))
    told = f"{call.arg('type')[:16]} {call.arg('mediaId')[:20]}: {reason}"
    desk.troubles(screen_id, [("will not play", told)], now)
    return "true"


def _photograph(desk: XiboDesk, screen_id: str, call: Call, now: datetime) -> str:
    desk.photograph(screen_id, call.arg("screenShot"), now)
    return "true"


def _weather(*_: object) -> str:
    """None is known here; players wait long for a refusal."""
    return "{}"


def _secrets(call: Call) -> tuple[str, str]:
    return call.arg("serverKey"), call.arg("hardwareKey")


OPERATIONS = {
    "RegisterDisplay": Operation(_register, "ActivationMessage", "string"),
    "RequiredFiles": Operation(_required, "RequiredFilesXml", "string"),
    "Schedule": Operation(_schedule, "ScheduleXml", "string"),
    "GetFile": Operation(_file, "file", "base64Binary"),
    "GetResource": Operation(_resource, "resource", "string"),
    "SubmitStats": Operation(_plays),
    "MediaInventory": Operation(_inventory),
    "NotifyStatus": Operation(_status),
    "SubmitLog": Operation(_log),
    "ReportFaults": Operation(_faults),
    "BlackList": Operation(_blacklist),
    "SubmitScreenShot": Operation(_photograph),
    "GetWeather": Operation(_weather, "weather", "string"),
}
