"""Pages for phones: whole in one answer, compressed, and never kept, logged or framed by anyone.

A page is a row of pieces. Those that are the same for all who see it (style, words, picture) are compressed once;
the few that hold the visit's own links are compressed for each. All are pieces of one deflate stream with full
flushes between them, which RFC 1951 lets be made apart, in one gzip member (RFC 1952).
"""

from __future__ import annotations

import base64
import hashlib
import struct
import zlib
from dataclasses import dataclass
from pathlib import Path

from flask import Response, g, render_template, request

SPLIT = "<!--|-->"  # stands in templates before and after what belongs to one visit
MARK = "@@visit@@"  # stands for the sealed visit in a page that is kept
_GZIP_HEAD = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff"
STYLE = (Path(__file__).parent / "templates" / "portal" / "style.css").read_text(encoding="utf-8").replace("\n", "")
_STYLE_HASH = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()

HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        f"default-src 'none'; img-src 'self' data:; style-src 'sha256-{_STYLE_HASH}'; "
        "base-uri 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",  # the address of a page holds the visit
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
    "Vary": "Accept-Language, Accept-Encoding",
}


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a page; `deflated` is None where the visit's mark stands in it."""

    plain: bytes
    deflated: bytes | None


@dataclass(frozen=True, slots=True)
class Kept:
    """A page with MARK where each visit's sealed text goes."""

    pieces: tuple[Piece, ...]
    language: str

    def plain(self, token: str) -> bytes:
        """The page for one visit."""
        return b"".join(piece.plain for piece in self.pieces).replace(MARK.encode(), token.encode())

    def gzipped(self, token: str) -> bytes:
        """The same, as one gzip member."""
        crc = size = 0
        stream = [_GZIP_HEAD]
        for piece in self.pieces:
            plain, deflated = piece.plain, piece.deflated
            if deflated is None:
                plain = plain.replace(MARK.encode(), token.encode())
                deflated = deflate(plain, 6)
            crc, size = zlib.crc32(plain, crc), size + len(plain)
            stream.append(deflated)
        return b"".join([*stream, b"\x03\x00", struct.pack("<II", crc, size & 0xFFFFFFFF)])


def deflate(plain: bytes, level: int) -> bytes:
    """An unfinished deflate stream that ends on a byte and refers to nothing outside itself."""
    squeeze = zlib.compressobj(level, zlib.DEFLATED, -15)
    return squeeze.compress(plain) + squeeze.flush(zlib.Z_FULL_FLUSH)


def keep(html: str, language: str) -> Kept:
    """Cuts a page at its SPLITs and compresses what all will see alike."""
    cuts = (cut.encode() for cut in html.split(SPLIT))
    return Kept(tuple(Piece(cut, None if MARK.encode() in cut else deflate(cut, 9)) for cut in cuts), language)


def draw(template: str, language: str, **content: object) -> Kept:
    """Renders a page in a language."""
    g.language = language
    return keep(render_template(f"portal/{template}.html", style=STYLE, **content), language)


def answer(page: Kept, token: str = "", status: int = 200) -> Response:
    """A page as an answer, compressed if the phone takes it."""
    squeezed = "gzip" in request.headers.get("Accept-Encoding", "")
    body = page.gzipped(token) if squeezed else page.plain(token)
    response = Response(body, status, mimetype="text/html")
    response.headers.update(HEADERS)
    response.headers["Content-Language"] = page.language
    if squeezed:
        response.headers["Content-Encoding"] = "gzip"
    return response


def data_uri(mime: str, data: bytes) -> str:
    """A picture as an address that holds it."""
    return f"data:{mime};base64,{base64.b64encode(data).decode()}"
