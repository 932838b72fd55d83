"""Print-ready PDF: the picture at 300 dpi, words and code as vectors, every letter's font within the file."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from fpdf import FPDF
from fpdf.enums import XPos, YPos
from PIL import Image, ImageCms

from media import qr
from media.backdrop import paint
from media.colour import GOLD, INK, Rgb
from media.compose import accent, corner, set_caption, shadow
from media.design import Design
from media.fonts import Weight, cut_down
from media.geometry import Box
from media.layout import Layout, arrange
from media.paper import MM_PER_PX, Sheet
from media.typeset import Setting, Style, clean, fit
from media.wording import Words, set_words

_QUALITY = 90
_CAPTION_SHARE = 0.56  # of the room below the code; the rest is the address for those who type
_BASELINE = 0.8  # of the type size: how far below a cell's top fpdf sets the baseline
_MARK_MM, _MARK_GAP_MM, _HAIRLINE_MM = 5.0, 3.5, 0.09
_SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


@dataclass(frozen=True, slots=True)
class Copy:
    """One page: the link that its code holds, the address to type, and a name in the margin for whoever sorts them."""

    link: str
    address: str
    name: str


@dataclass(frozen=True, slots=True)
class Plate:
    """What all copies of a sheet share: the picture as a JPEG, and where words and code go, in pixels of 300 dpi
    from the bleed's left top corner."""

    sheet: Sheet
    design: Design
    layout: Layout
    words: Words
    ink: Rgb
    picture: bytes


def make_plate(design: Design, sheet: Sheet, master: Image.Image | None, modules: int) -> Plate:
    """Lays `design` out on `sheet`. `modules` counts one side of the code with its quiet zone."""
    is_notice = master is None
    trimmed = arrange(sheet.shape, design.qr, modules, has_action=bool(clean(design.action)), is_notice=is_notice)
    layout = trimmed.with_bleed(sheet.bleed_px)
    words = set_words(design, layout, is_notice=is_notice)
    canvas, ink, _ratio = paint(design, layout, words, master)
    if layout.card:
        shadow(canvas, layout.card)
    out = io.BytesIO()
    canvas.save(out, "JPEG", quality=_QUALITY, subsampling=0, dpi=(300, 300), icc_profile=_SRGB)
    return Plate(sheet, design, layout, words, ink, out.getvalue())


def cut_fonts(plate: Plate, copies: Iterable[Copy], folder: Path) -> None:
    """Puts the fonts for these copies into `folder`, where every PDF of the order finds them. Raises CannotSet."""
    said = "".join(copy.address + copy.name for copy in copies)
    for name, language, weight, text in _faces(plate, said):
        (folder / f"{name}.ttf").write_bytes(cut_down(language, weight, text))


def print_copies(plate: Plate, copies: Iterable[Copy], fonts: Path, *, title: str) -> bytes:
    """A PDF with a page for each copy, in the fonts that were cut into `fonts`."""
    pdf = _Press(plate, fonts, title)
    for copy in copies:
        pdf.print(copy)
    return bytes(pdf.output())


class _Press(FPDF):
    """Draws in pixels of 300 dpi from the bleed's corner, turned into millimetres of the page."""

    def __init__(self, plate: Plate, fonts: Path, title: str) -> None:
        self.plate, sheet = plate, plate.sheet
        across, down = (side + 2 * sheet.margin_mm for side in sheet.trim_mm)
        super().__init__("P", "mm", (across, down))
        self._origin = sheet.margin_mm - sheet.bleed_mm
        self.set_auto_page_break(False)
        self.set_margins(0, 0, 0)
        self.c_margin = 0
        self.set_title(title)
        self.set_lang(plate.design.language)
        self.set_creator("Bảng Tin")
        self.set_text_shaping(True)
        for file in sorted(fonts.glob("*.ttf")):
            self.add_font(file.stem, "", file)

    def print(self, copy: Copy) -> None:
        self.add_page()
        layout, words = self.plate.layout, self.plate.words
        self._picture()
        self._words(words.headline, words.headline_at, self.plate.ink)
        self._words(words.action, words.action_at, self.plate.ink)
        if words.headline.lines:
            bar, radius = accent(layout, words.headline_at)
            self._rounded(bar, radius, GOLD)
        if layout.card and layout.qr and layout.caption:
            self._rounded(layout.card, corner(layout.card), (255, 255, 255))
            self._code(copy.link, layout.qr)
            self._caption(copy.address, layout.caption)
        if self.plate.sheet.has_marks:
            self._marks(copy.name)

    def _mm(self, px: float) -> float:
        return self._origin + px * MM_PER_PX

    def _picture(self) -> None:
        width, height = (side + 2 * self.plate.sheet.bleed_mm for side in self.plate.sheet.trim_mm)
        self.image(io.BytesIO(self.plate.picture), self._origin, self._origin, width, height)

    def _words(self, text: Setting, at: tuple[int, int], colour: Rgb, face: str | None = None) -> None:
        if not text.lines:
            return
        points = text.size * MM_PER_PX * self.k
        self.set_font(face or _face(text.style.weight), "", points)
        self.set_text_color(*colour)
        baseline = text.baseline(at[1])
        for number, line in enumerate(text.lines):
            height = text.size * MM_PER_PX
            self.set_xy(self._mm(at[0]), self._mm(baseline + number * text.leading) - _BASELINE * height)
            self.cell(0, height, line, new_x=XPos.LEFT, new_y=YPos.TOP)

    def _rounded(self, box: Box, radius: int, colour: Rgb) -> None:
        self.set_fill_color(*colour)
        edges = (self._mm(box.left), self._mm(box.top), box.width * MM_PER_PX, box.height * MM_PER_PX)
        self.rect(*edges, style="F", round_corners=True, corner_radius=radius * MM_PER_PX)

    def _code(self, link: str, place: Box) -> None:
        """One path for all modules, in the black of the black plate alone, so that no seams and no colours show."""
        grid = qr.matrix(link)
        module = place.width * MM_PER_PX / (len(grid) + 2 * qr.QUIET_MODULES)
        with self.new_path() as path:
            path.style.fill_color, path.style.stroke_color = "#000", None
            for x, y, length in qr.runs(grid):
                left, top = self._mm(place.left) + x * module, self._mm(place.top) + y * module
                path.rectangle(left, top, length * module, module)

    def _caption(self, address: str, room: Box) -> None:
        middle = room.top + round(room.height * _CAPTION_SHARE)
        above, below = room._replace(bottom=middle), room._replace(top=middle)
        self._centred(set_caption(self.plate.design, above), above, None)
        style = Style("vi", Weight.MEDIUM, round(below.height * 0.72), 6, 1)
        self._centred(fit(address, below, style), below, _LATIN)

    def _centred(self, text: Setting, room: Box, face: str | None) -> None:
        left = room.left + (room.width - text.width) // 2
        self._words(text, (left, room.top + (room.height - text.height) // 2), INK, face)

    def _marks(self, name: str) -> None:
        """Lines towards the corners of the trimmed sheet, outside the bleed, and what the sheet is."""
        margin = self.plate.sheet.margin_mm
        width, height = self.plate.sheet.trim_mm
        self.set_draw_color(0)
        self.set_line_width(_HAIRLINE_MM)
        for x1, y1, x2, y2 in _mark_lines(margin, width, height):
            self.line(x1, y1, x2, y2)
        self.set_font(_LATIN, "", 7)
        self.set_text_color(0)
        self.set_xy(margin + 8, margin + height + _MARK_GAP_MM + 1)
        self.cell(width - 16, 3, f"{self.plate.sheet.paper} · {name}", align="C")


def _mark_lines(margin: float, width: float, height: float) -> Iterator[tuple[float, float, float, float]]:
    """Two lines at each corner, in millimetres."""
    near, far = margin - _MARK_GAP_MM, margin - _MARK_GAP_MM - _MARK_MM
    for x in (margin, margin + width):
        yield x, far, x, near
        yield x, height + 2 * margin - far, x, height + 2 * margin - near
    for y in (margin, margin + height):
        yield far, y, near, y
        yield width + 2 * margin - far, y, width + 2 * margin - near, y


_LATIN = "latin"  # addresses and names of places, whatever language the sheet speaks


def _face(weight: Weight) -> str:
    return f"w{int(weight)}"


def _faces(plate: Plate, said: str) -> Iterator[tuple[str, str, Weight, str]]:
    """Every face that the sheet is set in: name, language, weight, and all that is said in it."""
    language = plate.design.language
    caption = set_caption(plate.design, plate.layout.caption).lines if plate.layout.caption else ()
    yield _face(Weight.EXTRABOLD), language, Weight.EXTRABOLD, "".join(plate.words.headline.lines) + " "
    yield _face(Weight.SEMIBOLD), language, Weight.SEMIBOLD, "".join((*plate.words.action.lines, *caption)) + " "
    yield _LATIN, "vi", Weight.MEDIUM, f"{said} ·… {plate.sheet.paper}"
