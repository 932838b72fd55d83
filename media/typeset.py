"""Setting a text in a box: it shrinks and breaks before it is ever cut."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from PIL import Image, ImageDraw, ImageFont

from media.breaking import pieces
from media.colour import Rgb
from media.fonts import Weight, face
from media.geometry import Box

_LEADING = {"th": 1.36, "lo": 1.36, "km": 1.5}
_USUAL_LEADING = 1.18


@dataclass(frozen=True, slots=True)
class Style:
    """How a text is set: sizes in pixels an em, the largest tried first."""

    language: str
    weight: Weight
    largest: int
    smallest: int
    most_lines: int = 4


@dataclass(frozen=True, slots=True)
class Setting:
    """A text broken into lines at a size. `fits` is False where even the smallest size had to be cut."""

    lines: tuple[str, ...]
    size: int
    style: Style
    fits: bool

    @property
    def leading(self) -> int:
        return round(self.size * _LEADING.get(self.style.language, _USUAL_LEADING))

    @property
    def height(self) -> int:
        """From the top of the first line's tallest letter to the last line's lowest, in pixels."""
        return (len(self.lines) - 1) * self.leading + sum(self._extent()) if self.lines else 0

    @property
    def width(self) -> int:
        return max((round(self.font.getlength(line)) for line in self.lines), default=0)

    @property
    def font(self) -> ImageFont.FreeTypeFont:
        return face(self.style.language, self.style.weight, self.size)

    def _extent(self) -> tuple[int, int]:
        # Real ink, not the font's generous ascent: so that boxes align with what the eye sees.
        above = -_ink(self.style.language, self.style.weight, self.size, self.lines[0])[1]
        below = _ink(self.style.language, self.style.weight, self.size, self.lines[-1])[3]
        return round(above), round(below)

    def baseline(self, top: int) -> int:
        return top + (self._extent()[0] if self.lines else 0)


@lru_cache(maxsize=2048)
def _ink(language: str, weight: Weight, size: int, line: str) -> tuple[float, float, float, float]:
    """Where a line's ink reaches from its baseline's left end; asked for many times while a text finds its place."""
    return face(language, weight, size).getbbox(line, anchor="ls")


def clean(text: str) -> str:
    """Composed (NFC), with single spaces and without control characters."""
    kept = "".join(c for c in unicodedata.normalize("NFC", text) if c.isspace() or c.isprintable() or c == "\u200b")
    return " ".join(kept.split())


def fit(text: str, box: Box, style: Style) -> Setting:
    """`text` at the largest size at which all of it stands in `box`."""
    words = pieces(clean(text), style.language)
    low, high = min(style.smallest, style.largest), style.largest
    best: Setting | None = None
    while low <= high:
        middle = (low + high) // 2
        tried = _broken(words, box.width, style, middle)
        if _stands(tried, box):
            best, low = tried, middle + 1
        else:
            high = middle - 1
    return _balanced(words, best, box) if best else _cut(words, box, style)


def _stands(setting: Setting, box: Box) -> bool:
    within = len(setting.lines) <= setting.style.most_lines
    return within and setting.width <= box.width and setting.height <= box.height


def _broken(words: tuple[str, ...], width: int, style: Style, size: int) -> Setting:
    font = face(style.language, style.weight, size)
    lines: list[str] = []
    line = ""
    for word in words:
        if line and font.getlength((line + word).rstrip()) > width:
            lines.append(line.rstrip())
            line = word.lstrip()
        else:
            line += word
    lines.append(line.rstrip())
    return Setting(tuple(filter(None, lines)), size, style, fits=True)


def _balanced(words: tuple[str, ...], best: Setting, box: Box) -> Setting:
    """The same size and number of lines in the narrowest column: no lonely last word."""
    narrow, wide = 1, box.width
    while narrow < wide:
        middle = (narrow + wide) // 2
        tried = _broken(words, middle, best.style, best.size)
        if tried.width <= middle and len(tried.lines) <= len(best.lines):
            wide = middle
        else:
            narrow = middle + 1
    return _broken(words, wide, best.style, best.size)


def _cut(words: tuple[str, ...], box: Box, style: Style) -> Setting:
    """As many words as stand at the smallest size, and an ellipsis; the caller says so to the operator."""
    for count in range(len(words) - 1, 0, -1):
        shortened = (*words[: count - 1], words[count - 1].rstrip() + "…")
        tried = _broken(shortened, box.width, style, style.smallest)
        if _stands(tried, box):
            return Setting(tried.lines, tried.size, style, fits=False)
    return Setting((), style.smallest, style, fits=False)


def draw(canvas: Image.Image, setting: Setting, left: int, top: int, colour: Rgb) -> None:
    """The lines of `setting`, their ink starting at `top`, aligned at `left`."""
    pen = ImageDraw.Draw(canvas)
    baseline = setting.baseline(top)
    for number, line in enumerate(setting.lines):
        where = (left, baseline + number * setting.leading)
        pen.text(where, line, font=setting.font, fill=colour, anchor="ls")
