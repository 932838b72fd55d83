"""What a file is, judged by its first bytes and its shape, never by its name or declared type."""

from __future__ import annotations

from dataclasses import dataclass
from typing import BinaryIO

HEAD = 4096
ACCEPTED = "pictures (JPEG, PNG, WebP, AVIF, HEIC, TIFF, BMP, GIF), PDF documents and film (MP4, MOV, WebM)"


@dataclass(frozen=True, slots=True)
class Format:
    """A format that we take. `pillow` is the one decoder that may be tried on it."""

    kind: str
    mime: str
    pillow: str = ""
    demuxer: str = ""


JPEG = Format("image", "image/jpeg", "JPEG")
PNG = Format("image", "image/png", "PNG")
WEBP = Format("image", "image/webp", "WEBP")
GIF = Format("image", "image/gif", "GIF", demuxer="gif")  # an animation is a film
AVIF = Format("image", "image/avif", "AVIF")
HEIC = Format("image", "image/heic", "HEIF")
TIFF = Format("image", "image/tiff", "TIFF")
BMP = Format("image", "image/bmp", "BMP")
PDF = Format("document", "application/pdf")
MP4 = Format("video", "video/mp4", demuxer="mov")
MOV = Format("video", "video/quicktime", demuxer="mov")
WEBM = Format("video", "video/webm", demuxer="matroska")
_ISO_BRANDS = {
    b"avif": AVIF,
    b"avis": AVIF,
    b"heic": HEIC,
    b"heix": HEIC,
    b"heim": HEIC,
    b"heis": HEIC,
    b"mif1": HEIC,
    b"qt  ": MOV,
    b"isom": MP4,
    b"iso2": MP4,
    b"iso4": MP4,
    b"iso5": MP4,
    b"iso6": MP4,
    b"mp41": MP4,
    b"mp42": MP4,
    b"avc1": MP4,
    b"dash": MP4,
    b"M4V ": MP4,
}
_MAGIC = (
    (b"\xff\xd8\xff", JPEG),
    (b"\x89PNG\r\n\x1a\n", PNG),
    (b"GIF87a", GIF),
    (b"GIF89a", GIF),
    (b"II*\0", TIFF),
    (b"MM\0*", TIFF),
    (b"%PDF-", PDF),
)
# Signs of a second nature: what a web browser or a shell might take the file for.
_FOREIGN = (b"<script", b"<html", b"<!doctype", b"<svg", b"<?php", b"%pdf-", b"pk\x03\x04", b"#!/")


_BMP_HEADERS = tuple(size.to_bytes(4, "little") for size in (12, 40, 52, 56, 108, 124))


class NotAccepted(ValueError):
    """The file is none that we take; the message says what it seems to be."""


def judge(head: bytes) -> Format:
    """The format of a file that begins with `head` (its first HEAD bytes, or all). Raises NotAccepted."""
    if not head:
        raise NotAccepted("The file is empty")
    for magic, form in _MAGIC:
        if head.startswith(magic):
            return form
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return WEBP
    if head[4:8] == b"ftyp" and (found := _by_brand(head)):
        return found
    if head[:2] == b"BM" and head[6:10] == b"\0\0\0\0" and head[14:18] in _BMP_HEADERS:
        return BMP
    if head[:4] == b"\x1a\x45\xdf\xa3" and b"webm" in head[:64]:
        return WEBM
    raise NotAccepted(f"The file is {_guess(head)}")


def _by_brand(head: bytes) -> Format | None:
    """An ISO base media file says what it is in its major brand, or else in the brands it is compatible with."""
    end = min(int.from_bytes(head[:4], "big"), 256)
    brands = [head[8:12], *(head[at : at + 4] for at in range(16, end - 3, 4))]
    if brands[0] == b"mif1" and b"avif" in brands:
        return AVIF
    return next((_ISO_BRANDS[brand] for brand in brands if brand in _ISO_BRANDS), None)


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
    walk = _ENDS.get(form)
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


def _bmp_end(file: BinaryIO, size: int) -> int | None:
    file.seek(2)
    end = int.from_bytes(file.read(4), "little")
    return end if 0 < end <= size else None


def _boxes_end(file: BinaryIO, size: int) -> int | None:
    """ISO base media: boxes one after the other, each telling its length."""
    at = 0
    while at + 8 <= size:
        file.seek(at)
        header = file.read(16)
        length = int.from_bytes(header[:4], "big")
        if not header[4:8].isalnum() and at:
            return at
        if length == 1:
            length = int.from_bytes(header[8:16], "big")
        if length == 0:
            return size
        if length < 8 or at + length > size:
            return None
        at += length
    return at


_ENDS = {
    JPEG: _jpeg_end,
    PNG: _png_end,
    GIF: _gif_end,
    WEBP: _riff_end,
    BMP: _bmp_end,
    AVIF: _boxes_end,
    HEIC: _boxes_end,
    MP4: _boxes_end,
    MOV: _boxes_end,
}
