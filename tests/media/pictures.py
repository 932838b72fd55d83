"""Pictures that the tests draw themselves."""

import random

from PIL import Image, ImageDraw, ImageFilter


def landscape(width: int, height: int, seed: int = 3) -> Image.Image:
    """A lively scene: sky, sun, hills and bright houses; the same for the same seed."""
    dice = random.Random(seed)
    sky = Image.linear_gradient("L").resize((width, height))
    top, foot = ((70, 140, 220), (255, 214, 150)) if seed % 2 else ((20, 24, 60), (120, 60, 90))
    image = Image.composite(Image.new("RGB", (width, height), foot), Image.new("RGB", (width, height), top), sky)
    pen = ImageDraw.Draw(image)
    sun = width * dice.uniform(0.2, 0.8)
    pen.ellipse((sun, height * 0.12, sun + width * 0.12, height * 0.12 + width * 0.12), fill=(255, 244, 214))
    for layer in range(4):
        base = height * (0.45 + 0.12 * layer)
        ridge = [(x, base + dice.uniform(-1, 1) * height * 0.05) for x in range(0, width + 1, max(1, width // 12))]
        pen.polygon([(0, height), *ridge, (width, height)], fill=(60 + 30 * layer, 120 - 12 * layer, 110 - 20 * layer))
    for _ in range(60):
        x, y, side = dice.uniform(0, width), height * dice.uniform(0.7, 0.95), width * dice.uniform(0.01, 0.05)
        pen.rectangle((x, y - side * 1.6, x + side, y), fill=tuple(dice.randint(120, 255) for _ in "rgb"))
    return image.filter(ImageFilter.GaussianBlur(max(width, height) / 2000))
