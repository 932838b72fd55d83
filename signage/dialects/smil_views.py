"""The doors of SMIL players: the index, what they are asked to do, and the reports that they put."""

import hashlib
from collections import OrderedDict
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, g, request
from flask.typing import ResponseReturnValue

from core.errors import BadRequest, Busy, TooLarge
from core.http import Cache, door, is_held
from core.log import log
from core.services import services
from core.threads import offload
from signage import queries
from signage.desk import Desk, desk
from signage.dialects import smil, smil_rules
from signage.dialects.doors import etag_of, manifest_of, play_key, timezone_of
from signage.dialects.programme import Manifest
from signage.dialects.reports import Heard, heard, record
from signage.dialects.smil_reports import SmilReport, TooMany, read_report
from signage.dialects.xml import BadXml
from signage.manifest import cut_before

MOST_REPORT_BYTES = 8_000_000
MOST_KEPT = 500
DESIGN = "1"  # of the document: another design is another ETag

blueprint = Blueprint("smil", __name__, url_prefix="/play/<key>")
_kept: OrderedDict[str, bytes] = OrderedDict()


@blueprint.get("/index.smil")
@door("player", guard=play_key, cache=Cache.REVALIDATE)
def index(key: str) -> ResponseReturnValue:
    """The programme. HEAD tells the same length: a player that is told another asks for ever."""
    s, held = services(), desk()
    now = s.clock.now()
    etag = _etag(held, g.screen_id, key, now)
    dress = {"ETag": f'"{etag}"', "Last-Modified": _last_modified(etag, now)}
    if _has(etag, dress["Last-Modified"]):
        return Response(status=304, headers=dress)
    return Response(_body(etag, manifest_of(held, g.screen_id, now), key), mimetype=smil.MIME, headers=dress)


@blueprint.get("/tasks.xml")
@door("player", guard=play_key, cache=Cache.NO_STORE)
def tasks(key: str) -> ResponseReturnValue:
    s = services()
    with s.db.read() as db:
        waiting = queries.open_commands(db, g.screen_id, s.clock.now())
    return Response(smil.tasks((one.id, one.type) for one in waiting), mimetype="application/xml")


@blueprint.put("/reports")
@blueprint.put("/reports/<path:name>")
@door("player", guard=play_key, cache=Cache.NO_STORE)
def put_report(key: str, name: str = "") -> ResponseReturnValue:
    """Whatever a player puts below this address. The file's name says nothing: tried again, it is another."""
    held, now = desk(), services().clock.now()
    report = _read(_report_body(), ZoneInfo(timezone_of(held, g.screen_id)))
    record(held, g.screen_id, report.plays, now)
    _keep(held, report, now)
    return Response(status=201)


def _keep(held: Desk, report: SmilReport, now: datetime) -> None:
    media = None
    if report.files is not None:
        entries = manifest_of(held, g.screen_id, now).entries
        wanted = {services().settings.public_url + one.flat_url for one in entries.values()}
        media = {"have": sum(report.files.get(one, False) for one in wanted), "want": len(wanted)}
    said = Heard(media=media, player=report.player, troubles=report.troubles, results=report.results)
    if any(said):
        heard(held, g.screen_id, said, now)


def _report_body() -> bytes:
    if (request.content_length or 0) > MOST_REPORT_BYTES:
        raise TooLarge(f"A report may have {MOST_REPORT_BYTES} bytes")
    request.max_content_length = MOST_REPORT_BYTES
    return request.get_data(cache=False)


def _read(body: bytes, zone: ZoneInfo) -> SmilReport:
    try:
        return offload(read_report, body, zone)  # megabytes of it, while others wait
    except BadXml as error:
        raise BadRequest(f"The report cannot be read: {error}") from None
    except TooMany as error:
        raise TooLarge(str(error)) from None


def _etag(held: Desk, screen_id: str, key: str, now: datetime) -> str:
    """Of all that the document is made of: the manifest, and the address at which it stands."""
    made_of = etag_of(held, screen_id, now), key, services().settings.public_url, DESIGN
    return hashlib.sha256("|".join(made_of).encode()).hexdigest()[:32]


def _last_modified(etag: str, now: datetime) -> str:
    """A date before the last cut that follows from the ETag: in every process the same, and another for another
    document. Players that know no ETags compare it, and start anew whenever it differs."""
    seconds = int(etag[:8], 16) % 86_400
    return format_datetime((cut_before(now) - timedelta(days=1, seconds=seconds)).astimezone(UTC), usegmt=True)


def _has(etag: str, modified: str) -> bool:
    sent = request.headers.get("If-None-Match")
    return is_held(etag, sent) if sent else request.headers.get("If-Modified-Since") == modified


def _body(etag: str, manifest: Manifest, key: str) -> bytes:
    """The document, checked. Raises Busy for one that would harm a player, which keeps what it has then."""
    body = _kept.get(etag)
    if body is None:
        body = smil.document(manifest, services().settings.public_url, f"/play/{key}").encode()
        if wrong := smil_rules.faults(body):
            log.error("a SMIL document was not sent", screen=manifest.screen.id, faults=wrong)
            raise Busy("The programme cannot be told in SMIL at this moment", retry_after_s=60)
        _kept[etag] = body
        if len(_kept) > MOST_KEPT:
            _kept.popitem(last=False)
    return body
