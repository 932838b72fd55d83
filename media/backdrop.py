"""What lies behind the words: picture or ground, veiled until they can be read."""

from __future__ import annotations

from PIL import Image, ImageDraw

from media import picture
from media.colour import INK, WHITE, Rgb, contrast, readable_on, veil_needed
from media.design import Design
from media.geometry import Box
from media.layout import Layout
from media.picture import Fit
from media.wording import Words, union

# Even over a dark picture the foot of the screen keeps this much veil, so that a series looks like one hand's work.
_LEAST_VEIL = 0.5
_BOARD_VEIL = 0.86


def paint(design: Design, layout: Layout, words: Words, master: Image.Image | None) -> tuple[Image.Image, Rgb, float]:
    """The ground for `words`, the colour to write them in, and the least contrast there is between the two."""
    canvas = _background(design, layout, words, master)
    ink, ratio = _make_readable(canvas, design, layout, words, is_notice=master is None)
    return canvas, ink, ratio


def _background(design: Design, layout: Layout, words: Words, master: Image.Image | None) -> Image.Image:
    width, height = layout.shape.width, layout.shape.height
    if master is None:
        return _notice_ground(design, layout)
    if design.fit is Fit.COVER:
        return picture.cover(master, width, height, design.focal, _aim(layout, words))
    if design.fit is Fit.BLUR:
        back = picture.blurred(master, width, height)
    else:
        back = Image.new("RGB", (width, height), design.background)
    scaled, where = picture.contain(master, free_area(layout, words))
    back.paste(scaled, where)
    return back


def _aim(layout: Layout, words: Words) -> float:
    """Where on the screen's height the focal point should come: the middle of what the words leave free."""
    free = free_area(layout, words)
    return (free.top + free.bottom) / 2 / layout.shape.height


def free_area(layout: Layout, words: Words) -> Box:
    """What words and panel leave of the screen, over its whole width."""
    if words.block is None:
        return layout.shape.box
    taken = union([box for box in (words.block, layout.card) if box])
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
    canvas: Image.Image, design: Design, layout: Layout, words: Words, *, is_notice: bool
) -> tuple[Rgb, float]:
    """Veils the ground behind the words until they pass AA; returns their colour and the least contrast."""
    if words.block is None:
        return WHITE, 21.0
    region = canvas.crop(words.block.within(layout.shape.box))
    if is_notice:
        ink = readable_on(design.background)
        worst = min(_extremes(region), key=lambda ground: contrast(ink, ground))
        if contrast(ink, worst) >= 4.5:
            return ink, contrast(ink, worst)
    brightest = WHITE if design.over_film else _extremes(region)[1]
    strength = max(_BOARD_VEIL if layout.shape.is_board else _LEAST_VEIL, veil_needed(brightest))
    _veil(canvas, layout, words.block, strength)
    after = _extremes(canvas.crop(words.block.within(layout.shape.box)))[1]
    return WHITE, contrast(WHITE, after)


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
    veiled = column.getbbox() or (0, 0, 1, height)
    where = (0, veiled[1], layout.shape.width, veiled[3])
    mask = column.crop(veiled).resize((layout.shape.width, veiled[3] - veiled[1]), Image.Resampling.NEAREST)
    canvas.paste(INK, where, mask)


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
