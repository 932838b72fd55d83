"""From drawn pixels to the fewest bytes that still look like them.

No encoder's number says how a picture will look: 80 is lavish for a plain sky and mean for leaves. So numbers are
tried, and the least is taken at which the picture is as like what was drawn as is promised.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass

from PIL import Image

from media.accepting import WEBP
from media.likeness import Likeness, Original, sample

ALIKE = 0.98  # mean similarity: beside the original, on a screen, no difference is seen
ALIKE_TENTH = 0.94  # and where it is worst, one window in ten, hardly any
EVERY_PIXEL = 512  # a side in pixels: up to here, on boards, pixels are seen one by one
JPEG, PNG = "image/jpeg", "image/png"
Save = Callable[[Image.Image, int], bytes]


@dataclass(frozen=True, slots=True)
class Encoded:
    """A picture's bytes. `quality` is the encoder's number, None where nothing is lost; `score` the mean likeness to
    what was drawn, from 0 to 1."""

    content: bytes
    mime: str
    quality: int | None = None
    score: float = 1.0


@dataclass(frozen=True, slots=True)
class _Encoder:
    """A lossy encoder, the numbers worth trying, least first (below it colours bleed before luma tells), and what of a
    picture it is tried on."""

    mime: str
    numbers: tuple[int, ...]
    save: Save
    part: Callable[[Image.Image], Image.Image]


def encode(image: Image.Image, *, is_photo: bool) -> Encoded:
    """For every player: JPEG for photographs; for plain grounds and boards, where every pixel counts, PNG, unless
    that is larger."""
    if is_photo:
        return _fewest(image, _PHOTO)
    exact = Encoded(_saved(image, "PNG", compress_level=6), PNG)
    if max(image.size) <= EVERY_PIXEL:
        return exact
    return min(exact, _fewest(image, _NOTICE), key=_size)


def encode_webp(image: Image.Image, *, is_photo: bool) -> Encoded:
    """For players that decode WebP. WebP keeps colour at half the size, which letters on a plain ground show: these
    are kept to the pixel."""
    if not is_photo:
        return Encoded(_saved(image, "WEBP", lossless=True, quality=60, method=4), WEBP)
    return _fewest(image, _WEBP)


def _fewest(image: Image.Image, encoder: _Encoder) -> Encoded:
    """With the least number that keeps the promise; with the largest where none does, and the score tells."""
    part, low, high = encoder.part(image), 0, len(encoder.numbers) - 1
    original = Original(part)
    tried: dict[int, tuple[bytes, Likeness]] = {}

    def trial(at: int) -> tuple[bytes, Likeness]:
        if at not in tried:
            content = encoder.save(part, encoder.numbers[at])
            tried[at] = content, original.likeness(_luma(content))
        return tried[at]

    while low < high:
        middle = (low + high) // 2
        found = trial(middle)[1]
        low, high = (low, middle) if found.mean >= ALIKE and found.tenth >= ALIKE_TENTH else (middle + 1, high)
    content, found = trial(low)
    number = encoder.numbers[low]
    whole = content if part is image else encoder.save(image, number)
    return Encoded(whole, encoder.mime, number, round(found.mean, 4))


def _size(one: Encoded) -> int:
    return len(one.content)


def _luma(content: bytes) -> Image.Image:
    """As a decoder gives it; JPEG's colours need not be made first."""
    with Image.open(io.BytesIO(content), formats=("JPEG", "WEBP")) as image:
        image.draft("L", image.size)
        return image.convert("L")


def _saved(image: Image.Image, form: str, **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, form, **options)
    return out.getvalue()


def _half_colour(image: Image.Image, number: int) -> bytes:
    return _saved(image, "JPEG", quality=number, subsampling=1)


def _full_colour(image: Image.Image, number: int) -> bytes:
    return _saved(image, "JPEG", quality=number, subsampling=0)


def _webp(image: Image.Image, number: int) -> bytes:
    return _saved(image, "WEBP", quality=number, method=4)


def _all(image: Image.Image) -> Image.Image:
    return image


_JPEG_NUMBERS = (70, 75, 80, 84, 88, 91, 94)  # seven: three trials find the one
_PHOTO = _Encoder(JPEG, _JPEG_NUMBERS, _half_colour, sample)
_NOTICE = _Encoder(JPEG, _JPEG_NUMBERS, _full_colour, sample)
_WEBP = _Encoder(WEBP, (68, 74, 79, 83, 87, 91, 95), _webp, _all)
