"""Text in every language of the splash, set right at three sizes; the pictures are kept to be looked at."""

import os
from pathlib import Path

import pytest
from PIL import Image, ImageChops

from core.errors import Invalid
from media.breaking import pieces
from media.compose import Composed, compose
from media.design import Design
from media.fonts import CannotSet, Weight, face, path_of, undrawable
from media.geometry import Box, Shape
from media.layout import QrWish
from media.typeset import Style, clean, fit
from media.wishes import CreativeWish, checked
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
        "ដំឡើងកម្មវិធីដើម្បីការពារខ្លួនអ្នកនិងសហគមន៍",
        "ប្រើពេលមួយនាទី ឥតគិតថ្លៃ",
    ),
    "lo": (
        "ຕິດຕັ້ງແອັບເພື່ອປົກປ້ອງຕົວທ່ານແລະຊຸມຊົນ",
        "ໃຊ້ເວລາໜຶ່ງນາທີ ບໍ່ເສຍຄ່າ",
    ),
    "th": ("ติดตั้งแอปเพื่อปกป้องตัวคุณและชุมชน", "ใช้เวลาหนึ่งนาที ฟรี ไม่ต้องลงทะเบียน"),
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


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("th", "ติด ตั้ง แอป เพื่อ ปกป้อง ตัว คุณ และ ชุมชน"),
        ("km", "ដំឡើង កម្មវិធី ដើម្បី ការពារ ខ្លួន អ្នក និង សហគមន៍"),
        ("lo", "ຕິດ ຕັ້ງ ແອັບ ເພື່ອ ປົກປ້ອງ ຕົວ ທ່ານ ແລະ ຊຸມຊົນ"),
        ("ja", "アプリを インストールして、 地域を 守る"),
        ("zh-Hans", "安装 应用， 保护 家人"),
    ],
)
def test_a_script_without_spaces_breaks_between_its_words(language: str, words: str) -> None:
    assert pieces(words.replace(" ", ""), language) == tuple(words.split())


def test_the_writers_own_marks_come_before_the_dictionary() -> None:
    assert pieces("ติดตั้งแอป\u200bเพื่อปกป้อง", "th") == ("ติดตั้งแอป", "เพื่อปกป้อง")


@pytest.mark.parametrize("language", ["th", "ja", "zh-Hant"])
def test_an_address_stays_in_one_line(language: str) -> None:
    assert "go.syt.vn/q/K7F3-Q9ZT" in pieces("หรือ go.syt.vn/q/K7F3-Q9ZT", language)


def test_a_long_word_shrinks_before_it_is_cut() -> None:
    style = Style("de", Weight.EXTRABOLD, 80, 10)
    made = fit("Donaudampfschifffahrtsgesellschaft", Box(0, 0, 300, 100), style)
    assert made.fits
    assert made.width <= 300
    assert made.size < 80


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_said_can_be_drawn(language: str) -> None:
    assert undrawable(language, "".join(SAID[language]) + "Bluezone go.syt.vn/q/K7F3 (100 %) – “a”…") == ""


@pytest.mark.parametrize(
    ("language", "text", "signs"), [("vi", "Cài ngay 🎉🎉", "🎉"), ("km", "Hưng Yên", "ư"), ("ru", "健康", "健康")]
)
def test_what_would_be_empty_boxes_is_named(language: str, text: str, signs: str) -> None:
    assert undrawable(language, text) == signs
    with pytest.raises(Invalid, match=f"texts.{language}.headline: .* no sign for {signs}"):
        checked(CreativeWish("Tên", {language: {"headline": text}}))


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
