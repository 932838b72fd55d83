"""Pages of PDF documents, read inside the limited child."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

from media.master import MASTER_PIXELS, write_master
from media.refusal import Refusal

MOST_PAGES = 500
_DPI = 300
_LARGEST_SIDE = 8192


def count_pages(source: str) -> dict[str, Any]:
    """How many pages the document has."""
    with _opened(source) as document:
        pages = len(document)
        if not 1 <= pages <= MOST_PAGES:
            raise Refusal(f"The document has {pages} pages; from 1 to {MOST_PAGES} are accepted")
        document[0].get_size()  # a table of contents is no page: one must open
        return {"pages": pages}


def read_page(source: str, page: int, master: str) -> dict[str, Any]:
    """Draws one page, counted from 1, at 300 dots an inch or as fine as our limits allow."""
    with _opened(source) as document:
        if not 1 <= page <= len(document):
            raise Refusal(f"The document has no page {page}; it has {len(document)}")
        drawn = document[page - 1]
        width, height = drawn.get_size()
        if min(width, height) < 1:
            raise Refusal(f"Page {page} has no size")
        scale = min(_DPI / 72, math.sqrt(MASTER_PIXELS / (width * height)), _LARGEST_SIDE / max(width, height))
        picture = drawn.render(scale=scale, may_draw_forms=False).to_pil().convert("RGB")
    mime = write_master(picture, Path(master), is_photo=False)
    return {"width": picture.width, "height": picture.height, "master_mime": mime}


@contextmanager
def _opened(source: str) -> Iterator[pypdfium2.PdfDocument]:
    try:
        document = pypdfium2.PdfDocument(source)
    except pypdfium2.PdfiumError as error:
        if getattr(error, "err_code", None) == pdfium.FPDF_ERR_PASSWORD:
            raise Refusal("The document is encrypted; save it without a password and try again") from None
        raise Refusal("The document is broken or cut short") from None
    try:
        yield document
    except pypdfium2.PdfiumError:
        raise Refusal("The document is broken: a page cannot be read") from None
    finally:
        document.close()
