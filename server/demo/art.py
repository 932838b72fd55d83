"""Three backgrounds for the demo's creatives, drawn by code: no photograph, no trademark, nobody's rights.

A picture is an array of light, (SIDE, SIDE, 3) from 0 to 1. Places and sizes are parts of the side, measured from the
top left. A shape is where it may be (a window, so that small things are quick) and the distance to its edge, negative
within: an edge is one pixel soft.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from core.later import later

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Light = NDArray[np.floating[Any]]
    Plane = NDArray[np.floating[Any]]
else:
    np = later("numpy")

SIDE = 1440
Colour = tuple[int, int, int]


@dataclass(frozen=True)
class Shape:
    """``window`` is left, top, right, bottom; ``distance`` is asked for the x and y of its pixels."""

    window: tuple[float, float, float, float]
    distance: Callable[[Plane, Plane], Plane]


def waves() -> Light:
    """Rings that spread from a phone: who was near whom."""
    picture = sky((6, 30, 92), (18, 140, 216))
    for ring in range(1, 8):
        paint(picture, outline(0.5, 0.62, 0.13 * ring, 0.004), (190, 234, 255), 0.5 - 0.06 * ring)
    paint(picture, box(0.5, 0.62, 0.085, 0.16, 0.022), (8, 24, 66), 0.95)
    paint(picture, box(0.5, 0.62, 0.074, 0.146, 0.012), (232, 246, 255), 1.0)
    paint(picture, disc(0.5, 0.6, 0.04), (10, 124, 208), 1.0)
    paint(picture, box(0.5, 0.7, 0.045, 0.006, 0.006), (10, 124, 208), 1.0)
    return picture


def river() -> Light:
    """Morning on the Hậu river: a sun and banks one behind the other."""
    picture = sky((253, 196, 108), (255, 240, 214))
    paint(picture, disc(0.68, 0.36, 0.12), (255, 252, 240), 0.95)
    paint(picture, bank(0.50, 1.3, 0.4), (120, 178, 166), 1.0)
    paint(picture, bank(0.60, 1.9, 2.1), (62, 146, 146), 1.0)
    paint(picture, bank(0.71, 1.4, 4.0), (24, 112, 128), 1.0)
    paint(picture, bank(0.83, 2.2, 5.2), (10, 74, 98), 1.0)
    return picture


def neighbours() -> Light:
    """People as points, and who knows whom as lines."""
    picture = sky((10, 96, 92), (38, 166, 144))
    places = np.random.default_rng(2020).uniform(0.04, 0.96, (46, 2)).tolist()
    for i, (ax, ay) in enumerate(places):
        for bx, by in places[i + 1 :]:
            if np.hypot(ax - bx, ay - by) < 0.19:
                paint(picture, line(ax, ay, bx, by, 0.0016), (206, 248, 236), 0.55)
    for i, (x, y) in enumerate(places):
        paint(picture, disc(x, y, 0.010 + 0.004 * (i % 3)), (255, 255, 255), 0.95)
    return picture


DRAWINGS: dict[str, Callable[[], Light]] = {"waves": waves, "river": river, "neighbours": neighbours}


def png(name: str) -> bytes:
    """One of DRAWINGS as a PNG file, SIDE by SIDE pixels."""
    pixels = (np.clip(DRAWINGS[name](), 0, 1) * 255).round().astype(np.uint8)
    rows = b"".join(b"\0" + row.tobytes() for row in pixels)
    header = struct.pack(">IIBBBBB", SIDE, SIDE, 8, 2, 0, 0, 0)
    parts = (("IHDR", header), ("IDAT", zlib.compress(rows, 4)), ("IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind.encode(), body) for kind, body in parts)


def sky(top: Colour, bottom: Colour) -> Light:
    """From one colour above to another below."""
    share = np.linspace(0, 1, SIDE, dtype=np.float32)[:, None, None]
    column = (np.array(top) * (1 - share) + np.array(bottom) * share) / 255
    return np.repeat(column.astype(np.float32), SIDE, axis=1)


def paint(picture: Light, shape: Shape, colour: Colour, strength: float) -> None:
    """Lays a colour over the picture where the shape is."""
    left, top, right, bottom = (min(max(int(edge * SIDE), 0), SIDE) for edge in shape.window)
    y, x = np.mgrid[top:bottom, left:right].astype(np.float32) / SIDE
    cover = (np.clip(0.5 - shape.distance(x, y) * SIDE, 0, 1) * strength).astype(np.float32)[..., None]
    part = picture[top:bottom, left:right]
    part += cover * (np.array(colour, dtype=np.float32) / 255 - part)


def disc(x: float, y: float, radius: float) -> Shape:
    """Everything nearer than the radius."""
    return Shape(_around(x, y, radius, radius), lambda px, py: np.hypot(px - x, py - y) - radius)


def outline(x: float, y: float, radius: float, half: float) -> Shape:
    """A ring, twice ``half`` thick."""
    reach = radius + half
    return Shape(_around(x, y, reach, reach), lambda px, py: np.abs(np.hypot(px - x, py - y) - radius) - half)


def box(x: float, y: float, width: float, height: float, corner: float) -> Shape:
    """A rectangle of half ``width`` and ``height`` with round corners."""

    def distance(px: Plane, py: Plane) -> Plane:
        dx, dy = np.abs(px - x) - width + corner, np.abs(py - y) - height + corner
        away: Plane = np.hypot(np.maximum(dx, 0), np.maximum(dy, 0)) + np.minimum(np.maximum(dx, dy), 0) - corner
        return away

    return Shape(_around(x, y, width, height), distance)


def line(ax: float, ay: float, bx: float, by: float, half: float) -> Shape:
    """From a to b, twice ``half`` thick, with round ends."""
    dx, dy = bx - ax, by - ay

    def distance(px: Plane, py: Plane) -> Plane:
        along = np.clip(((px - ax) * dx + (py - ay) * dy) / (dx * dx + dy * dy), 0, 1)
        return np.hypot(px - ax - along * dx, py - ay - along * dy) - half

    return Shape(_around((ax + bx) / 2, (ay + by) / 2, abs(dx) / 2 + half, abs(dy) / 2 + half), distance)


def bank(level: float, frequency: float, phase: float) -> Shape:
    """Everything below a wavy shore."""

    def distance(px: Plane, py: Plane) -> Plane:
        long = 0.035 * np.sin(2 * np.pi * frequency * px + phase)
        below: Plane = level + long + 0.012 * np.sin(9 * np.pi * px + phase) - py
        return below

    return Shape((0, level - 0.06, 1, 1), distance)


def _around(x: float, y: float, width: float, height: float) -> tuple[float, float, float, float]:
    """The window around a middle, with a pixel or two to spare."""
    spare = 2 / SIDE
    return x - width - spare, y - height - spare, x + width + spare, y + height + spare


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
