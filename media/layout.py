"""Where picture, text and QR code stand on a screen of any shape: arithmetic only.

Everything is worked out as if the code stood in the bottom right corner, then mirrored into its own.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass, replace

from media.geometry import Box, Shape
from media.qr import whole_width

# A board's modules need two LEDs before a camera can tell them apart.
_BOARD_MODULE_PX = 2
_BOARD_MOST_MODULE_PX = 3


class Corner(enum.StrEnum):
    TOP_LEFT = "top-left"
    TOP_RIGHT = "top-right"
    BOTTOM_LEFT = "bottom-left"
    BOTTOM_RIGHT = "bottom-right"


@dataclass(frozen=True, slots=True)
class QrWish:
    """What the operator asked for. `width_pct` is of the shorter side, quiet zone included."""

    corner: Corner = Corner.BOTTOM_RIGHT
    width_pct: float = 30.0


@dataclass(frozen=True, slots=True)
class Layout:
    """The boxes of one screen. `card` is the white panel that holds the code (`qr`) and its caption."""

    shape: Shape
    margin: int
    headline: Box
    action: Box
    qr: Box | None
    card: Box | None
    caption: Box | None
    band_is_top: bool = False

    def picture_area(self, band: Box) -> Box:
        """What the text leaves free, for pictures that must be seen whole."""
        top = band.bottom if self.band_is_top else 0
        bottom = self.shape.height if self.band_is_top else band.top
        return Box(0, top, self.shape.width, bottom)

    def with_bleed(self, by: int) -> Layout:
        """The same on a sheet that is `by` pixels larger on each side, which will be cut off."""
        larger = Shape(self.shape.width + 2 * by, self.shape.height + 2 * by)
        return replace(
            self,
            shape=larger,
            headline=self.headline.moved(by, by),
            action=self.action.moved(by, by),
            qr=self.qr and self.qr.moved(by, by),
            card=self.card and self.card.moved(by, by),
            caption=self.caption and self.caption.moved(by, by),
        )


def arrange(shape: Shape, wish: QrWish | None, modules: int, *, has_action: bool, is_notice: bool) -> Layout:
    """The layout for `shape`. `modules` counts one side of the code with its quiet zone; a code that cannot
    have one whole pixel for each module is left out."""
    width = _qr_width(shape, wish, modules) if wish else 0
    if shape.is_board:
        plain = _board(shape, width)
    elif shape.is_landscape:
        plain = _landscape(shape, width, has_action, is_notice)
    else:
        plain = _portrait(shape, width, has_action, is_notice)
    return _turned(plain, wish.corner if wish else Corner.BOTTOM_RIGHT)


def _qr_width(shape: Shape, wish: QrWish, modules: int) -> int:
    width = whole_width(shape.short * wish.width_pct / 100, modules)
    if shape.is_board:
        most = min(_BOARD_MOST_MODULE_PX, shape.short // modules) * modules
        width = min(max(width, _BOARD_MODULE_PX * modules), most)
    largest = shape.short if shape.is_board else round(shape.short * 0.8)
    return min(width, largest // modules * modules)


def _card(shape: Shape, width: int, margin: int) -> tuple[Box, Box, Box]:
    """Card, code and caption in the bottom right corner."""
    pad = max(3, round(shape.short * 0.012))
    caption_height = max(15, round(width * 0.19))
    right, bottom = shape.width - margin, shape.height - margin
    card = Box(right - width - 2 * pad, bottom - width - pad - caption_height, right, bottom)
    code = Box(card.left + pad, card.top + pad, card.right - pad, card.top + pad + width)
    # The quiet zone above the caption is white already: it may reach a little into nothing but the card.
    caption = Box(card.left + 2 * pad, code.bottom, card.right - 2 * pad, card.bottom - pad)
    return card, code, caption


def _portrait(shape: Shape, width: int, has_action: bool, is_notice: bool) -> Layout:
    margin = round(shape.width * 0.06)
    gap = round(margin * 0.8)
    inner = Box(margin, margin, shape.width - margin, shape.height - margin)
    card, code, caption = _card(shape, width, margin) if width else (None, None, None)
    row_top = card.top if card else inner.bottom - (round(shape.height * 0.075) if has_action else 0)
    action = Box(inner.left, row_top, card.left - gap if card else inner.right, inner.bottom)
    highest = inner.top + (round(shape.height * 0.06) if is_notice else round(shape.height * 0.34))
    floor = row_top - gap if card or has_action else inner.bottom
    return Layout(shape, margin, Box(inner.left, highest, inner.right, floor), action, code, card, caption)


def _landscape(shape: Shape, width: int, has_action: bool, is_notice: bool) -> Layout:
    margin = round(shape.height * 0.065)
    inner = Box(margin, margin, shape.width - margin, shape.height - margin)
    card, code, caption = _card(shape, width, margin) if width else (None, None, None)
    right = min(card.left - round(1.2 * margin) if card else inner.right, margin + round(shape.width * 0.68))
    action_height = round(shape.height * 0.125) if has_action else 0
    action = Box(inner.left, inner.bottom - action_height, right, inner.bottom)
    highest = inner.top + (round(shape.height * 0.05) if is_notice else round(shape.height * 0.38))
    floor = action.top - (round(margin * 0.35) if has_action else 0)
    return Layout(shape, margin, Box(inner.left, highest, right, floor), action, code, card, caption)


def _board(shape: Shape, width: int) -> Layout:
    """LED boards: the code as large as the board allows, the words beside or above it, no small print."""
    margin = max(2, shape.short // 24)
    code = _board_code(shape, width) if width else None
    if code and shape.is_landscape:
        room = Box(margin, margin, code.left - margin, shape.height - margin)
    else:
        room = Box(margin, margin, shape.width - margin, (code.top if code else shape.height) - margin)
    split = room.top + round(room.height * 0.6)
    headline = Box(room.left, room.top, room.right, split)
    return Layout(shape, margin, headline, Box(room.left, split + margin, room.right, room.bottom), code, code, None)


def _board_code(shape: Shape, width: int) -> Box:
    edge = (shape.short - width) // 2
    right, bottom = shape.width - edge, shape.height - edge
    return Box(right - width, bottom - width, right, bottom)


def _turned(plain: Layout, corner: Corner) -> Layout:
    is_top = corner in (Corner.TOP_LEFT, Corner.TOP_RIGHT)
    is_left = corner in (Corner.TOP_LEFT, Corner.BOTTOM_LEFT)
    width, height = plain.shape.width, plain.shape.height

    def turn(box: Box) -> Box:
        sideways = box.mirrored(width) if is_left else box
        return sideways.upended(height) if is_top else sideways

    card = turn(plain.card) if plain.card else None
    shift_x = card.left - plain.card.left if card and plain.card else 0
    shift_y = card.top - plain.card.top if card and plain.card else 0
    return replace(
        plain,
        headline=turn(plain.headline),
        action=turn(plain.action),
        card=card,
        # The caption stays under the code whatever the corner: the card moves as one piece.
        qr=plain.qr and plain.qr.moved(shift_x, shift_y),
        caption=plain.caption and plain.caption.moved(shift_x, shift_y),
        band_is_top=is_top,
    )
