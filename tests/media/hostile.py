"""Files that mean harm, or that a bad cable has spoilt: made here, by kind."""

import struct
import zlib
from collections.abc import Callable

from fpdf import FPDF
from PIL import Image

from tests.media.conftest import encoded
from tests.media.films import document, film
from tests.media.pictures import landscape
from tests.media.test_formats import heic

SMALL = landscape(160, 120)
WHOLE: dict[str, bytes] = {
    "jpeg": encoded(SMALL, "JPEG"),
    "png": encoded(SMALL, "PNG"),
    "webp": encoded(SMALL, "WEBP"),
    "avif": encoded(SMALL, "AVIF"),
    "heic": heic(SMALL),
    "tiff": encoded(SMALL, "TIFF", compression="tiff_lzw"),
    "bmp": encoded(SMALL, "BMP"),
    "gif": encoded(SMALL, "GIF"),
    "pdf": document(1),
    "mp4": film(),
    "webm": film(form="webm", codec="libvpx"),
}


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png(width: int, height: int, rows: bytes = b"", *extra: bytes) -> bytes:
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + b"".join(extra) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def spoilt(name: str, at: int, by: bytes) -> bytes:
    """A whole file with some bytes written over."""
    content = WHOLE[name]
    return content[:at] + by + content[at + len(by) :]


def tiff(width: int, height: int, offset: int = 8) -> bytes:
    tags = [(256, 4, width), (257, 4, height), (258, 3, 8), (259, 3, 1), (262, 3, 1), (273, 4, 8), (279, 4, 0xFFFFFFF0)]
    entries = b"".join(struct.pack("<HHII", tag, kind, 1, value) for tag, kind, value in tags)
    return b"II*\0" + struct.pack("<I", offset) + struct.pack("<H", len(tags)) + entries + b"\0" * 4


def gif_of_many(frames: int) -> bytes:
    shown = [Image.frombytes("L", (4, 4), number.to_bytes(2, "big") * 8) for number in range(frames)]
    return encoded(shown[0], "GIF", save_all=True, append_images=shown[1:], duration=20)


def locked_pdf() -> bytes:
    pdf = FPDF()
    pdf.add_page()
    pdf.set_encryption(owner_password="o", user_password="u")
    return bytes(pdf.output())


def pdf_that_refers_to_itself() -> bytes:
    return (
        b"%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Count 9/Kids[2 0 R]>>endobj\n"
        b"trailer<</Root 1 0 R>>\n%%EOF"
    )


def inflated_text(megabytes: int) -> bytes:
    """A comment that unpacks to far more than it weighs."""
    return chunk(b"zTXt", b"Comment\0\0" + zlib.compress(b"\0" * (megabytes << 20)))


BOMBS: dict[str, Callable[[], bytes]] = {
    "png of a billion pixels": lambda: png(40_000, 25_000, b"\0" * 1000),
    "png of one endless line": lambda: png(2**31 - 1, 1),
    "png that is 16,385 high": lambda: png(10, 16_385, b"\0" * (31 * 16_385)),
    "bmp of two gigapixels": lambda: spoilt("bmp", 18, struct.pack("<ii", 50_000, 50_000)),
    "gif with a canvas of four gigapixels": lambda: spoilt("gif", 6, b"\xff\xff\xff\xff"),
    "webp with a canvas of 268 megapixels": lambda: (
        b"RIFF" + struct.pack("<I", 34) + b"WEBPVP8X" + struct.pack("<I", 10) + b"\0" * 4 + b"\xff\x3f\0\xff\x3f\0"
        + b"VP8 " + struct.pack("<I", 4) + b"\0" * 4
    ),
    "tiff of four gigapixels": lambda: tiff(65_535, 65_535),
    "gif of a thousand pictures": lambda: gif_of_many(1000),
}  # fmt: skip
BROKEN: dict[str, Callable[[], bytes]] = {
    "png with a wrong checksum": lambda: spoilt("png", 45, b"\xff" * 30),
    "png without its rows": lambda: png(100, 100),
    "png with an inflated comment": lambda: png(8, 8, b"\0" * 10, inflated_text(200)),
    "jpeg with tables of noise": lambda: spoilt("jpeg", 20, bytes(range(256))),
    "jpeg of markers alone": lambda: b"\xff\xd8" + b"\xff\xe0\0\x02" * 5000 + b"\xff\xd9",
    "jpeg with a size of nothing": lambda: WHOLE["jpeg"].replace(b"\0\x78\0\xa0", b"\0\0\0\0", 1),
    "gif that never ends": lambda: WHOLE["gif"][:-1] + b"\x21\xfe\xff" * 2000,
    "webp with a chunk that is too long": lambda: spoilt("webp", 16, b"\xff\xff\xff\x7f"),
    "tiff whose directory is itself": lambda: tiff(100, 100),
    "tiff that points beyond its end": lambda: tiff(100, 100, offset=10_000_000),
    "bmp with a negative width": lambda: spoilt("bmp", 18, struct.pack("<i", -5)),
    "avif whose decoder has no name": lambda: WHOLE["avif"].replace(b"av1C", b"none"),
    "heic of noise": lambda: spoilt("heic", 300, b"\xa5" * 200),
    "pdf that refers to itself": pdf_that_refers_to_itself,
    "pdf of a header alone": lambda: b"%PDF-1.7\n" + b"1 0 obj\n" * 10_000,
    "mp4 without its index": lambda: WHOLE["mp4"][: WHOLE["mp4"].index(b"moov") - 4],
    "webm of noise": lambda: WHOLE["webm"][:200] + b"\x5a" * 5000,
}
