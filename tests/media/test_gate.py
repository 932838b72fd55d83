"""The scan gate: what scans passes, what does not is refused, and it says why."""

from collections.abc import Callable

import pytest
from PIL import Image, ImageFilter, ImageOps

from media import qr, readers
from media.compose import compose
from media.design import Design
from media.distance import Geometry, width_pct_needed
from media.gate import Verdict, judge
from media.geometry import Box, Shape
from media.layout import QrWish
from tests.media.pictures import landscape

HOST = "http://127.0.0.1:8000"
MODULES = qr.modules_across(HOST)
TEXT = qr.payload(HOST, "K7F3Q9ZT")
SHAPES = [Shape(*size) for size in ((1080, 1920), (1920, 1080), (3840, 2160), (400, 300), (192, 96))]
Spoil = Callable[[Image.Image, Box], None]


def screen(shape: Shape, photo: Image.Image, width_pct: float = 30) -> tuple[Image.Image, Box]:
    """A finished screen with its code laid on."""
    made = compose(Design("vi", "Cài Bluezone", "Miễn phí", qr=QrWish(width_pct=width_pct)), shape, photo, MODULES)
    assert made.qr is not None
    made.image.paste(qr.drawing(TEXT, made.qr.width), made.qr[:2])
    return made.image, made.qr


def reasons(verdict: Verdict) -> set[str]:
    return {reason.code for reason in verdict.reasons}


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_it_works(shape: Shape, photo: Image.Image) -> None:
    verdict = judge(*screen(shape, photo), TEXT)
    assert (verdict.verdict, verdict.grade, verdict.reasons) == ("passed", "A", ())
    assert min(verdict.captures_read) >= 8


def test_both_decoders_judge() -> None:
    assert readers.has_zbar()


def inverted(image: Image.Image, place: Box) -> None:
    image.paste(ImageOps.invert(image.crop(place)), place[:2])


def faint(image: Image.Image, place: Box) -> None:
    image.paste(image.crop(place).point(lambda value: 110 + value * 30 // 255), place[:2])


def yellow(image: Image.Image, place: Box) -> None:
    mask = image.crop(place).convert("L").point(lambda value: 255 - value)
    image.paste((255, 220, 60), place, mask)
    image.paste((255, 255, 255), place, ImageOps.invert(mask))


def covered(image: Image.Image, place: Box) -> None:
    quarter = place.width // 4
    image.paste((200, 30, 30), (place.left + quarter, place.top + quarter, place.left + 2 * quarter, place.bottom))


def without_border(image: Image.Image, place: Box) -> None:
    border = place.width // MODULES * qr.QUIET_MODULES
    symbol = image.crop(place.inset(border))
    image.paste(landscape(place.width, place.height, seed=5), place[:2])
    image.paste(symbol, place.inset(border)[:2])


def see_through(image: Image.Image, place: Box) -> None:
    behind = landscape(place.width, place.height, seed=6)
    image.paste(Image.blend(behind, image.crop(place), 0.4), place[:2])


def smeared(image: Image.Image, place: Box) -> None:
    image.paste(image.crop(place).filter(ImageFilter.GaussianBlur(place.width // MODULES)), place[:2])


@pytest.mark.parametrize("shape", SHAPES[:2], ids=str)
@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (inverted, "inverted"),
        (faint, "low_contrast"),
        (yellow, "low_contrast"),
        (covered, "modules_wrong"),
        (without_border, "quiet_zone"),
        (see_through, "zbar_cannot_read"),
        (smeared, "captures_zxing"),
    ],
)
def test_a_bad_code_is_refused(shape: Shape, spoil: Spoil, reason: str, photo: Image.Image) -> None:
    image, place = screen(shape, photo)
    spoil(image, place)
    verdict = judge(image, place, TEXT)
    assert verdict.verdict == "refused"
    assert reason in reasons(verdict)
    assert verdict.evidence is not None


def test_another_link_is_refused(photo: Image.Image) -> None:
    image, place = screen(SHAPES[0], photo)
    verdict = judge(image, place, qr.payload(HOST, "ZZZZZZZZ"))
    assert {"zxing_cannot_read", "zbar_cannot_read", "modules_wrong"} <= reasons(verdict)


def test_a_code_too_small_for_the_distance_is_refused_with_a_suggestion(photo: Image.Image) -> None:
    elevator = Geometry(pitch_mm=0.248, distance_m=1.2)
    verdict = judge(*screen(SHAPES[0], photo), TEXT, elevator)
    assert verdict.verdict == "refused"
    assert reasons(verdict) == {"too_small"}
    assert verdict.width_pct == 62
    assert judge(*screen(SHAPES[0], photo, verdict.width_pct), TEXT, elevator).verdict == "passed"


def test_where_no_code_can_serve_nothing_is_suggested(photo: Image.Image) -> None:
    verdict = judge(*screen(SHAPES[4], photo), TEXT, Geometry(pitch_mm=10, distance_m=30))
    assert verdict.verdict == "refused"
    assert verdict.width_pct is None


def test_broken_pixels_are_refused(photo: Image.Image) -> None:
    image, place = screen(SHAPES[1], photo)
    wider = Box(place.left, place.top, place.left + place.width - 17, place.top + place.width - 17)
    image.paste(image.crop(place).resize((wider.width, wider.height)), wider[:2])
    assert "broken_pixels" in reasons(judge(image, wider, TEXT))


@pytest.mark.parametrize(
    ("pitch_mm", "distance_m", "module_px"), [(0.248, 1.2, 20), (0.17, 0.6, 15), (0.63, 3.0, 20), (10, 4.9, 2)]
)
def test_the_distance_rule(pitch_mm: float, distance_m: float, module_px: int) -> None:
    """Panels that were measured: 21.5" at 1.2 m, 10.1" at 0.6 m, 55" at 3 m, a P10 board at 4.9 m."""
    geometry = Geometry(pitch_mm, distance_m)
    assert geometry.module_px_needed() == module_px
    assert width_pct_needed(geometry, 33, 33 * module_px) == 100
