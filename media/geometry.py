"""Boxes and shapes in whole pixels. The origin is the top left corner."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

SMALLEST_SIDE = 64
LARGEST_SIDE = 7680


class Box(NamedTuple):
    """A rectangle in pixels: left and top are inside it, right and bottom are not."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def width(self) -> int:
        return self.right - self.left

    @property
    def height(self) -> int:
        return self.bottom - self.top

    def inset(self, by: int) -> Box:
        return Box(self.left + by, self.top + by, self.right - by, self.bottom - by)

    def moved(self, right: int, down: int) -> Box:
        return Box(self.left + right, self.top + down, self.right + right, self.bottom + down)

    def within(self, other: Box) -> Box:
        """The part of it that lies in `other`."""
        left, top = max(self.left, other.left), max(self.top, other.top)
        return Box(left, top, min(self.right, other.right), min(self.bottom, other.bottom))

    def mirrored(self, canvas_width: int) -> Box:
        """The same box seen in a mirror that stands left of the canvas."""
        return Box(canvas_width - self.right, self.top, canvas_width - self.left, self.bottom)

    def upended(self, canvas_height: int) -> Box:
        """The same box seen in a mirror that lies below the canvas."""
        return Box(self.left, canvas_height - self.bottom, self.right, canvas_height - self.top)


@dataclass(frozen=True, slots=True)
class Shape:
    """The size of a screen in pixels."""

    width: int
    height: int

    @property
    def short(self) -> int:
        return min(self.width, self.height)

    @property
    def is_landscape(self) -> bool:
        return self.width > self.height

    @property
    def is_board(self) -> bool:
        """True for LED boards, whose pixels are so few that a photograph and small print are lost."""
        return self.short < 160

    @property
    def box(self) -> Box:
        return Box(0, 0, self.width, self.height)

    @property
    def is_sensible(self) -> bool:
        sides = (self.width, self.height)
        return min(sides) >= SMALLEST_SIDE and max(sides) <= LARGEST_SIDE

    def __str__(self) -> str:
        return f"{self.width}×{self.height}"
