"""The scan gate: three judges say whether a code on a screen would be read, before anybody hangs it up.

Two decoders must read exactly the link off the raster; the modules must be as ISO/IEC 15415 would have them; and
both decoders must read most of a set of simulated captures from the distance at which people stand.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from PIL import Image

from media import capture, readers
from media.distance import Geometry, capture_px, width_pct_needed
from media.geometry import Box, Shape
from media.leds import LAMPS_MERGE_PX, LED_PITCH_MM
from media.lint import Lint, measure
from media.qr import QUIET_MODULES, matrix

CAPTURES = 10
ZXING_MUST_READ = 9
ZBAR_MUST_READ = 8
ZBAR_MAY_READ = 5
_ACCEPTABLE = "ABC"
_MOST_PCT = 80
_CAPTURES = {"captures_zxing", "captures_zbar"}


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a code is not good enough: a stable name and the numbers behind it."""

    code: str
    values: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the judges found. `width_pct` is the width that would serve, where a larger code mends it;
    `evidence` shows what failed."""

    verdict: str
    grade: str
    reasons: tuple[Reason, ...]
    captures_read: tuple[int, int]
    module_px: float
    lint: Lint | None
    width_pct: int | None = None
    evidence: Image.Image | None = None

    def report(self) -> dict[str, Any]:
        """The findings as a document to keep."""
        return {
            "reasons": [asdict(reason) for reason in self.reasons],
            "captures": {"zxing": self.captures_read[0], "zbar": self.captures_read[1], "of": CAPTURES},
            "module_px": round(self.module_px, 2),
            "lint": asdict(self.lint) if self.lint else None,
            "suggested_width_pct": self.width_pct,
        }


NO_CODE = Verdict("none", "", (), (0, 0), 0.0, None)
# A board too small for any code shows a short address instead: nothing to refuse, but worth saying.
NO_ROOM = Verdict("none", "", (Reason("no_room"),), (0, 0), 0.0, None)


def judge(screen: Image.Image, place: Box, text: str, geometry: Geometry | None = None) -> Verdict:
    """Judges the code for `text` that was drawn in `place` (quiet zone included) of `screen`."""
    grey = screen.convert("L")
    expected = matrix(text)
    modules = len(expected) + 2 * QUIET_MODULES
    module_px = place.width / modules
    lint = measure(grey.crop(place), expected)
    scene = capture.with_margin(grey, place)
    of_leds = is_of_leds(screen.size, geometry)
    reasons = [*_raster_reasons(grey, scene, text), *_lint_reasons(lint), *_size_reasons(module_px, geometry)]
    reasons += _nearness_reasons(module_px, geometry) if of_leds else []
    read, failed = _read_captures(scene, module_px, text, geometry, of_leds=of_leds)
    warnings = _capture_reasons(read, reasons, of_leds=of_leds)
    return Verdict(
        verdict="refused" if reasons else "warned" if warnings or lint.grade == "C" else "passed",
        grade=lint.grade,
        reasons=(*reasons, *warnings),
        captures_read=read,
        module_px=module_px,
        lint=lint,
        width_pct=_suggestion(reasons, geometry, modules, min(screen.size)),
        evidence=(failed or scene) if reasons or warnings else None,
    )


def is_of_leds(size: tuple[int, int], geometry: Geometry | None) -> bool:
    """Whether a screen is made of lamps: its pitch tells, or, where that is not known, how few pixels it has."""
    return geometry.pitch_mm >= LED_PITCH_MM if geometry else Shape(*size).is_board


def _raster_reasons(grey: Image.Image, scene: Image.Image, text: str) -> list[Reason]:
    found = []
    if readers.zxing(grey) != [text]:
        found.append(Reason("zxing_cannot_read"))
    if readers.has_zbar() and text not in readers.zbar(_roomy(scene)):
        found.append(Reason("zbar_cannot_read"))
    return found


def _roomy(scene: Image.Image) -> Image.Image:
    """zbar wants a few pixels a module, which LED boards do not have: the same raster, each pixel four times."""
    return scene if scene.width >= 300 else scene.resize((scene.width * 4, scene.height * 4), Image.Resampling.NEAREST)


def _lint_reasons(lint: Lint) -> list[Reason]:
    found = []
    if lint.is_inverted:
        found.append(Reason("inverted"))
    if lint.grade not in _ACCEPTABLE:
        if lint.errors:
            found.append(Reason("modules_wrong", {"count": lint.errors}))
        if lint.quiet:
            found.append(Reason("quiet_zone", {"count": lint.quiet}))
        if not (lint.errors or lint.quiet or lint.is_inverted):
            found.append(Reason("low_contrast", {"contrast": round(lint.contrast, 2)}))
    if not lint.is_whole:
        found.append(Reason("broken_pixels"))
    return found


def _size_reasons(module_px: float, geometry: Geometry | None) -> list[Reason]:
    if geometry is None or module_px >= geometry.module_px_needed():
        return []
    return [Reason("too_small", {"module_px": round(module_px, 2), "needed_px": geometry.module_px_needed()})]


def _read_captures(
    scene: Image.Image, module_px: float, text: str, geometry: Geometry | None, *, of_leds: bool
) -> tuple[tuple[int, int], Image.Image | None]:
    zxing = zbar = 0
    failed = None
    for taken in capture.captures(scene, module_px, capture_px(module_px, geometry), CAPTURES, of_leds=of_leds):
        by_zxing, by_zbar = text in readers.zxing(taken), text in readers.zbar(taken)
        zxing, zbar = zxing + by_zxing, zbar + by_zbar
        failed = failed or (None if by_zxing else taken)
    return (zxing, zbar), failed


def _capture_reasons(read: tuple[int, int], reasons: list[Reason], *, of_leds: bool) -> list[Reason]:
    """Adds what is fatal to `reasons`; returns what is only a warning. Lamps differ from board to board more than glass
    does: for these there is no half success."""
    zxing, zbar = read
    if zxing < ZXING_MUST_READ:
        reasons.append(Reason("captures_zxing", {"read": zxing, "of": CAPTURES}))
    if not readers.has_zbar():
        return [Reason("one_decoder")]
    if zbar < (ZXING_MUST_READ if of_leds else ZBAR_MAY_READ):
        reasons.append(Reason("captures_zbar", {"read": zbar, "of": CAPTURES}))
    elif zbar < ZBAR_MUST_READ:
        return [Reason("captures_zbar", {"read": zbar, "of": CAPTURES})]
    return []


def _nearness_reasons(module_px: float, geometry: Geometry | None) -> list[Reason]:
    """People who stand so near a board that a camera sees its lamps singly."""
    if geometry is None or geometry.camera_px(module_px) <= LAMPS_MERGE_PX:
        return []
    return [Reason("lamps_show", {"distance_m": geometry.distance_at(module_px, LAMPS_MERGE_PX)})]


def _suggestion(reasons: list[Reason], geometry: Geometry | None, modules: int, short_side: int) -> int | None:
    """The width that would serve, where size is what is wrong and the screen has the room."""
    codes = {reason.code for reason in reasons}
    if geometry is None or "lamps_show" in codes or not {"too_small", *_CAPTURES} & codes:
        return None
    wanted = width_pct_needed(geometry, modules, short_side)
    return wanted if wanted <= _MOST_PCT else None
