"""What a request says about who opened a link, and the answer that leads a phone to its store."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import lru_cache

from werkzeug.datastructures import LanguageAccept
from werkzeug.http import dump_cookie, parse_accept_header, parse_cookie

from core.db import to_ms
from core.ids import new_code, new_id_at, parse_code
from core.reply import Reply
from measure.machines import why_machine
from measure.scans import LinkFound, Opening
from measure.stores import device_family, store_address

_TOKEN = "bt_day"
_TOKEN_S = 24 * 3600
_PERSON = "PERSON"
_COOKIE = dump_cookie(_TOKEN, _PERSON, max_age=_TOKEN_S, httponly=True, samesite="Lax", sync_expires=False)
_HTML = ("Content-Type", "text/html; charset=utf-8")

Header = Callable[[str, str], str]  # as a mapping's `get`


def read_code(text: str) -> str | None:
    """Codes are also written with hyphens or blanks between the groups that are read aloud."""
    return parse_code(text.replace("-", "").replace(" ", ""))


def opening_of(method: str, header: Header, at: datetime, *, test: bool = False) -> Opening:
    """A new opening, before it is known where the link leads."""
    reason = why_machine(method, header) or ""
    person = "" if reason else token_of(header) or new_code(20)
    family = device_family(header("User-Agent", ""))
    language = spoken(header("Accept-Language", ""))
    return Opening(new_id_at("opn", to_ms(at)), family, language, reason, False, person, test)


def token_of(header: Header) -> str | None:
    """The phone's random token of the day."""
    sent = header("Cookie", "")
    return parse_code(parse_cookie(sent).get(_TOKEN, ""), 20) if _TOKEN in sent else None


def token_cookie(opening: Opening, header: Header) -> tuple[tuple[str, str], ...]:
    """The header that gives a phone a random token for a day, so that whoever scans twice is one person."""
    if not opening.person or token_of(header) is not None:
        return ()
    return (("Set-Cookie", _COOKIE.replace(_PERSON, opening.person)),)


@lru_cache(maxsize=1024)
def spoken(accepted: str) -> str:
    """The language that Accept-Language asks for first, without its country: `vi`, `en`, `ko` …"""
    best = (parse_accept_header(accepted, LanguageAccept).best or "").split("-")[0].lower()
    return best if 2 <= len(best) <= 3 and best.isascii() and best.isalpha() else ""


def store_reply(link: LinkFound, family: str, *headers: tuple[str, str]) -> Reply:
    """On to the store of this family of devices."""
    url = store_address(link.destination.of(family), code=link.code, campaign=link.campaign, channel=link.channel)
    return Reply(302, (_HTML, ("Location", url), *headers))
