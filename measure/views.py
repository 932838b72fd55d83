"""The doors of tracked links: `/q/CODE` for a person or a machine, and the landing page with its steps."""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, Response, g, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue

from core.errors import Busy, StorageFull
from core.http import Cache, door
from core.i18n import current_language
from core.log import log
from core.security import BadSeal, digest
from core.services import Services, services
from measure.landing import PIXEL, landing_page
from measure.machines import why_machine
from measure.openings import opening_of, read_code, store_reply, token_cookie
from measure.scans import LANDED, STORE, LinkFound, Opening, find_link, record_opening, record_stage
from measure.stores import ANDROID, IOS, OTHER

blueprint = Blueprint("measure", __name__)

_SEAL = "landing"
_SEAL_TTL_S = 24 * 3600


@blueprint.get("/q")
@blueprint.get("/Q")
@door("public", guard=None, cache=Cache.NO_STORE)
def enter() -> ResponseReturnValue:
    """Where somebody types the code that was read out, or printed."""
    code = request.args.get("code", "")
    if code:
        return redirect(f"/q/{read_code(code) or code[:32]}", 302)
    return render_template("measure/enter.html")


@blueprint.get("/q/<code>")
@blueprint.get("/Q/<code>")
@door("public", guard=None, cache=Cache.NO_STORE)
def resolve(code: str) -> ResponseReturnValue:
    """Records the opening, then leads a phone to its store and everybody else to the landing page."""
    return _resolved(code, test=False)


@blueprint.get("/q/<code>/t")
@blueprint.get("/Q/<code>/T")
@door("public", guard=None, cache=Cache.NO_STORE)
def resolve_test(code: str) -> ResponseReturnValue:
    """A code that was read off a screen in test mode: it leads the same way, and is counted nowhere."""
    return _resolved(code, test=True)


def _resolved(code: str, *, test: bool) -> ResponseReturnValue:
    s = services()
    link = _link(s, code)
    if link is None:
        return _unknown(s, code)
    opening = opening_of(request.method, request.headers.get, s.clock.now(), test=test)
    to_store = opening.family != OTHER and bool(link.destination.of(opening.family))
    _record(s, link, replace(opening, to_store=to_store))
    token = token_cookie(opening, request.headers.get)
    if to_store:
        return store_reply(link, opening.family, *token).response()
    sealed = s.sealer.seal({"o": opening.opening, "c": link.code}, _SEAL, _SEAL_TTL_S, s.clock.now())
    page = make_response(_landing(s, link, sealed))
    page.headers.extend(token)
    return page


@blueprint.get("/q/<code>/seen.gif")
@door("public", guard=None, cache=Cache.NO_STORE)
def seen(code: str) -> ResponseReturnValue:
    """The landing page was shown: its picture was asked for."""
    _record_stage(services(), code, LANDED)
    return Response(PIXEL, mimetype="image/gif")


@blueprint.get("/q/<code>/<any(android, ios, other):family>")
@door("public", guard=None, cache=Cache.NO_STORE)
def store(code: str, family: str) -> ResponseReturnValue:
    """A store was chosen on the landing page, or the page that tells more (which is no store and not counted)."""
    s = services()
    link = _link(s, code)
    if link is None:
        return _unknown(s, code)
    if not link.destination.of(family):
        return redirect(f"/q/{link.code}", 302)
    if family != OTHER:
        _record_stage(s, code, STORE)
    return store_reply(link, family).response()


def _link(s: Services, text: str) -> LinkFound | None:
    code = read_code(text)
    if code is None:
        return None
    with s.db.read() as session:
        return find_link(session, code)


def _record(s: Services, link: LinkFound, opening: Opening) -> None:
    """A person is led on also when the ledger cannot take the scan; the log says how many were lost."""
    now = s.clock.now()
    try:
        s.db.write(lambda session: record_opening(session, link, opening, now))
    except (Busy, StorageFull) as error:
        log.error("scan not recorded", code=link.code, error=error.slug)


def _record_stage(s: Services, code: str, stage: str) -> None:
    """Only the page that we made for this opening can move it on; another's token is no error to a person."""
    if why_machine(request.method, request.headers.get):
        return
    now = s.clock.now()
    try:
        sealed = s.sealer.open(request.args.get("o", ""), _SEAL, now)
    except BadSeal:
        return
    link = _link(s, code)
    if link is not None and sealed.get("c") == link.code:
        opening = str(sealed["o"])
        s.db.write(lambda session: record_stage(session, link, opening, stage, now))


def _landing(s: Services, link: LinkFound, sealed: str) -> ResponseReturnValue:
    now = s.clock.now()
    page = s.db.write(lambda session: landing_page(session, link, s.settings.public_url, now))
    g.language = current_language()
    return render_template("measure/landing.html", page=page, sealed=sealed, families=(ANDROID, IOS))


def _unknown(s: Services, code: str) -> ResponseReturnValue:
    """Helps a person on; whoever tries codes by the hundred is slowed down."""
    s.limits.take("unknown-code", digest(request.remote_addr or ""), rate_per_minute=30, burst=60)
    return render_template("measure/unknown.html", code=code[:32]), 404
