"""What a person opens: the player, the address under its code, and the pieces the player's page is made of."""

import hashlib
from functools import cache
from pathlib import Path

from flask import Blueprint, Response, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue

from core.errors import Conflict, Invalid, NotFound
from core.http import Cache, door, matches
from core.security import digest
from core.services import services
from media.qr import svg
from signage import actions, enrolment
from signage.dialects.box_views import blueprint as box
from signage.dialects.doors import play_key
from signage.dialects.smil_views import blueprint as smil
from signage.dialects.xmds_views import blueprint as xmds

STATIC = Path(__file__).parent / "static"
SCRIPTS = (
    "vendor/nacl.min", "clock", "link", "sha256", "trust", "vault", "programme", "media", "stage", "plays", "player",
    "setup", "courier", "main",
)  # fmt: skip
FRAMED = "; ".join(
    (
        "default-src 'self'",
        "img-src 'self' data: blob:",
        "media-src 'self' blob:",
        "style-src 'self' 'unsafe-inline'",
        "object-src 'none'",
        "base-uri 'none'",
        "frame-ancestors *",
    )
)
CLAIM_PAGE = "/console/screens/claim"

blueprint = Blueprint("screen", __name__, template_folder="templates")
blueprints = [blueprint, box, smil, xmds]


@cache
def version() -> str:
    """Of everything the player is made of: another version is another address, so that no cache serves the old."""
    files = sorted(file for file in STATIC.rglob("*.*") if file.is_file())
    pages = Path(__file__).parent / "templates" / "signage"
    page = [pages / "screen.html", pages / "sw.js"]
    return hashlib.sha256(b"".join(file.read_bytes() for file in [*files, *page])).hexdigest()[:12]


@blueprint.get("/screen")
@door("public", guard=None, cache=Cache.REVALIDATE)
def player() -> ResponseReturnValue:
    if matches(version()):
        return _tagged(Response(status=304))
    return _tagged(make_response(render_template("signage/screen.html", version=version(), scripts=SCRIPTS)))


@blueprint.get("/play/<key>/")
@door("player", guard=play_key, cache=Cache.REVALIDATE)
def player_of(key: str) -> ResponseReturnValue:
    """The same player for platforms that only take an address: it reads its key from it. It may stand in a frame."""
    if matches(version()):
        return _framed(_tagged(Response(status=304)))
    page = render_template("signage/screen.html", version=version(), scripts=SCRIPTS)
    return _framed(_tagged(make_response(page)))


@blueprint.get("/screen/sw.js")
@door("public", guard=None, cache=Cache.REVALIDATE)
def service_worker() -> ResponseReturnValue:
    text = render_template("signage/sw.js", version=version(), scripts=SCRIPTS)
    response = Response(text, mimetype="text/javascript")
    response.headers["Service-Worker-Allowed"] = "/"  # its pages are /screen and /play/KEY/
    return response


@blueprint.get("/screen/qr/<text>.svg")
@door("public", guard=None, cache=Cache.SHORT)
def claim_code(text: str) -> ResponseReturnValue:
    code = enrolment.parse_user_code(text)
    if code is None:
        raise NotFound()
    address = f"{services().settings.public_url}/claim/{enrolment.shown(code)}"
    return Response(svg(address.upper()), mimetype="image/svg+xml")


@blueprint.get("/claim")
@blueprint.get("/CLAIM")
@blueprint.get("/claim/<text>")
@blueprint.get("/CLAIM/<text>")
@door("public", guard=None, cache=Cache.NO_STORE)
def claim(text: str = "") -> ResponseReturnValue:
    """The short address under a screen's code leads to the console, which asks who is there."""
    code = enrolment.parse_user_code(text or request.args.get("user_code", ""))
    return redirect(f"{CLAIM_PAGE}?user_code={enrolment.shown(code)}" if code else CLAIM_PAGE)


@blueprint.get("/install/<key>")
@blueprint.get("/INSTALL/<key>")
@door("public", guard=None, cache=Cache.NO_STORE)
def install(key: str) -> ResponseReturnValue:
    """Where the QR code of a printed key leads an installer's phone."""
    return _install_page(key, request.args.get("code", ""))


@blueprint.post("/install/<key>")
@door("public", guard=None, cache=Cache.NO_STORE)
def bring(key: str) -> ResponseReturnValue:
    """The code that the box shows makes it this screen's player; the key is the permission."""
    s = services()
    s.limits.take("printed-key", digest(request.remote_addr or ""), rate_per_minute=60, burst=120)
    code, now = request.form.get("code", "")[:40], s.clock.now()
    try:
        made = s.db.write(lambda session: actions.bring(session, key, code, now))
    except (Invalid, Conflict):
        return _install_page(key, code, wrong=True), 422
    return render_template("signage/install.html", done=made.name)


def _install_page(key: str, code: str, *, wrong: bool = False) -> str:
    s = services()
    s.limits.take("printed-key", digest(request.remote_addr or ""), rate_per_minute=60, burst=120)
    with s.db.read() as session:
        found = actions.screen_of_key(session, key, s.clock.now())
    if found is None:
        raise NotFound("This key has been used, or is good no longer; ask for a fresh one")
    address = f"{s.settings.public_url}/screen"
    return render_template("signage/install.html", found=found, key=key, code=code, wrong=wrong, address=address)


def _framed(response: Response) -> Response:
    """Platforms show an address in a frame of their own page; there is nothing on ours to be tricked into pressing."""
    response.headers["Content-Security-Policy"] = FRAMED
    return response


def _tagged(response: Response) -> Response:
    response.headers["ETag"] = f'"{version()}"'
    return response
