"""Composing one screen: picture or ground, words that can be read on it, and the panel for the code."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
from PIL import Image, ImageChops, ImageDraw, ImageFilter

from media import picture
from media.colour import GOLD, INK, WHITE, Rgb, contrast, readable_on, veil_needed
from media.fonts import Weight
from media.geometry import Box, Shape
from media.layout import Layout, QrWish, arrange
from media.picture import Fit, Focal
from media.typeset import Setting, Style, clean, draw, fit
from media.words import CAPTION

# Even over a dark picture the foot of the screen keeps this much veil, so that a series looks like one hand's work.
_LEAST_VEIL = 0.5
_BOARD_VEIL = 0.86


@dataclass(frozen=True, slots=True)
class Design:
    """What a creative says in one language, whatever the screen."""

    language: str
    headline: str = ""
    action: str = ""
    fit: Fit = Fit.COVER
    focal: Focal = field(default_factory=Focal)
    background: Rgb = (13, 71, 161)
    qr: QrWish | None = None
    over_film: bool = False  # any picture may come to lie under the words
    address: str = ""  # what to type where a board is too small for any code


@dataclass(frozen=True, slots=True)
class Composed:
    """A finished screen. `qr` is the square for the code, quiet zone included; `cut` names texts that had to be cut."""

    image: Image.Image
    qr: Box | None
    cut: tuple[str, ...]
    contrast: float


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


@dataclass(frozen=True, slots=True)
class _Words:
    """Both texts, set, with the box that holds them."""

    headline: Setting
    action: Setting
    headline_at: tuple[int, int]
    action_at: tuple[int, int]
    block: Box | None

    @property
    def cut(self) -> tuple[str, ...]:
        """Names of the texts that had to be cut."""
        named = (("headline", self.headline), ("call_to_action", self.action))
        return tuple(name for name, text in named if not text.fits)


def compose(design: Design, shape: Shape, master: Image.Image | None, modules: int) -> Composed:
    """Draws `design` for `shape` over `master` (RGB), or on its own ground where there is none."""
    layout = arrange(shape, design.qr, modules, has_action=bool(clean(design.action)), is_notice=master is None)
    words = _set_words(design, layout, is_notice=master is None)
    canvas = _background(design, layout, words, master)
    ink, ratio = _make_readable(canvas, design, layout, words, is_notice=master is None)
    _draw_words(canvas, layout, words, ink, design)
    if layout.card:
        _draw_card(canvas, layout, design)
    return Composed(canvas, layout.qr, words.cut, ratio)


def _set_words(design: Design, layout: Layout, *, is_notice: bool) -> _Words:
    if design.qr and layout.qr is None and design.address:
        design = replace(design, action=design.address)
    headline = _fitted(design.headline, layout.headline, _headline_style(design, layout, is_notice))
    action = _fitted(design.action, layout.action, _action_style(design, layout))
    action_top = _action_top(layout, action)
    headline_top = _headline_top(layout, headline, action, action_top, is_notice)
    boxes = [
        Box(layout.headline.left, headline_top, layout.headline.left + headline.width, headline_top + headline.height),
        Box(layout.action.left, action_top, layout.action.left + action.width, action_top + action.height),
    ]
    seen = [box for box, text in zip(boxes, (headline, action), strict=True) if text.lines]
    return _Words(
        headline, action, (layout.headline.left, headline_top), (layout.action.left, action_top), _union(seen)
    )


def _fitted(text: str, box: Box, style: Style) -> Setting:
    return fit(text, box, style) if clean(text) else Setting((), style.smallest, style, fits=True)


def _headline_style(design: Design, layout: Layout, is_notice: bool) -> Style:
    shape = layout.shape
    share = (0.15 if is_notice else 0.098) if not shape.is_landscape else (0.15 if is_notice else 0.115)
    largest = round(layout.headline.height) if shape.is_board else round(shape.short * share)
    return Style(design.language, Weight.EXTRABOLD, largest, _smallest(shape, 0.036), 6 if is_notice else 4)


def _action_style(design: Design, layout: Layout) -> Style:
    shape = layout.shape
    largest = layout.action.height if shape.is_board else round(shape.short * 0.052)
    return Style(design.language, Weight.SEMIBOLD, largest, _smallest(shape, 0.024), 5)


def _smallest(shape: Shape, share: float) -> int:
    return max(8, round(shape.short * share))


def _action_top(layout: Layout, action: Setting) -> int:
    """Beside the code, at its middle; under the headline where the screen is wide."""
    room = layout.action
    if layout.shape.is_landscape and not layout.band_is_top:
        return room.bottom - action.height
    return room.top if layout.shape.is_landscape else room.top + (room.height - action.height) // 2


def _headline_top(layout: Layout, headline: Setting, action: Setting, action_top: int, is_notice: bool) -> int:
    room = layout.headline
    if is_notice or layout.shape.is_board:
        return room.top + (room.height - headline.height) // 2
    if layout.band_is_top:
        return room.top + round(layout.margin * 0.6)
    if layout.shape.is_landscape and action.lines:
        return action_top - round(layout.margin * 0.55) - headline.height
    return room.bottom - headline.height


def _union(boxes: list[Box]) -> Box | None:
    if not boxes:
        return None
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    return Box(min(lefts), min(tops), max(rights), max(bottoms))


def _background(design: Design, layout: Layout, words: _Words, master: Image.Image | None) -> Image.Image:
    width, height = layout.shape.width, layout.shape.height
    if master is None:
        return _notice_ground(design, layout)
    if design.fit is Fit.COVER:
        return picture.cover(master, width, height, design.focal, _aim(layout, words))
    if design.fit is Fit.BLUR:
        back = picture.blurred(master, width, height)
    else:
        back = Image.new("RGB", (width, height), design.background)
    scaled, where = picture.contain(master, _free_area(layout, words))
    back.paste(scaled, where)
    return back


def _aim(layout: Layout, words: _Words) -> float:
    """Where on the screen's height the focal point should come: the middle of what the words leave free."""
    if words.block is None:
        return 0.5
    free = _free_area(layout, words)
    return (free.top + free.bottom) / 2 / layout.shape.height


def _free_area(layout: Layout, words: _Words) -> Box:
    if words.block is None:
        return layout.shape.box
    taken = _union([box for box in (words.block, layout.card) if box])
    assert taken is not None
    gap = layout.margin
    return layout.picture_area(Box(0, taken.top - gap, layout.shape.width, taken.bottom + gap))


def _notice_ground(design: Design, layout: Layout) -> Image.Image:
    shape = layout.shape
    canvas = picture.ground(design.background, shape.width, shape.height)
    if not shape.is_board:
        _rings(canvas, readable_on(design.background))
    return canvas


def _rings(canvas: Image.Image, ink: Rgb) -> None:
    """Two quiet rings in the far corner: a large screen with few words should not look unfinished."""
    side = min(canvas.size)
    mask = Image.new("L", canvas.size, 0)
    pen = ImageDraw.Draw(mask)
    for radius, line in ((0.62, 0.11), (0.34, 0.06)):
        reach, across = round(side * radius), canvas.width
        pen.ellipse((across - reach, -reach, across + reach, reach), outline=16, width=round(side * line))
    canvas.paste(Image.new("RGB", canvas.size, ink), (0, 0), mask)


def _make_readable(
    canvas: Image.Image, design: Design, layout: Layout, words: _Words, *, is_notice: bool
) -> tuple[Rgb, float]:
    """Veils the ground behind the words until they pass AA; returns their colour and the least contrast."""
    if words.block is None:
        return WHITE, 21.0
    region = canvas.crop(_clamped(words.block, layout.shape))
    if is_notice:
        ink = readable_on(design.background)
        worst = min(_extremes(region), key=lambda ground: contrast(ink, ground))
        if contrast(ink, worst) >= 4.5:
            return ink, contrast(ink, worst)
    brightest = WHITE if design.over_film else _extremes(region)[1]
    strength = max(_BOARD_VEIL if layout.shape.is_board else _LEAST_VEIL, veil_needed(brightest))
    _veil(canvas, layout, words.block, strength)
    after = _extremes(canvas.crop(_clamped(words.block, layout.shape)))[1]
    return WHITE, contrast(WHITE, after)


def _clamped(box: Box, shape: Shape) -> Box:
    return Box(max(0, box.left), max(0, box.top), min(shape.width, box.right), min(shape.height, box.bottom))


def _extremes(region: Image.Image) -> tuple[Rgb, Rgb]:
    """The darkest and the brightest colour there could be: each channel's own extreme."""
    bands = region.getextrema()
    low = tuple(int(band[0]) for band in bands)  # type: ignore[index]
    high = tuple(int(band[1]) for band in bands)  # type: ignore[index]
    return (low[0], low[1], low[2]), (high[0], high[1], high[2])


def _veil(canvas: Image.Image, layout: Layout, block: Box, strength: float) -> None:
    """Ink over the picture: full behind the words, fading out over the picture's middle."""
    height = layout.shape.height
    full = round(255 * strength)
    if layout.shape.is_board:
        column = Image.new("L", (1, height), full)
    else:
        column = _fade(height, block, round(layout.margin * 0.6), full, layout.band_is_top)
    canvas.paste(Image.new("RGB", canvas.size, INK), (0, 0), column.resize(canvas.size, Image.Resampling.NEAREST))


def _fade(height: int, block: Box, air: int, full: int, is_top: bool) -> Image.Image:
    solid = (block.bottom + air) if is_top else height - (block.top - air)
    solid = min(max(solid, 1), height)
    ramp = min(height - solid, round(height * 0.24))
    column = Image.new("L", (1, height), 0)
    column.paste(full, (0, height - solid, 1, height))
    if ramp > 0:
        eased = Image.linear_gradient("L").resize((1, ramp)).point(lambda v: round(full * (v / 255) ** 1.5))
        column.paste(eased, (0, height - solid - ramp))
    return column.transpose(Image.Transpose.FLIP_TOP_BOTTOM) if is_top else column


def _draw_words(canvas: Image.Image, layout: Layout, words: _Words, ink: Rgb, design: Design) -> None:
    draw(canvas, words.headline, *words.headline_at, ink)
    draw(canvas, words.action, *words.action_at, ink)
    if words.headline.lines and not layout.shape.is_board:
        _accent(canvas, layout, words.headline_at, design)


def _accent(canvas: Image.Image, layout: Layout, at: tuple[int, int], design: Design) -> None:
    """A short gold bar above the headline."""
    left, top = at
    thick = max(3, round(layout.shape.short * 0.009))
    base = top - round(layout.margin * 0.5)
    ImageDraw.Draw(canvas).rounded_rectangle(
        (left, base - thick, left + round(layout.margin * 1.5), base), thick // 2, fill=GOLD
    )


def _draw_card(canvas: Image.Image, layout: Layout, design: Design) -> None:
    """The white panel: rounded, with the caption under the place for the code."""
    assert layout.card is not None
    pen = ImageDraw.Draw(canvas)
    if layout.caption is None:
        pen.rectangle((layout.card.left, layout.card.top, layout.card.right - 1, layout.card.bottom - 1), fill=WHITE)
        return
    radius = max(2, round(layout.card.width * 0.045))
    _shadow(canvas, layout.card, radius)
    corners = (layout.card.left, layout.card.top, layout.card.right - 1, layout.card.bottom - 1)
    pen.rounded_rectangle(corners, radius, fill=WHITE)
    style = Style(design.language, Weight.SEMIBOLD, round(layout.caption.height * 0.78), 6, 1)
    caption = fit(CAPTION.get(design.language, CAPTION["en"]), layout.caption, style)
    left = layout.caption.left + (layout.caption.width - caption.width) // 2
    draw(canvas, caption, left, layout.caption.top + (layout.caption.height - caption.height) // 2, INK)


def _shadow(canvas: Image.Image, card: Box, radius: int) -> None:
    """A soft edge below the card, so that it lies on the picture and is not cut out of it."""
    reach = max(2, card.width // 40)
    area = _clamped(card.inset(-3 * reach), Shape(*canvas.size))
    mask = Image.new("L", (area.width, area.height), 0)
    spot = (card.left - area.left, card.top - area.top + reach, card.right - area.left, card.bottom - area.top + reach)
    ImageDraw.Draw(mask).rounded_rectangle(spot, radius, fill=90)
    canvas.paste(Image.new("RGB", mask.size, (0, 0, 0)), area[:2], mask.filter(ImageFilter.GaussianBlur(reach)))
