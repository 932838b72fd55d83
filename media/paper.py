"""Sheets of paper: their sizes, their margins for the printer's knife, and from how far a code on them reads."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from media.distance import WANTED_PX, Geometry
from media.geometry import Shape

DPI = 300
MM_PER_PX = 25.4 / DPI
BLEED_MM = 3.0
_MARKS_MM = 10.0  # beyond the trimmed edge: the marks themselves, and the line that names the sheet


class Paper(enum.StrEnum):
    """Sizes of ISO 216."""

    A2 = "A2"
    A3 = "A3"
    A4 = "A4"
    A5 = "A5"

    @property
    def size_mm(self) -> tuple[int, int]:
        """Width and height, upright."""
        return {"A2": (420, 594), "A3": (297, 420), "A4": (210, 297), "A5": (148, 210)}[self.value]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet as it is ordered: `has_bleed` adds 3 mm of picture on each side that will be cut off, `has_marks`
    the lines along which to cut."""

    paper: Paper
    is_landscape: bool = False
    has_bleed: bool = False
    has_marks: bool = False

    @property
    def trim_mm(self) -> tuple[float, float]:
        """Width and height once it is cut."""
        width, height = self.paper.size_mm
        return (height, width) if self.is_landscape else (width, height)

    @property
    def bleed_mm(self) -> float:
        return BLEED_MM if self.has_bleed else 0.0

    @property
    def margin_mm(self) -> float:
        """From the edge of the page in the file to the edge once it is cut."""
        return max(self.bleed_mm, _MARKS_MM if self.has_marks else 0.0)

    @property
    def shape(self) -> Shape:
        """The trimmed sheet in pixels."""
        width, height = self.trim_mm
        return Shape(round(width / MM_PER_PX), round(height / MM_PER_PX))

    @property
    def bleed_px(self) -> int:
        return round(self.bleed_mm / MM_PER_PX)


def reach_m(code_px: int, modules: int) -> float:
    """From how far, in metres, a printed code of `code_px` reads, quiet zone included; the rule that screens obey."""
    return Geometry(MM_PER_PX, 1.0).camera_px(code_px / modules) / WANTED_PX


def picture_dpi(sheet: Sheet, width: int, height: int) -> int:
    """How many of a picture's own pixels come to an inch of the sheet that it fills; below 150 it looks soft."""
    across, down = sheet.trim_mm
    return round(min(DPI, width / across * 25.4, height / down * 25.4))
