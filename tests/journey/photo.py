"""Pictures with the size and grain of a phone's photo: a river at dusk, another at noon."""

import random
from pathlib import Path

from PIL import Image, ImageChops, ImageDraw, ImageFilter

Colour = tuple[int, int, int]
SIZE = (4032, 3024)  # 12 megapixels
DUSK: tuple[Colour, Colour, Colour, Colour] = ((28, 44, 92), (247, 158, 92), (38, 58, 84), (255, 214, 140))
NOON: tuple[Colour, Colour, Colour, Colour] = ((46, 128, 196), (205, 232, 240), (30, 110, 98), (255, 250, 224))


def river(file: Path, palette: tuple[Colour, Colour, Colour, Colour], seed: int) -> Path:
    """Sky, sun, far banks, water with its glitter, a boat; saved as a JPEG of some megabytes."""
    dice = random.Random(seed)
    high, low, shore, sun = palette
    small = Image.new("RGB", (1008, 756))
    pen = ImageDraw.Draw(small)
    for y in range(430):
        pen.line((0, y, 1008, y), fill=_between(high, low, y / 430))
    x = dice.randrange(560, 820)
    pen.ellipse((x - 52, 250, x + 52, 354), fill=sun)
    small = small.filter(ImageFilter.GaussianBlur(3))
    pen = ImageDraw.Draw(small)
    for layer in range(3):
        _bank(pen, dice, 400 + 14 * layer, _between(low, shore, 0.45 + 0.27 * layer))
    for y in range(430, 756):
        pen.line((0, y, 1008, y), fill=_between(_between(low, shore, 0.35), shore, (y - 430) / 326))
    for _ in range(420):
        y = dice.randrange(434, 756)
        width, at = dice.randrange(8, 20 + (y - 430) // 3), x + int(dice.gauss(0, 30 + (y - 430) / 2))
        pen.line((at, y, at + width, y), fill=_between(low, sun, dice.random()), width=1 + (y - 430) // 160)
    _boat(pen, dice.randrange(150, 320), 560, _between(shore, (0, 0, 0), 0.6))
    large = small.resize(SIZE, Image.Resampling.BICUBIC)
    grain = Image.effect_noise(SIZE, 14).convert("RGB")
    ImageChops.overlay(large, grain).save(file, quality=88)
    return file


def _between(a: Colour, b: Colour, share: float) -> Colour:
    return tuple(round(p + (q - p) * min(1.0, share)) for p, q in zip(a, b, strict=True))  # type: ignore[return-value]


def _bank(pen: ImageDraw.ImageDraw, dice: random.Random, base: int, colour: Colour) -> None:
    line, y = [(0, 440)], float(base)
    for x in range(0, 1009, 12):
        y += dice.gauss(0, 4) + (base - y) * 0.2
        line.append((x, round(y)))
    pen.polygon([*line, (1008, 440)], fill=colour)


def _boat(pen: ImageDraw.ImageDraw, x: int, y: int, colour: Colour) -> None:
    pen.polygon([(x, y), (x + 210, y - 6), (x + 180, y + 34), (x + 34, y + 34)], fill=colour)
    pen.polygon([(x + 60, y), (x + 76, y - 46), (x + 136, y - 46), (x + 150, y)], fill=colour)
    pen.line((x + 186, y, x + 190, y - 62), fill=colour, width=4)
