"""How large a module must be for a distance.

A phone's camera preview of 1080 lines, 66° wide, has a focal length of about 1478 pixels, and decoders want six
pixels a module; so a module must measure at least a 246th of the distance.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

FOCAL_PX = 1478.0
WANTED_PX = 6.0
_LARGEST_CAPTURE_PX = 14.0


@dataclass(frozen=True, slots=True)
class Geometry:
    """A screen's pitch in mm a pixel, and from how far it is looked at, in metres."""

    pitch_mm: float
    distance_m: float

    @property
    def key(self) -> str:
        """A name for it, at the precision that matters."""
        return f"{self.pitch_mm:.2f}mm@{self.distance_m:.1f}m"

    def module_px_needed(self) -> int:
        """The least whole pixels a module that six camera pixels see from this distance."""
        return max(1, math.ceil(self.distance_m * 1000 * WANTED_PX / FOCAL_PX / self.pitch_mm - 1e-6))

    def camera_px(self, module_px: float) -> float:
        """Camera pixels that a module of `module_px` covers from this distance."""
        return FOCAL_PX * module_px * self.pitch_mm / (self.distance_m * 1000)

    def distance_at(self, module_px: float, camera_px: float) -> float:
        """From how far, in metres, a module of `module_px` covers `camera_px` of a camera."""
        return math.ceil(FOCAL_PX * module_px * self.pitch_mm / camera_px / 100) / 10


def capture_px(module_px: float, geometry: Geometry | None) -> float:
    """At which size to simulate captures: as the geometry gives, or at the least a decoder wants."""
    seen = geometry.camera_px(module_px) if geometry else WANTED_PX
    return min(seen, _LARGEST_CAPTURE_PX)


def width_pct_needed(geometry: Geometry, modules: int, short_side: int) -> int:
    """The width of the code, in percent of the shorter side, that this distance needs; over 80 means that no
    code can serve."""
    return math.ceil(100 * geometry.module_px_needed() * modules / short_side)
