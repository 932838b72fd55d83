"""From a creative to the bytes that a screen shows: drawing, and the smallest encoding that keeps its look."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from PIL import Image

from media import colour
from media.compose import Composed, compose
from media.design import Design
from media.encoding import Encoded, encode
from media.geometry import Shape
from media.layout import Corner, QrWish
from media.models import SPLASH_BYTES, Creative
from media.picture import Fit, Focal, Levels, contain, cover
from media.qr import modules_across
from media.shelf import Shelf

_SPLASH_WIDTHS = (360, 320, 280, 240, 200)
_SPLASH_QUALITIES = (70, 55, 40, 28, 18)
_SPLASH_ASPECT = 16 / 9


@dataclass(frozen=True, slots=True)
class Drawn:
    """A rendition before it is put away."""

    language: str
    shape: Shape
    composed: Composed
    encoded: Encoded


def design_of(creative: Creative, language: str) -> Design:
    """What `creative` says in `language`."""
    said = creative.texts.get(language, {})
    return Design(
        language,
        headline=said.get("headline", ""),
        action=said.get("call_to_action", ""),
        fit=Fit(creative.fit),
        focal=Focal(creative.focal_x, creative.focal_y),
        background=colour.parse(creative.background),
        qr=qr_of(creative),
    )


def qr_of(creative: Creative) -> QrWish | None:
    if creative.qr_corner is None or creative.qr_width_pct is None:
        return None
    return QrWish(Corner(creative.qr_corner), creative.qr_width_pct)


def open_master(shelf: Shelf, sha256: str, ground: colour.Rgb) -> Image.Image:
    """The asset's master as an RGB picture, transparent parts laid over `ground`."""
    with shelf.open(sha256) as file, Image.open(file, formats=("JPEG", "PNG")) as image:
        image.load()
        if image.mode == "RGB":
            return image  # its file may close: the pixels are read
        below = Image.new("RGBA", image.size, (*ground, 255))
        return Image.alpha_composite(below, image.convert("RGBA")).convert("RGB")


def drawing(creative: Creative, master: Levels | None, language: str, shape: Shape, public_url: str) -> Composed:
    """The creative in one language on one shape, with room for a code under `public_url`."""
    design = replace(design_of(creative, language), address=urlsplit(public_url).netloc)
    source = master.near(shape.width, shape.height) if master else None
    return compose(design, shape, source, modules_across(public_url))


def is_photo(master: Levels | None, shape: Shape) -> bool:
    """Whether what is drawn is a photograph for encoders; on LED boards each pixel is seen by itself."""
    return master is not None and not shape.is_board


def renditions(
    creative: Creative, master: Levels | None, wanted: Iterable[tuple[str, Shape]], public_url: str
) -> Iterator[Drawn]:
    """Draws each (language, shape) of `wanted`, one at a time, as every player can show it."""
    for language, shape in wanted:
        composed = drawing(creative, master, language, shape, public_url)
        yield Drawn(language, shape, composed, encode(composed.image, is_photo=is_photo(master, shape)))


def splash_picture(creative: Creative, master: Image.Image | None) -> tuple[bytes, int, int]:
    """A WebP of at most SPLASH_BYTES that the splash carries within its page, with its width and height: the
    largest and best that fits, so that a plain picture is sharp and a busy one at least whole."""
    for width in _SPLASH_WIDTHS:
        height = round(width / _SPLASH_ASPECT)
        small = _small(creative, master, width, height)
        for quality in _SPLASH_QUALITIES:
            out = io.BytesIO()
            small.save(out, "WEBP", quality=quality, method=6)
            if out.tell() <= SPLASH_BYTES:
                return out.getvalue(), width, height
    raise ValueError("no quality makes the picture small enough")  # 200 × 112 at quality 18 is below 6 KB


def _small(creative: Creative, master: Image.Image | None, width: int, height: int) -> Image.Image:
    if master is None:
        return compose(Design("vi", background=colour.parse(creative.background)), Shape(width, height), None, 33).image
    if creative.fit == Fit.COVER:
        return cover(master, width, height, Focal(creative.focal_x, creative.focal_y))
    back = Image.new("RGB", (width, height), colour.parse(creative.background))
    scaled, where = contain(master, Shape(width, height).box)
    back.paste(scaled, where)
    return back
