"""What a person opens: the player, the address under its code, and the pieces the player's page is made of."""

import hashlib
from functools import cache
from pathlib import Path

from flask import Blueprint, Response, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue

from core.errors import NotFound
from core.http import Cache, door, matches
from core.services import services
from media.qr import svg
from signage import enrolment

STATIC = Path(__file__).parent / "static"
SCRIPTS = (
    "vendor/nacl.min", "clock", "link", "sha256", "trust", "vault", "programme", "media", "stage", "plays", "player",
    "setup", "courier", "main",
)  # fmt: skip
CLAIM_PAGE = "/console/screens/claim"

blueprint = Blueprint("screen", __name__, template_folder="templates")


@cache
def version() -> str:
    """Of everything the player is made of: another version is another address, so that no cache serves the old."""
    files = sorted(file for file in STATIC.rglob("*.*") if file.is_file())
    page = sorted((Path(__file__).parent / "templates" / "signage").iterdir())
    return hashlib.sha256(b"".join(file.read_bytes() for file in [*files, *page])).hexdigest()[:12]


@blueprint.get("/screen")
@door("public", guard=None, cache=Cache.REVALIDATE)
def player() -> ResponseReturnValue:
    if matches(version()):
        return _tagged(Response(status=304))
    return _tagged(make_response(render_template("signage/screen.html", version=version(), scripts=SCRIPTS)))


@blueprint.get("/screen/sw.js")
@door("public", guard=None, cache=Cache.REVALIDATE)
def service_worker() -> ResponseReturnValue:
    text = render_template("signage/sw.js", version=version(), scripts=SCRIPTS)
    response = Response(text, mimetype="text/javascript")
    response.headers["Service-Worker-Allowed"] = "/screen"
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


def _tagged(response: Response) -> Response:
    response.headers["ETag"] = f'"{version()}"'
    return response
