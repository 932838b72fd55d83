"""Languages: English message ids, translated by the .po files that lie in each room's ``locale`` folder.

The files are read as they are at the first use; there is nothing to compile. A missing translation shows English.
"""

from collections.abc import Iterable
from functools import cache, lru_cache
from pathlib import Path

from babel.core import negotiate_locale
from babel.messages.pofile import read_po
from flask import Flask, g, has_request_context, request
from markupsafe import Markup, escape
from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header

DEFAULT = "vi"
CONSOLE_LANGUAGES = ("vi", "en")
_SCRIPTS = {  # what browsers send for Chinese, and the script that is read there
    **dict.fromkeys(("zh", "zh-cn", "zh-sg", "zh-hans-cn", "zh-my"), "zh-Hans"),
    **dict.fromkeys(("zh-tw", "zh-hk", "zh-mo", "zh-hant-tw", "zh-hant-hk"), "zh-Hant"),
}
_ROOT = Path(__file__).resolve().parent.parent


@cache
def messages(language: str) -> dict[str, str]:
    """All rooms' translations into one language, by message id."""
    found: dict[str, str] = {}
    for file in sorted(_ROOT.glob(f"*/locale/{language}.po")):
        with file.open("rb") as lines:
            for message in read_po(lines, locale=language.replace("-", "_")):
                if message.id and message.string and isinstance(message.id, str):
                    found[message.id] = str(message.string)
    return found


def translate(language: str, message: str, **params: object) -> str:
    """The message in a language, with ``%(name)s`` filled in."""
    text = messages(language).get(message, message)
    return text % params if params else text


def gettext(message: str, **params: object) -> str:
    """The message in the language of this request."""
    return translate(current_language(), message, **params)


def current_language() -> str:
    """The language that the view chose, else the cookie's, else what the browser prefers."""
    if not has_request_context():
        return DEFAULT
    if "language" not in g:
        wanted = request.cookies.get("language", "")
        g.language = wanted if wanted in CONSOLE_LANGUAGES else choose(CONSOLE_LANGUAGES)
    return str(g.language)


def choose(offered: Iterable[str], default: str = DEFAULT) -> str:
    """The best of ``offered`` for the request's Accept-Language; a region's language will do."""
    return best(request.headers.get("Accept-Language", ""), tuple(offered), default)


@lru_cache(maxsize=2_000)
def best(accept_language: str, offered: tuple[str, ...], default: str) -> str:
    """The same for a header as it was sent; phones of one kind and country send the same one."""
    accepted = parse_accept_header(accept_language, LanguageAccept)
    preferred = [tag for tag, quality in accepted if quality > 0]
    return negotiate_locale(preferred, list(offered), sep="-", aliases=_SCRIPTS) or default


def install(app: Flask) -> None:
    """Gives templates ``_()`` (escaping its parameters) and ``language()``."""

    def in_template(message: str, **params: object) -> Markup:
        text = translate(current_language(), message)
        # A page's own words are in the catalogue and may hold markup; what a refusal says may hold what somebody sent.
        said = Markup(text) if message in messages(DEFAULT) else escape(text)
        return said % params if params else said

    app.jinja_env.globals.update(_=in_template, language=current_language)
