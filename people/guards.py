"""The guards of doors: a signed-in operator, or a script's key. They set who is asking for the request."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from flask import Response, g, request

from core.errors import Forbidden, NotFound, Unauthorized
from core.security import same
from core.services import services
from core.settings import Settings
from people.actions import see_session, use_key
from people.lifetimes import SESSION_LONGEST
from people.models import User, UserSession
from people.roles import Principal

SAFE = ("GET", "HEAD", "OPTIONS")
CSRF_HEADER, CSRF_FIELD = "X-CSRF-Token", "csrf_token"


@dataclass(frozen=True)
class signed_in:
    """Lets in an operator who holds this role somewhere; anything but reading needs the session's CSRF token.

    Unauthorized, Forbidden. Whether the role reaches the thing asked for is `require`'s to say.
    """

    role: str = "viewer"

    def __call__(self) -> None:
        token = session_token()
        found = see_session(services(), token) if token else None
        if token is None or found is None:
            raise Unauthorized("Sign in first")
        g.user_session, g.user = found
        g.principal = Principal("user", g.user.id, g.user.name, g.user.grants)
        if request.method not in SAFE:
            _refuse_forged(token)
        _refuse_without(self.role)


@dataclass(frozen=True)
class api_key:
    """Lets in a script whose key holds this role somewhere. Unauthorized, Forbidden."""

    role: str = "viewer"

    def __call__(self) -> None:
        scheme, _, text = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not text.strip():
            raise Unauthorized("Send your key as Authorization: Bearer <api key>")
        found = use_key(services(), text.strip())
        if found is None:
            raise Unauthorized("The key is unknown or has been revoked")
        g.principal = found
        _refuse_without(self.role)


def principal() -> Principal:
    """Who is asking; set by the door's guard."""
    return cast(Principal, g.principal)


def present() -> tuple[User, UserSession] | None:
    """Who is signed in on this browser, on a page that is for everybody too."""
    token = session_token()
    found = see_session(services(), token) if token else None
    return (found[1], found[0]) if found else None


def require(role: str, area_path: str) -> None:
    """NotFound for what the asker may not even see, Forbidden where the role does not suffice."""
    if not principal().allows("viewer", area_path):
        raise NotFound()
    if not principal().allows(role, area_path):
        raise Forbidden(f"This needs the role {role} here")


def scope(role: str = "viewer") -> Sequence[str]:
    """The area paths in which the asker may act as `role`."""
    return principal().scope(role)


def session_token() -> str | None:
    """The secret in the session's cookie."""
    return request.cookies.get(cookie_name(services().settings))


def csrf_token() -> str:
    """What forms and scripts of this session send back; "" where nobody is signed in."""
    token = session_token()
    return _csrf(token) if token else ""


def same_origin() -> None:
    """For forms before there is a session: refuse what another site's page has sent. Forbidden."""
    site = request.headers.get("Sec-Fetch-Site")
    origin = request.headers.get("Origin")
    here = (f"{request.scheme}://{request.host}", services().settings.public_url)
    if site not in (None, "same-origin", "none") or (site is None and origin is not None and origin not in here):
        raise Forbidden("This form was sent from another site")


def cookie_name(settings: Settings) -> str:
    """`__Host-` binds the cookie to https and to this host; plain http cannot have that."""
    return "__Host-sid" if settings.public_url.startswith("https:") else "sid"


def give_session(response: Response, token: str) -> None:
    """Put the session into the browser."""
    settings = services().settings
    response.set_cookie(
        cookie_name(settings),
        token,
        max_age=SESSION_LONGEST,
        secure=settings.public_url.startswith("https:"),
        httponly=True,
        samesite="Lax",
        path="/",
    )


def take_session(response: Response) -> None:
    """Take it out again."""
    settings = services().settings
    secure = settings.public_url.startswith("https:")
    response.delete_cookie(cookie_name(settings), path="/", secure=secure, httponly=True, samesite="Lax")


def _csrf(token: str) -> str:
    """From the session's secret, one way: 256 random bits need no further key and no column."""
    return hashlib.sha256(b"csrf:" + token.encode()).hexdigest()


def _refuse_forged(token: str) -> None:
    sent = request.headers.get(CSRF_HEADER) or request.form.get(CSRF_FIELD, "")
    if not same(sent, _csrf(token)):
        raise Forbidden("The form has expired or was sent from another site; reload the page and try again")


def _refuse_without(role: str) -> None:
    if not principal().scope(role):
        raise Forbidden(f"This needs the role {role}")
