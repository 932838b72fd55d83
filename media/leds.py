"""A picture on an LED board: round lamps apart from each other on a dark ground, as a camera meets them.

The width of a lamp is a share of the pitch. Those of boards in the field are from 0.4 (single lamps behind louvres) to
0.8 (fine-pitch modules); the gate tries widths from all over that span.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from PIL import Image

from core.later import later

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Greys = npt.NDArray[np.float32]
else:
    np = later("numpy")

LAMP = (0.4, 0.8)
LED_PITCH_MM = 1.2  # from here on a screen is made of lamps; the pixels of the largest glass panels are smaller
LAMPS_MERGE_PX = 8.0  # camera pixels a module: up to here lamps run into modules; from 9 on zbar read some boards only
_GROUND = 12.0  # what the dark between lamps gives back, of 255
_WHITE = 235.0  # to which a phone's exposure brings a lit field
_ACROSS = 12  # samples over one pitch


def lamp_at(share: float) -> float:
    """A lamp's width, from the smallest (0) to the largest (1)."""
    return LAMP[0] + share * (LAMP[1] - LAMP[0])


def lit(scene: Image.Image, scale: float, lamp: float) -> tuple[Image.Image, float]:
    """`scene` (grey, a pixel a lamp) as light falls on a camera that has `scale` pixels for each lamp of width `lamp`,
    and by how much its exposure multiplies that, once lens and hand have blurred it."""
    cells = np.asarray(scene.convert("L"), dtype=np.float32)
    mask = _mask(lamp)
    light = np.kron(cells, mask) + np.tile(_GROUND * (1 - mask), cells.shape)
    size = max(8, round(scene.width * scale)), max(8, round(scene.height * scale))
    seen = Image.fromarray(light.round().astype(np.uint8), "L").resize(size, Image.Resampling.BILINEAR)
    full = float(255 * mask.mean() + _GROUND * (1 - mask.mean()))
    return seen, _WHITE / full


@lru_cache(maxsize=64)
def _mask(lamp: float) -> Greys:
    """How much of each sample within one pitch the lamp covers, from 0 to 1."""
    fine = 4 * _ACROSS
    at = (np.arange(fine) + 0.5) / fine - 0.5
    inside = (at[:, None] ** 2 + at[None, :] ** 2 <= (lamp / 2) ** 2).astype(np.float32)
    covered: Greys = inside.reshape(_ACROSS, 4, _ACROSS, 4).mean(axis=(1, 3))
    return covered
