"""QR codes: short, upper case, in the alphanumeric mode, with the strongest correction that costs no size.

A code is drawn with whole pixels for each module and four quiet modules around it, because a camera
that has to guess where a module ends reads from half the distance.
"""

from __future__ import annotations

import io
from functools import lru_cache
from urllib.parse import urlsplit

from PIL import Image
from qrcode import constants
from qrcode.main import QRCode

QUIET_MODULES = 4
CODE_LENGTH = 8
LARGEST_PNG = 4096
# Weakest first: the level whose version every stronger one is compared with.
_LEVELS = (
    constants.ERROR_CORRECT_L,
    constants.ERROR_CORRECT_M,
    constants.ERROR_CORRECT_Q,
    constants.ERROR_CORRECT_H,
)
Matrix = tuple[tuple[bool, ...], ...]


def payload(public_url: str, code: str) -> str:
    """The text inside the code: scheme and port of `public_url` are kept, all in upper case."""
    parts = urlsplit(public_url)
    path = parts.path.rstrip("/")
    return f"{parts.scheme}://{parts.netloc}{path}/Q/{code}".upper()


@lru_cache(maxsize=4096)
def matrix(text: str) -> Matrix:
    """The modules of the smallest code for `text`, dark is True, without the quiet zone."""
    weakest = _code(text, _LEVELS[0])
    for level in reversed(_LEVELS):
        strong = _code(text, level)
        if strong.version == weakest.version:
            return _modules(strong)
    return _modules(weakest)


def _code(text: str, level: int) -> QRCode[Image.Image]:
    code: QRCode[Image.Image] = QRCode(error_correction=level, border=0)
    code.add_data(text, optimize=0)
    code.best_fit(start=1)
    return code


def _modules(code: QRCode[Image.Image]) -> Matrix:
    code.make(fit=False)
    return tuple(tuple(bool(cell) for cell in row) for row in code.get_matrix())


@lru_cache(maxsize=64)
def modules_across(public_url: str) -> int:
    """Modules along one side, quiet zone included, of every code under `public_url`."""
    return len(matrix(payload(public_url, "0" * CODE_LENGTH))) + 2 * QUIET_MODULES


def whole_width(wanted_px: float, modules: int) -> int:
    """The width in pixels nearest to `wanted_px` that gives each module a whole number of pixels."""
    return max(1, round(wanted_px / modules)) * modules


def drawing(text: str, px: int) -> Image.Image:
    """A black on white picture `px` wide, or less one module's worth and centred; ValueError if too small."""
    grid = matrix(text)
    size = len(grid)
    scale = px // (size + 2 * QUIET_MODULES)
    if scale < 1:
        raise ValueError(f"{px} pixels are too few for {size} modules and their quiet zone")
    cells = Image.new("1", (size, size))
    cells.putdata([0 if dark else 255 for row in grid for dark in row])
    canvas = Image.new("1", (px, px), 1)
    offset = (px - size * scale) // 2
    canvas.paste(cells.resize((size * scale, size * scale), Image.Resampling.NEAREST), (offset, offset))
    return canvas


@lru_cache(maxsize=1024)
def png(text: str, px: int) -> bytes:
    """The overlay that players lay on a picture: a PNG `px` wide with its quiet zone."""
    out = io.BytesIO()
    drawing(text, px).save(out, "PNG", optimize=True)
    return out.getvalue()


@lru_cache(maxsize=256)
def svg(text: str) -> str:
    """The same code as vectors, one unit a module, for print and for the console."""
    grid = matrix(text)
    side = len(grid) + 2 * QUIET_MODULES
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" shape-rendering="crispEdges">'
        f'<path fill="#fff" d="M0 0h{side}v{side}H0z"/><path fill="#000" d="{_path(grid)}"/></svg>'
    )


def _path(grid: Matrix) -> str:
    return "".join(f"M{x} {y}h{length}v1h-{length}z" for x, y, length in runs(grid))


def runs(grid: Matrix) -> list[tuple[int, int, int]]:
    """Each horizontal run of dark modules as (x, y, length), quiet zone counted in x and y."""
    found = []
    for y, row in enumerate(grid):
        start = None
        for x, dark in enumerate((*row, False)):
            if dark and start is None:
                start = x
            elif not dark and start is not None:
                found.append((start + QUIET_MODULES, y + QUIET_MODULES, x - start))
                start = None
    return found
