"""A code's print quality in the manner of ISO/IEC 15415, measured against the modules that should be there.

In the manner of: this is arithmetic on a raster, not a calibrated verifier. Grades go from A to D, then F.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PIL import Image

from core.later import later
from media.qr import QUIET_MODULES, Matrix

_OVERSAMPLE = 4
_SC = ((0.70, "A"), (0.55, "B"), (0.40, "C"), (0.20, "D"))
_MOD = ((0.50, "A"), (0.40, "B"), (0.30, "C"), (0.20, "D"))
_WORST_FIRST = "FDCBA"

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Greys = npt.NDArray[np.float64]
else:
    np = later("numpy")


@dataclass(frozen=True, slots=True)
class Lint:
    """What was measured: shares from 0 to 1; `errors` counts modules that read wrong, `quiet` those of the quiet
    zone that are not clearly light."""

    contrast: float
    modulation: float
    errors: int
    quiet: int
    is_inverted: bool
    is_whole: bool

    @property
    def grade(self) -> str:
        """The worst of the single grades."""
        if self.errors or self.quiet or self.is_inverted:
            return "F"
        return min(_grade(self.contrast, _SC), _grade(self.modulation, _MOD), key=_WORST_FIRST.index)


def measure(symbol: Image.Image, expected: Matrix) -> Lint:
    """Measures a grey picture of the symbol, quiet zone included, against `expected`."""
    side = len(expected) + 2 * QUIET_MODULES
    greys = _modules(symbol, side)
    dark = _padded(expected)
    brightest, darkest = float(greys.max()), float(greys.min())
    contrast = brightest - darkest
    middle = (brightest + darkest) / 2
    inner = np.zeros_like(dark)
    inner[QUIET_MODULES:-QUIET_MODULES, QUIET_MODULES:-QUIET_MODULES] = True
    inverted = bool(greys[dark].mean() > greys[inner & ~dark].mean())
    read_dark = greys < middle
    strength = 2 * np.abs(greys - middle) / max(contrast, 1e-6)
    right = read_dark == dark
    return Lint(
        contrast=contrast,
        modulation=float(strength[right].min()) if right.any() else 0.0,
        errors=int((~right & inner).sum()),
        quiet=int((~inner & (read_dark | (strength < _MOD[0][0]))).sum()),
        is_inverted=inverted,
        is_whole=symbol.width % side == 0 and symbol.width == symbol.height,
    )


def _modules(symbol: Image.Image, side: int) -> Greys:
    """The mean grey of each module's middle, from 0 to 1."""
    fine = symbol.convert("L").resize((side * _OVERSAMPLE, side * _OVERSAMPLE), Image.Resampling.BOX)
    cells = np.asarray(fine, dtype=np.float64).reshape(side, _OVERSAMPLE, side, _OVERSAMPLE)
    middle = slice(_OVERSAMPLE // 4, _OVERSAMPLE - _OVERSAMPLE // 4)
    means: Greys = cells[:, middle, :, middle].mean(axis=(1, 3)) / 255
    return means


def _padded(expected: Matrix) -> npt.NDArray[np.bool_]:
    return np.pad(np.array(expected, dtype=bool), QUIET_MODULES)


def _grade(value: float, steps: tuple[tuple[float, str], ...]) -> str:
    return next((letter for least, letter in steps if value >= least), "F")
