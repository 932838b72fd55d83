"""Simulated photographs of a code: as far, as askew, as blurred and as noisy as a passer-by's phone takes them."""

from __future__ import annotations

import io
import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

from PIL import Image, ImageFilter

from core.later import later
from media.leds import lamp_at, lit

if TYPE_CHECKING:
    import numpy as np
else:
    np = later("numpy")

TILT_DEGREES = (5.0, 30.0)
BLUR_MODULES = 0.3
NOISE = 8.0
JPEG_QUALITY = 75
_MARGIN = 0.12  # of the symbol's side: what else comes into the picture
_BEYOND = 96  # the grey of what is around, of 255
_DISTANCE = 3.0  # of the eye, in sides of the symbol: how strongly a tilt narrows the far edge


def captures(
    scene: Image.Image, module_px: float, camera_px: float, count: int, seed: int = 1, *, of_leds: bool = False
) -> Iterator[Image.Image]:
    """`count` grey captures of `scene`, in which a module has `module_px`, at `camera_px` a module; `of_leds`: each
    pixel of the scene is a lamp."""
    dice = np.random.default_rng(seed)
    scale = camera_px / module_px
    grey = scene.convert("L")
    seen = (_scaled(grey, scale), 1.0)
    for number in range(count):
        share = (number + dice.uniform()) / count if of_leds else 0.0  # lamps of every width, each in its turn
        yield _capture(*(lit(grey, scale, lamp_at(share)) if of_leds else seen), camera_px, dice)


def with_margin(image: Image.Image, box: tuple[int, int, int, int]) -> Image.Image:
    """The symbol in `box` with some of its surroundings, as far as the screen reaches; black beyond."""
    margin = round((box[2] - box[0]) * _MARGIN)
    return image.crop((box[0] - margin, box[1] - margin, box[2] + margin, box[3] + margin))


def _scaled(scene: Image.Image, scale: float) -> Image.Image:
    size = (max(8, round(scene.width * scale)), max(8, round(scene.height * scale)))
    how = Image.Resampling.BOX if scale < 1 else Image.Resampling.BILINEAR
    return scene.resize(size, how)


def _capture(small: Image.Image, exposure: float, camera_px: float, dice: np.random.Generator) -> Image.Image:
    tilted = _tilted(
        small, math.radians(dice.uniform(*TILT_DEGREES)), dice.uniform(0, 2 * math.pi), round(_BEYOND / exposure)
    )
    soft = tilted.filter(ImageFilter.GaussianBlur(BLUR_MODULES * camera_px))
    grain = dice.normal(0, NOISE, (soft.height, soft.width))
    noisy = np.clip(np.asarray(soft, dtype=np.float64) * exposure + grain, 0, 255).astype(np.uint8)
    out = io.BytesIO()
    Image.fromarray(noisy).save(out, "JPEG", quality=JPEG_QUALITY)
    with Image.open(out, formats=("JPEG",)) as taken:
        return taken.convert("L")


def _tilted(image: Image.Image, tilt: float, axis: float, beyond: int) -> Image.Image:
    """`image` turned out of the picture's plane by `tilt` about an axis in it, seen from some way off; `beyond` it is
    the grey of the wall."""
    half_w, half_h = image.width / 2, image.height / 2
    corners = [(-half_w, -half_h), (half_w, -half_h), (half_w, half_h), (-half_w, half_h)]
    away = _DISTANCE * max(image.size)
    seen = []
    for x, y in corners:
        along = x * math.cos(axis) + y * math.sin(axis)
        across = -x * math.sin(axis) + y * math.cos(axis)
        depth = away / (away + across * math.sin(tilt))
        across *= math.cos(tilt)
        flat_x = along * math.cos(axis) - across * math.sin(axis)
        flat_y = along * math.sin(axis) + across * math.cos(axis)
        seen.append((flat_x * depth + half_w, flat_y * depth + half_h))
    source = [(x + half_w, y + half_h) for x, y in corners]
    return image.transform(
        image.size,
        Image.Transform.PERSPECTIVE,
        _coefficients(seen, source),
        Image.Resampling.BILINEAR,
        fillcolor=beyond,
    )


def _coefficients(seen: list[tuple[float, float]], source: list[tuple[float, float]]) -> list[float]:
    """The eight numbers that map each point seen to its point in the source."""
    rows, values = [], []
    for (x, y), (u, v) in zip(seen, source, strict=True):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
        values += [u, v]
    return [float(number) for number in np.linalg.solve(np.array(rows), np.array(values))]
