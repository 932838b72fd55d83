"""Pages for phones: whole in one answer, compressed, and never kept, logged or framed by anyone.

A page is drawn and compressed once; for each visit only the sealed visit is put into its places.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
from dataclasses import dataclass, field
from pathlib import Path

from flask import Response, g, render_template, request

from core.reply import Reply
from portal.models import HotspotLogo
from portal.moulds import Mould, mould

MARK = "@@visit@@"  # stands for the sealed visit in a page that is kept
MOST_MOULDS = 16
STYLE = (Path(__file__).parent / "templates" / "portal" / "style.css").read_text(encoding="utf-8").replace("\n", "")
_STYLE_HASH = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
_POLICY = (
    f"default-src 'none'; img-src 'self' data:; style-src 'sha256-{_STYLE_HASH}'; "
    "base-uri 'none'; frame-ancestors 'none'"
)

HEADERS = (
    ("Content-Type", "text/html; charset=utf-8"),
    ("Cache-Control", "no-store"),
    ("Content-Security-Policy", _POLICY),
    ("Referrer-Policy", "no-referrer"),  # the address of a page holds the visit
    ("X-Content-Type-Options", "nosniff"),
    ("X-Robots-Tag", "noindex"),
    ("Vary", "Accept-Language, Accept-Encoding"),
)


@dataclass(frozen=True, slots=True)
class Kept:
    """A page, cut where each visit's sealed text goes."""

    parts: tuple[bytes, ...]
    language: str
    _moulds: dict[int, Mould | None] = field(default_factory=dict, compare=False, repr=False)

    def plain(self, token: str) -> bytes:
        """The page for one visit."""
        return token.encode().join(self.parts)

    def gzipped(self, token: str) -> bytes:
        """The same, as one gzip member."""
        sealed = token.encode()
        mould = self._mould(len(sealed))
        return mould.cast(sealed) if mould else gzip.compress(self.plain(token), 6, mtime=0)

    def _mould(self, length: int) -> Mould | None:
        """None for a page without a visit, and for lengths too many to keep."""
        if length not in self._moulds and len(self._moulds) < MOST_MOULDS:
            self._moulds[length] = mould(self.parts, length)
        return self._moulds.get(length)


def keep(html: str, language: str) -> Kept:
    """Cuts a page where its MARKs stand."""
    return Kept(tuple(html.encode().split(MARK.encode())), language)


def draw(template: str, language: str, **content: object) -> Kept:
    """Renders a page in a language."""
    g.language = language
    return keep(render_template(f"portal/{template}.html", style=STYLE, **content), language)


def reply(page: Kept, token: str = "", status: int = 200, *, squeezed: bool) -> Reply:
    """A page as an answer."""
    body = page.gzipped(token) if squeezed else page.plain(token)
    packed = (("Content-Encoding", "gzip"),) if squeezed else ()
    return Reply(status, (*HEADERS, ("Content-Language", page.language), *packed), body)


def answer(page: Kept, token: str = "", status: int = 200) -> Response:
    """The same for Flask, compressed if the phone takes it."""
    squeezed = "gzip" in request.headers.get("Accept-Encoding", "")
    return reply(page, token, status, squeezed=squeezed).response()


def logo_address(logo: HotspotLogo | None) -> str:
    """A logo as an address that holds it; empty where there is none."""
    return data_uri(logo.mime, logo.data) if logo and logo.mime and logo.data else ""


def data_uri(mime: str, data: bytes) -> str:
    """A picture as an address that holds it."""
    return f"data:{mime};base64,{base64.b64encode(data).decode()}"
