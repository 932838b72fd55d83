"""Fitting a picture to a box: cover with a focal point, contain, or contain over its own blurred fill."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from PIL import Image, ImageFilter

from media.colour import INK, Rgb
from media.geometry import Box

_BICUBIC = Image.Resampling.BICUBIC
_HAMMING = Image.Resampling.HAMMING  # as sharp as bicubic where a picture shrinks, in two thirds of the time
# How far above its final size a picture is first averaged down, which is quick: 47 dB from Lanczos on photographs.
_GAP = 1.5
_BLUR_SIDE = 96


class Fit(enum.StrEnum):
    COVER = "cover"
    CONTAIN = "contain"
    BLUR = "blur"


@dataclass(frozen=True, slots=True)
class Focal:
    """The point that must stay in sight, as shares of width and height."""

    x: float = 0.5
    y: float = 0.5


class Levels:
    """A picture whole and at half its size, from which small screens are drawn: averaging so many pixels down is done
    once, not for each of them."""

    def __init__(self, whole: Image.Image) -> None:
        self.whole = whole
        self._half: Image.Image | None = None

    def near(self, width: int, height: int) -> Image.Image:
        """The smallest that has pixels to spare for a screen of this size."""
        if min(self.whole.width / width, self.whole.height / height) < 2 * _GAP:
            return self.whole
        if self._half is None:
            self._half = self.whole.reduce(2)
        return self._half


def cover(master: Image.Image, width: int, height: int, focal: Focal, aim: float = 0.5) -> Image.Image:
    """`master` cut and scaled to fill width × height, the focal point brought to the share `aim` of the height
    as far as the picture reaches."""
    scale = min(master.width / width, master.height / height)
    cut_w, cut_h = min(width * scale, master.width), min(height * scale, master.height)
    left = max(0, min(master.width * focal.x - cut_w / 2, master.width - cut_w))
    top = max(0, min(master.height * focal.y - cut_h * aim, master.height - cut_h))
    box = (left, top, left + cut_w, top + cut_h)
    return master.resize((width, height), _best(scale), box=box, reducing_gap=_GAP)


def _best(scale: float) -> Image.Resampling:
    """How to resample; `scale` is how many of the picture's pixels come to one of the screen's."""
    return _HAMMING if scale > 1 else _BICUBIC


def contain(master: Image.Image, room: Box) -> tuple[Image.Image, tuple[int, int]]:
    """`master` whole, as large as `room` allows, and where its top left corner comes to stand: at the room's
    top, since what is left over reads as part of the band of words below."""
    scale = min(room.width / master.width, room.height / master.height)
    size = (max(1, round(master.width * scale)), max(1, round(master.height * scale)))
    where = (room.left + (room.width - size[0]) // 2, room.top)
    return master.resize(size, _best(1 / scale), reducing_gap=_GAP), where


def blurred(master: Image.Image, width: int, height: int) -> Image.Image:
    """A soft, darkened fill of the picture's own colours."""
    scale = _BLUR_SIDE / max(width, height)
    small = cover(master, max(1, round(width * scale)), max(1, round(height * scale)), Focal())
    soft = small.filter(ImageFilter.GaussianBlur(4)).resize((width, height), _BICUBIC)
    return Image.blend(soft, Image.new("RGB", soft.size, INK), 0.35)


def ground(colour: Rgb, width: int, height: int) -> Image.Image:
    """A plain ground, a touch darker towards its foot so that large screens do not look flat."""
    ramp = Image.linear_gradient("L").resize((1, height)).point(lambda value: value * 46 // 255)
    flat = Image.new("RGB", (width, height), colour)
    flat.paste(
        Image.new("RGB", (width, height), (0, 0, 0)), (0, 0), ramp.resize((width, height), Image.Resampling.NEAREST)
    )
    return flat
