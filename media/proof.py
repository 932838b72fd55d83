"""The proof of a print: what was made is opened again, and the gate reads every page's code before anyone prints it."""

from __future__ import annotations

import io
from collections.abc import Sequence
from threading import Lock

import pypdfium2
from PIL import Image

from media import gate, qr
from media.geometry import Box
from media.paper import MM_PER_PX
from media.press import Copy, Plate

_POINTS_PER_MM = 72 / 25.4
_PX_PER_MODULE = 8
_AROUND_MODULES = 4
_one_at_a_time = Lock()  # pdfium is not made for several threads


class NotReadable(ValueError):
    """A page whose code the gate would refuse; the message names the page."""


def proven(pdf: bytes, plate: Plate, copies: Sequence[Copy]) -> bytes:
    """The PDF with its trim and bleed boxes, once each page's code has led to that page's own link. Raises
    NotReadable."""
    with _one_at_a_time:
        document = pypdfium2.PdfDocument(pdf)
        try:
            for page, copy in zip(document, copies, strict=True):
                _set_boxes(page, plate)
                _check(page, plate, copy)
            out = io.BytesIO()
            document.save(out)
            return out.getvalue()
        finally:
            document.close()


def _set_boxes(page: pypdfium2.PdfPage, plate: Plate) -> None:
    width, height = page.get_size()
    sheet = plate.sheet
    page.set_mediabox(0, 0, width, height)
    for inset_mm, put in ((sheet.margin_mm, page.set_trimbox), (sheet.margin_mm - sheet.bleed_mm, page.set_bleedbox)):
        inset = inset_mm * _POINTS_PER_MM
        put(inset, inset, width - inset, height - inset)


def _check(page: pypdfium2.PdfPage, plate: Plate, copy: Copy) -> None:
    place = plate.layout.qr
    if place is None:
        return
    modules = len(qr.matrix(copy.link)) + 2 * qr.QUIET_MODULES
    seen = _seen(page, plate, place, modules)
    side, edge = modules * _PX_PER_MODULE, _AROUND_MODULES * _PX_PER_MODULE
    verdict = gate.judge(seen, Box(edge, edge, edge + side, edge + side), copy.link)
    if verdict.verdict == "refused":
        raise NotReadable(f"The code for {copy.name} does not read: {', '.join(r.code for r in verdict.reasons)}")


def _seen(page: pypdfium2.PdfPage, plate: Plate, place: Box, modules: int) -> Image.Image:
    """The code with a little of what surrounds it, drawn anew from the file."""
    per_px = MM_PER_PX * _POINTS_PER_MM
    origin = (plate.sheet.margin_mm - plate.sheet.bleed_mm) * _POINTS_PER_MM
    module = place.width * per_px / modules
    around = _AROUND_MODULES * module
    left, top = origin + place.left * per_px - around, origin + place.top * per_px - around
    side = (modules + 2 * _AROUND_MODULES) * module
    width, height = page.get_size()
    cut = (left, height - top - side, width - left - side, top)
    image: Image.Image = page.render(scale=_PX_PER_MODULE / module, crop=cut).to_pil().convert("RGB")
    return image.resize((round(side / module) * _PX_PER_MODULE,) * 2)
