"""Screens of every shape: words that can be read, and a place for the code that is whole and white."""

import unicodedata
from dataclasses import replace

import pytest
import zxingcpp
from PIL import Image

from media import qr
from media.colour import AA
from media.compose import Composed, compose
from media.design import Design
from media.geometry import Shape
from media.layout import Corner, QrWish
from media.likeness import Original
from media.picture import Fit, Levels
from tests.media.pictures import landscape

HOST = "http://127.0.0.1:8000"
MODULES = qr.modules_across(HOST)
SHAPES = [Shape(*size) for size in ((1080, 1920), (1920, 1080), (3840, 2160), (400, 300), (1024, 768), (192, 96))]
VIETNAMESE = Design("vi", "Cài Bluezone để bảo vệ bạn và cộng đồng", "Mất một phút, miễn phí", qr=QrWish())


def on(shape: Shape, master: Image.Image | None, design: Design = VIETNAMESE) -> Composed:
    return compose(design, shape, master, MODULES)


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_it_works(shape: Shape, photo: Image.Image) -> None:
    made = on(shape, photo)
    assert made.image.size == (shape.width, shape.height)
    assert made.image.mode == "RGB"
    assert made.cut == ()


@pytest.mark.parametrize("shape", SHAPES, ids=str)
@pytest.mark.parametrize("corner", list(Corner))
def test_the_code_reads_where_it_is_to_be_laid(shape: Shape, corner: Corner, photo: Image.Image) -> None:
    made = on(shape, photo, Design("vi", "Cài Bluezone", "Quét mã", qr=QrWish(corner)))
    assert made.qr is not None
    assert made.qr.width % MODULES == 0
    assert made.image.crop(made.qr).getcolors() == [(made.qr.width**2, (255, 255, 255))]
    text = qr.payload(HOST, "K7F3Q9ZT")
    made.image.paste(qr.drawing(text, made.qr.width), made.qr[:2])
    assert [found.text for found in zxingcpp.read_barcodes(made.image)] == [text]


@pytest.mark.parametrize("ground", [(255, 255, 255), (0, 0, 0), (255, 240, 0), (128, 128, 128)])
@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_words_on_any_picture_pass_aa(shape: Shape, ground: tuple[int, int, int]) -> None:
    assert on(shape, Image.new("RGB", (800, 600), ground)).contrast >= AA


@pytest.mark.parametrize("background", [(255, 255, 255), (0, 0, 0), (13, 71, 161), (128, 128, 128), (255, 200, 61)])
def test_words_on_any_ground_pass_aa(background: tuple[int, int, int]) -> None:
    for shape in SHAPES:
        assert on(shape, None, Design("vi", "Đeo khẩu trang", background=background)).contrast >= AA


@pytest.mark.parametrize("fit", list(Fit))
def test_each_fit_fills_the_screen(fit: Fit, photo: Image.Image) -> None:
    assert on(SHAPES[0], photo, Design("vi", "Cài đặt", fit=fit)).image.size == (1080, 1920)


def test_contain_without_words_shows_the_whole_picture() -> None:
    framed = Image.new("RGB", (900, 1600), (255, 0, 0))
    made = on(Shape(1080, 1920), framed, Design("vi", fit=Fit.CONTAIN, background=(0, 0, 255)))
    assert made.image.getpixel((540, 2)) == made.image.getpixel((2, 1917)) == (255, 0, 0)


def test_a_text_that_cannot_fit_is_said_to_be_cut(photo: Image.Image) -> None:
    made = on(Shape(192, 96), photo, Design("vi", "Một câu rất dài " * 10, "và còn nữa " * 15, qr=QrWish()))
    assert made.cut == ("headline", "call_to_action")


def test_decomposed_letters_are_drawn_composed(photo: Image.Image) -> None:
    composed = on(Shape(400, 300), photo, Design("vi", "Cài đặt để bảo vệ"))
    apart = on(Shape(400, 300), photo, Design("vi", unicodedata.normalize("NFD", "Cài đặt để bảo vệ")))
    assert composed.image.tobytes() == apart.image.tobytes()


def test_a_board_too_small_for_a_code_has_none() -> None:
    assert on(Shape(96, 32), None).qr is None


def test_a_board_too_small_for_a_code_shows_an_address() -> None:
    said = on(Shape(96, 32), None, replace(VIETNAMESE, address="go.syt.vn"))
    typed = on(Shape(96, 32), None, replace(VIETNAMESE, qr=None, action="go.syt.vn"))
    assert said.image.tobytes() == typed.image.tobytes()


def test_a_small_screen_is_drawn_from_a_smaller_picture_and_looks_the_same() -> None:
    levels = Levels(landscape(2400, 1800))
    assert levels.near(1080, 1920) is levels.whole
    assert levels.near(400, 300).size == (1200, 900)
    assert levels.near(640, 480) is levels.near(400, 300), "it is made once"
    for fit in Fit:
        design = replace(VIETNAMESE, fit=fit)
        for shape in (Shape(640, 480), Shape(300, 400), Shape(192, 96)):
            near, whole = (
                on(shape, source, design).image for source in (levels.near(shape.width, shape.height), levels.whole)
            )
            assert Original(whole).likeness(near).mean > 0.99
