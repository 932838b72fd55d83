"""How far a photograph of a glass is from a picture that should be on it. Runs inside the limited child.

Both are made small and laid over each other; what counts is the patch in which they differ most. So noise, JPEG and
smoothing, which are everywhere a little, say nothing, and another headline on the same ground says much. The place of
a code, which the player lays over the picture, is left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from PIL import Image, ImageChops, ImageDraw

from media import films
from media.refusal import Refusal

SMALL = 96  # pixels of the longer side
PATCH = 6  # of them
TURNS = (0, 90, 180, 270)
SQUARER = 0.05  # how much the sides' ratio of a photograph may differ
_PHOTO_SIDE = 4096
_TRANSPOSED = {90: Image.Transpose.ROTATE_90, 180: Image.Transpose.ROTATE_180, 270: Image.Transpose.ROTATE_270}

Box = tuple[int, int, int]


def compare(photo: str, wanted: list[dict[str, Any]]) -> dict[str, Any]:
    """For each wanted file (`path`, `mime`, `qr`: left, top, width or null): how far it is, 0 to 255, and the turn in
    degrees, anticlockwise, that brings the photograph closest. Of a film, the closest of its pictures counts."""
    with _read(photo) as opened:
        taken = opened.convert("RGB")
    found = [_closest(taken, one["path"], one["mime"], one["qr"] and tuple(one["qr"])) for one in wanted]
    return {"apart": [apart for apart, _ in found], "turns": [turn for _, turn in found]}


def _read(file: str) -> Image.Image:
    try:
        image = Image.open(file, formats=("JPEG", "PNG", "WEBP"))
        if max(image.size) > _PHOTO_SIDE * 4:
            raise Refusal("The photograph is too large")
        image.load()
    except OSError as error:
        raise Refusal(f"The photograph is broken ({type(error).__name__})") from None
    return image


def _closest(taken: Image.Image, path: str, mime: str, hole: Box | None) -> tuple[float, int]:
    pictures = films.glimpses(path) if mime.startswith("video/") else iter([_read(path)])
    return min((apart(turned, one, hole), turn) for one in pictures for turn, turned in _turned(taken, one.size))


def _turned(taken: Image.Image, size: tuple[int, int]) -> Iterator[tuple[int, Image.Image]]:
    """The photograph in each turn that has this shape; as it is where none has."""
    fitting = [turn for turn in TURNS if _fits(taken.size if turn % 180 == 0 else taken.size[::-1], size)]
    small = _small(taken.size)
    shrunk = taken.resize(small, Image.Resampling.BOX) if fitting else taken
    for turn in fitting or (0,):
        yield turn, shrunk.transpose(_TRANSPOSED[turn]) if turn else shrunk


def _fits(one: tuple[int, int], other: tuple[int, int]) -> bool:
    return abs(one[0] * other[1] / (one[1] * other[0]) - 1) <= SQUARER


def apart(taken: Image.Image, wanted: Image.Image, hole: Box | None = None) -> float:
    """The mean difference (0 to 255, of the channel that differs most) in the patch that differs most. ``hole`` is in
    pixels of the wanted picture."""
    size = _small(wanted.size)
    pair = [one.convert("RGB").resize(size, Image.Resampling.BOX) for one in (taken, wanted)]
    if hole:
        scale, (left, top, width) = size[0] / wanted.width, hole
        box = (left * scale - 1, top * scale - 1, (left + width) * scale + 1, (top + width) * scale + 1)
        for one in pair:
            ImageDraw.Draw(one).rectangle(box, fill="white")
    red, green, blue = ImageChops.difference(*pair).split()
    worst = ImageChops.lighter(ImageChops.lighter(red, green), blue)
    patches = worst.resize((-(-size[0] // PATCH), -(-size[1] // PATCH)), Image.Resampling.BOX)
    return float(patches.getextrema()[1])  # type: ignore[arg-type]


def _small(size: tuple[int, int]) -> tuple[int, int]:
    scale = SMALL / max(size)
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))
