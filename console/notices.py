"""Short messages about what has just been done, shown once on the next page; they travel in a sealed cookie."""

from flask import Response, g, request

from core.security import BadSeal
from core.services import services

COOKIE = "bangtin_notice"
TTL_S = 120
Notice = tuple[str, str]


def say(text: str, tone: str = "ok") -> None:
    """Adds a notice; ``tone`` is ok, warn or bad."""
    _now().append((tone, text))


def take() -> list[Notice]:
    """What is to be shown on this page, also what the page before left."""
    shown = _left() + _now()
    g.notices_taken = True
    return shown


def keep(response: Response) -> None:
    """Leaves what was not shown to the next page, and forgets what was."""
    if g.get("notices_taken"):
        if COOKIE in request.cookies:
            response.delete_cookie(COOKIE, path="/console")
    elif waiting := _now():
        s = services()
        secure = s.settings.public_url.startswith("https:")
        sealed = s.sealer.seal({"notices": [list(each) for each in waiting]}, "notice", TTL_S, s.clock.now())
        response.set_cookie(
            COOKIE, sealed, max_age=TTL_S, httponly=True, samesite="Lax", path="/console", secure=secure
        )


def _now() -> list[Notice]:
    if "notices" not in g:
        g.notices = []
    found: list[Notice] = g.notices
    return found


def _left() -> list[Notice]:
    s = services()
    try:
        sealed = s.sealer.open(request.cookies.get(COOKIE, ""), "notice", s.clock.now())
    except BadSeal:
        return []
    notices = sealed.get("notices")
    return [(str(tone), str(text)) for tone, text in notices] if isinstance(notices, list) else []
