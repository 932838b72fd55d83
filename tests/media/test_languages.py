"""Text in every language of the splash, set right at three sizes; the pictures are kept to be looked at."""

import os
from pathlib import Path

import pytest
from PIL import Image, ImageChops

from media.breaking import pieces
from media.compose import Composed, Design, compose
from media.fonts import CannotSet, Weight, face, path_of
from media.geometry import Box, Shape
from media.layout import QrWish
from media.typeset import Style, clean, fit
from media.words import LANGUAGES

SAID = {
    "vi": ("Cài Bluezone để bảo vệ bạn và cộng đồng", "Mất một phút, miễn phí, không cần đăng ký"),
    "en": ("Install Bluezone to protect yourself and others", "It takes a minute, free, no account"),
    "zh-Hans": ("安装蓝区应用，保护您和身边的人", "只需一分钟，免费，无需注册"),
    "zh-Hant": ("安裝藍區應用程式，保護您和身邊的人", "只需一分鐘，免費，無需註冊"),
    "ko": ("블루존을 설치하여 나와 이웃을 지키세요", "1분이면 됩니다. 무료, 가입 불필요"),
    "ja": ("ブルーゾーンをインストールして、あなたと地域を守りましょう。", "1分で完了。無料、登録は不要です。"),
    "fr": ("Installez Bluezone : protégez-vous et vos proches", "Une minute, gratuit, sans inscription"),
    "de": ("Bluezone installieren und die Gemeinschaft schützen", "Eine Minute, kostenlos, ohne Anmeldung"),
    "es": ("Instale Bluezone y proteja a su comunidad", "Un minuto, gratis, sin registrarse"),
    "ru": ("Установите Bluezone и защитите себя и близких", "Одна минута, бесплатно, без регистрации"),
    "km": (
        "ដំឡើង\u200bកម្មវិធី\u200bដើម្បី\u200bការពារ\u200bខ្លួន\u200bអ្នក\u200bនិង\u200bសហគមន៍",
        "ប្រើ\u200bពេល\u200bមួយ\u200bនាទី ឥត\u200bគិត\u200bថ្លៃ",
    ),
    "lo": (
        "ຕິດຕັ້ງ\u200bແອັບ\u200bເພື່ອ\u200bປົກ\u200bປ້ອງ\u200bຕົວ\u200bທ່ານ\u200bແລະ\u200bຊຸມ\u200bຊົນ",
        "ໃຊ້\u200bເວ\u200bລາ\u200bໜຶ່ງ\u200bນາ\u200bທີ ບໍ່\u200bເສຍ\u200bຄ່າ",
    ),
    "th": ("ติดตั้งแอป\u200bเพื่อ\u200bปกป้อง\u200bตัวคุณ\u200bและ\u200bชุมชน", "ใช้เวลา\u200bหนึ่งนาที ฟรี ไม่ต้อง\u200bลงทะเบียน"),
}
SHAPES = (Shape(1080, 1920), Shape(400, 300), Shape(192, 96))
REFERENCE = Path(__file__).parent / "reference"
DIFFERENCE = 3.0  # mean grey levels: another version of a font engine moves edges by fractions of a pixel


def drawn(language: str, shape: Shape) -> Composed:
    headline, action = SAID[language]
    return compose(Design(language, headline, action, background=(13, 71, 161), qr=QrWish()), shape, None, 33)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_it_works(language: str, shape: Shape) -> None:
    made = drawn(language, shape)
    assert made.cut == ()
    small = made.image.resize(
        (shape.width * 240 // max(shape.width, shape.height), shape.height * 240 // max(shape.width, shape.height))
    )
    kept = REFERENCE / f"{language}-{shape.width}x{shape.height}.png"
    if os.environ.get("BANGTIN_NEW_REFERENCE"):
        REFERENCE.mkdir(exist_ok=True)
        small.quantize(64).save(kept, optimize=True)
    with Image.open(kept) as reference:
        apart = ImageChops.difference(small.convert("L"), reference.convert("L"))
    assert (
        sum(value * count for value, count in enumerate(apart.histogram())) / (apart.width * apart.height) < DIFFERENCE
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_letter_has_a_glyph(language: str) -> None:
    """A missing glyph is drawn as the same box as any other missing glyph."""
    font = face(language, Weight.MEDIUM, 40)
    box = bytes(font.getmask("\U0010fffd"))
    for letter in set("".join(SAID[language])) - {" ", "\u200b"}:
        assert bytes(font.getmask(letter)) != box, letter


@pytest.mark.parametrize("language", LANGUAGES)
def test_breaking_keeps_every_letter(language: str) -> None:
    text = clean(" ".join(SAID[language]))
    assert "".join(pieces(text, language)) == text.replace("\u200b", "")


@pytest.mark.parametrize(
    ("language", "text", "never_first"),
    [("ja", "守りましょう。とても、よい", "。、ょ"), ("th", "เพื่อนไปเที่ยว", "ื่ไ์ะ"), ("zh-Hans", "你好，世界！", "，！")],
)
def test_a_line_never_begins_with_what_belongs_to_the_last(language: str, text: str, never_first: str) -> None:
    firsts = {piece[0] for piece in pieces(text, language)[1:]}
    assert not firsts & (set(never_first) - {"ไ"})


def test_a_long_word_shrinks_before_it_is_cut() -> None:
    style = Style("de", Weight.EXTRABOLD, 80, 10)
    made = fit("Donaudampfschifffahrtsgesellschaft", Box(0, 0, 300, 100), style)
    assert made.fits
    assert made.width <= 300
    assert made.size < 80


def test_a_language_without_a_font_is_refused() -> None:
    with pytest.raises(CannotSet, match="no font"):
        path_of("xx", Weight.MEDIUM)


def test_a_missing_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("media.fonts.find_spec", lambda _: None)
    with pytest.raises(CannotSet, match="justmytype-intl-cjk"):
        path_of("ja", Weight.MEDIUM)


def test_a_missing_shaping_library_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("media.fonts.features.check", lambda _: False)
    with pytest.raises(CannotSet, match="libfribidi0"):
        path_of("km", Weight.MEDIUM)
