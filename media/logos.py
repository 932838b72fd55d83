"""A host's logo, small enough to stand within the bytes of a splash page."""

from __future__ import annotations

import io
from dataclasses import dataclass

from PIL import Image, ImageChops

from core.errors import Invalid
from media.models import Asset
from media.render import open_master
from media.store import Store

MOST_BYTES = 2_048
BOX = (288, 96)  # pixels, of which a phone's screen has two or more to one of a page's
_SCALES = (1.0, 0.75, 0.5)
_LOSSLESS = 100
_QUALITIES = (_LOSSLESS, 90, 75, 60, 40, 20)
_WHITE = (255, 255, 255)
_FAINT = 12  # of 255: what differs less from the paper than this is paper


@dataclass(frozen=True, slots=True)
class Logo:
    """The picture as it is sent, with its size in pixels."""

    data: bytes
    mime: str
    width: int
    height: int


def logo_of(asset: Asset, store: Store) -> Logo:
    """The logo in a picture: its empty margin cut off, transparent parts white. Raises Invalid."""
    if asset.kind != "image" or asset.master_sha256 is None:
        raise Invalid([("logo", "must be a picture")])
    image = _trimmed(open_master(store.public, asset.master_sha256, _WHITE))
    for scale in _SCALES:
        small = image.copy()
        small.thumbnail((round(BOX[0] * scale), round(BOX[1] * scale)), Image.Resampling.LANCZOS, reducing_gap=2)
        for quality in _QUALITIES:
            out = io.BytesIO()
            small.save(out, "WEBP", method=6, quality=quality, lossless=quality == _LOSSLESS)
            if out.tell() <= MOST_BYTES:
                return Logo(out.getvalue(), "image/webp", *small.size)
    raise Invalid([("logo", "has too much in it to be small: take a plainer one")])


def _trimmed(image: Image.Image) -> Image.Image:
    paper = Image.new("RGB", image.size, image.getpixel((0, 0)))
    drawn = ImageChops.difference(image, paper).convert("L").point(lambda value: 255 if value > _FAINT else 0).getbbox()
    if drawn is None:
        raise Invalid([("logo", "is empty: there is nothing on it")])
    return image.crop(drawn)
