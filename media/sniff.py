"""What a file is, judged by its first bytes and its shape, never by its name or declared type."""

from __future__ import annotations

from dataclasses import dataclass
from typing import BinaryIO

HEAD = 4096
ACCEPTED = "JPEG, PNG, WebP or GIF"


@dataclass(frozen=True, slots=True)
class Format:
    """A format that we take. `pillow` is the one decoder that may be tried on it."""

    kind: str
    mime: str
    pillow: str = ""


JPEG = Format("image", "image/jpeg", "JPEG")
PNG = Format("image", "image/png", "PNG")
WEBP = Format("image", "image/webp", "WEBP")
GIF = Format("image", "image/gif", "GIF")
_MAGIC = (
    (b"\xff\xd8\xff", JPEG),
    (b"\x89PNG\r\n\x1a\n", PNG),
    (b"GIF87a", GIF),
    (b"GIF89a", GIF),
)
# Signs of a second nature: what a web browser or a shell might take the file for.
_FOREIGN = (b"<script", b"<html", b"<!doctype", b"<svg", b"<?php", b"%pdf-", b"pk\x03\x04", b"#!/")


class NotAccepted(ValueError):
    """The file is none that we take; the message says what it seems to be."""


def judge(head: bytes) -> Format:
    """The format of a file that begins with `head` (its first HEAD bytes, or all). Raises NotAccepted."""
    if not head:
        raise NotAccepted("The file is empty")
    for magic, found in _MAGIC:
        if head.startswith(magic):
            return found
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return WEBP
    raise NotAccepted(f"The file is {_guess(head)}")


def _guess(head: bytes) -> str:
    text = head.lstrip().lower()
    if text.startswith((b"<svg", b"<?xml")):
        return "an SVG or XML document"
    if text.startswith((b"<!doctype", b"<html", b"<script")):
        return "a web page"
    if head.startswith(b"%!PS"):
        return "a PostScript document"
    if head.startswith(b"PK\x03\x04"):
        return "an archive or an office document"
    if head.startswith((b"MZ", b"\x7fELF", b"#!")):
        return "a program"
    return "none that we know"


def end_of(form: Format, file: BinaryIO, size: int) -> int | None:
    """Where the picture itself ends, in bytes from the start, as its format says; None where it does not end."""
    walk = {JPEG: _jpeg_end, PNG: _png_end, GIF: _gif_end, WEBP: _riff_end}.get(form)
    return walk(file, size) if walk else size


def is_polyglot(tail: bytes) -> bool:
    """True where what follows the picture would make sense as something else."""
    lowered = tail.lower()
    return any(sign in lowered for sign in _FOREIGN)


def _png_end(file: BinaryIO, size: int) -> int | None:
    at = 8
    while at + 12 <= size:
        file.seek(at)
        header = file.read(8)
        at += 12 + int.from_bytes(header[:4], "big")
        if header[4:] == b"IEND":
            return at if at <= size else None
    return None


def _riff_end(file: BinaryIO, size: int) -> int | None:
    file.seek(4)
    end = 8 + int.from_bytes(file.read(4), "little")
    return end if end <= size else None


def _jpeg_end(file: BinaryIO, size: int) -> int | None:
    """The last end-of-image marker; embedded previews have their own, earlier ones."""
    step, overlap = 1 << 20, 1
    at = size
    while at > 0:
        start = max(0, at - step)
        file.seek(start)
        found = file.read(at - start + overlap).rfind(b"\xff\xd9")
        if found >= 0:
            return start + found + 2
        at = start
    return None


def _gif_end(file: BinaryIO, size: int) -> int | None:
    file.seek(0)
    header = file.read(13)
    if len(header) < 13:
        return None
    at = 13 + (3 << ((header[10] & 7) + 1) if header[10] & 0x80 else 0)
    while at < size:
        file.seek(at)
        block = file.read(10)
        if block[:1] == b";":
            return at + 1
        if block[:1] == b",":
            local = 3 << ((block[9] & 7) + 1) if len(block) == 10 and block[9] & 0x80 else 0
            at = _gif_blocks(file, at + 10 + local + 1, size)
        elif block[:1] == b"!":
            at = _gif_blocks(file, at + 2, size)
        else:
            return None
    return None


def _gif_blocks(file: BinaryIO, at: int, size: int) -> int:
    while at < size:
        file.seek(at)
        length = file.read(1)
        if not length or length == b"\0":
            return at + 1
        at += 1 + length[0]
    return size
