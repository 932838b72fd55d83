"""The words of a screen or sheet: how large, in which lines, where."""

from __future__ import annotations

from dataclasses import dataclass, replace

from media.design import Design
from media.fonts import Weight
from media.geometry import Box, Shape
from media.layout import Layout
from media.typeset import Setting, Style, clean, fit


@dataclass(frozen=True, slots=True)
class Words:
    """Both texts, set, with the box that holds them; positions are of the ink's left top corner, in pixels."""

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


def set_words(design: Design, layout: Layout, *, is_notice: bool) -> Words:
    """Sets headline and call to action where `layout` has room for them."""
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
    return Words(headline, action, (layout.headline.left, headline_top), (layout.action.left, action_top), union(seen))


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


def union(boxes: list[Box]) -> Box | None:
    """The smallest box around all of `boxes`."""
    if not boxes:
        return None
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    return Box(min(lefts), min(tops), max(rights), max(bottoms))
