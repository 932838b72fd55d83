"""Colours and their contrast, as WCAG 2 measures it."""

from __future__ import annotations

import re

Rgb = tuple[int, int, int]

AA = 4.5
WHITE: Rgb = (255, 255, 255)
INK: Rgb = (11, 23, 45)
GOLD: Rgb = (255, 200, 61)
_HEX = re.compile(r"#[0-9A-Fa-f]{6}\Z")


def parse(text: str) -> Rgb:
    """The colour of `#RRGGBB`; ValueError for anything else."""
    if not _HEX.match(text):
        raise ValueError(f"{text!r} is not a colour like #0B3D91")
    return int(text[1:3], 16), int(text[3:5], 16), int(text[5:7], 16)


def luminance(colour: Rgb) -> float:
    """Relative luminance from 0, black, to 1, white (WCAG 2.2, relative luminance)."""
    red, green, blue = (_linear(channel / 255) for channel in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4


def contrast(one: Rgb, other: Rgb) -> float:
    """The contrast ratio of two colours, from 1 to 21."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def mix(below: Rgb, above: Rgb, share: float) -> Rgb:
    """`above` laid over `below` with the opacity `share`."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(below, above, strict=True))
    return red, green, blue


def readable_on(ground: Rgb) -> Rgb:
    """White or ink, whichever stands out more on `ground`."""
    return max((WHITE, INK), key=lambda text: contrast(text, ground))


def veil_needed(ground: Rgb, veil: Rgb = INK, text: Rgb = WHITE, ratio: float = AA) -> float:
    """The least opacity of `veil`, in steps of 0.02, that makes `text` readable over `ground`."""
    steps = (step / 50 for step in range(51))
    return next(share for share in steps if contrast(text, mix(ground, veil, share)) >= ratio)
