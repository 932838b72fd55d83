"""Composing one screen: picture or ground, words that can be read on it, and the panel for the code."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from core.later import later
from media.backdrop import free_area, paint
from media.colour import GOLD, INK, WHITE, Rgb
from media.design import Design
from media.fonts import Weight
from media.geometry import Box, Shape
from media.layout import Layout, arrange
from media.picture import Fit
from media.typeset import Setting, Style, clean, draw, fit
from media.wording import Words, set_words
from media.words import CAPTION

if TYPE_CHECKING:
    import numpy as np
else:
    np = later("numpy")


@dataclass(frozen=True, slots=True)
class Composed:
    """A finished screen. `qr` is the square for the code, quiet zone included; `cut` names texts that had to be cut;
    `free` is what the words leave to the picture."""

    image: Image.Image
    qr: Box | None
    cut: tuple[str, ...]
    contrast: float
    free: Box


def layer(design: Design, shape: Shape, modules: int) -> tuple[Image.Image, Composed]:
    """What lies over a film: veil, words and panel, as a transparent picture. Composed over black and over white,
    what shines through tells how opaque each pixel is."""
    sure = replace(design, fit=Fit.COVER, over_film=True)
    on_black, on_white = (
        compose(sure, shape, Image.new("RGB", (64, 64), ground), modules) for ground in ("black", "white")
    )
    through = ImageChops.difference(on_white.image, on_black.image).convert("L")
    opacity = np.asarray(ImageChops.invert(through), dtype=np.float32)[..., None] / 255
    colours = np.asarray(on_black.image, dtype=np.float32) / np.maximum(opacity, 1 / 255)
    pixels = np.concatenate([np.clip(colours, 0, 255), opacity * 255], axis=2).round().astype(np.uint8)
    return Image.fromarray(pixels, "RGBA"), on_black


def compose(design: Design, shape: Shape, master: Image.Image | None, modules: int) -> Composed:
    """Draws `design` for `shape` over `master` (RGB), or on its own ground where there is none."""
    layout = arrange(shape, design.qr, modules, has_action=bool(clean(design.action)), is_notice=master is None)
    words = set_words(design, layout, is_notice=master is None)
    canvas, ink, ratio = paint(design, layout, words, master)
    _draw_words(canvas, layout, words, ink)
    if layout.card:
        _draw_card(canvas, layout, design)
    return Composed(canvas, layout.qr, words.cut, ratio, free_area(layout, words))


def _draw_words(canvas: Image.Image, layout: Layout, words: Words, ink: Rgb) -> None:
    draw(canvas, words.headline, *words.headline_at, ink)
    draw(canvas, words.action, *words.action_at, ink)
    if words.headline.lines and not layout.shape.is_board:
        ImageDraw.Draw(canvas).rounded_rectangle(*accent(layout, words.headline_at), fill=GOLD)


def accent(layout: Layout, at: tuple[int, int]) -> tuple[Box, int]:
    """The short gold bar above a headline that stands at `at`, and the radius of its corners."""
    left, top = at
    thick = max(3, round(layout.shape.short * 0.009))
    base = top - round(layout.margin * 0.5)
    return Box(left, base - thick, left + round(layout.margin * 1.5), base), thick // 2


def _draw_card(canvas: Image.Image, layout: Layout, design: Design) -> None:
    """The white panel: rounded, with the caption under the place for the code."""
    assert layout.card is not None
    pen = ImageDraw.Draw(canvas)
    if layout.caption is None:
        pen.rectangle((layout.card.left, layout.card.top, layout.card.right - 1, layout.card.bottom - 1), fill=WHITE)
        return
    radius = corner(layout.card)
    shadow(canvas, layout.card)
    corners = (layout.card.left, layout.card.top, layout.card.right - 1, layout.card.bottom - 1)
    pen.rounded_rectangle(corners, radius, fill=WHITE)
    caption = set_caption(design, layout.caption)
    left = layout.caption.left + (layout.caption.width - caption.width) // 2
    draw(canvas, caption, left, layout.caption.top + (layout.caption.height - caption.height) // 2, INK)


def set_caption(design: Design, room: Box) -> Setting:
    """The line below the code."""
    style = Style(design.language, Weight.SEMIBOLD, round(room.height * 0.78), 6, 1)
    return fit(CAPTION.get(design.language, CAPTION["en"]), room, style)


def corner(card: Box) -> int:
    """The radius of the panel's corners."""
    return max(2, round(card.width * 0.045))


def shadow(canvas: Image.Image, card: Box) -> None:
    """A soft edge below the card, so that it lies on the picture and is not cut out of it."""
    reach = max(2, card.width // 40)
    area = card.inset(-3 * reach).within(Shape(*canvas.size).box)
    mask = Image.new("L", (area.width, area.height), 0)
    spot = (card.left - area.left, card.top - area.top + reach, card.right - area.left, card.bottom - area.top + reach)
    ImageDraw.Draw(mask).rounded_rectangle(spot, corner(card), fill=90)
    canvas.paste(Image.new("RGB", mask.size, (0, 0, 0)), area[:2], mask.filter(ImageFilter.GaussianBlur(reach)))
