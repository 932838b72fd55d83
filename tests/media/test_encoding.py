"""Encoding: the fewest bytes that still look like what was drawn, measured and not guessed."""

import io
import random

import pytest
from PIL import Image, ImageFilter

from media import encoding
from media.accepting import best_accepted
from media.encoding import ALIKE, ALIKE_TENTH, Encoded, encode, encode_webp
from media.likeness import Likeness, Original, sample
from tests.media.pictures import landscape


def likeness(one: Image.Image, other: Image.Image) -> Likeness:
    return Original(one).likeness(other)


def leaves(width: int, height: int) -> Image.Image:
    """Fine, irregular detail all over, as in a tree's crown: what encoders find hardest."""
    noise = Image.frombytes("RGB", (width, height), random.Random(7).randbytes(width * height * 3))
    return Image.blend(landscape(width, height), noise.filter(ImageFilter.GaussianBlur(1)), 0.5)


def opened(made: Encoded) -> Image.Image:
    return Image.open(io.BytesIO(made.content)).convert("RGB")


@pytest.mark.parametrize("make", [encode, encode_webp])
@pytest.mark.parametrize("draw", [landscape, leaves])
def test_it_works(make, draw) -> None:  # type: ignore[no-untyped-def]
    picture = draw(640, 480)
    made = make(picture, is_photo=True)
    found = likeness(picture, opened(made))
    assert made.mime == {encode: "image/jpeg", encode_webp: "image/webp"}[make]
    assert found.mean >= ALIKE - 0.005
    assert found.tenth >= ALIKE_TENTH - 0.02
    assert made.score == pytest.approx(found.mean, abs=0.005)


def test_a_lively_picture_is_given_more_than_a_plain_one() -> None:
    plain, lively = (encode(draw(640, 480), is_photo=True).quality for draw in (landscape, leaves))
    assert plain is not None
    assert lively is not None
    assert plain < lively


def test_no_smaller_number_would_have_kept_the_promise() -> None:
    picture = leaves(640, 480)
    made = encode(picture, is_photo=True)
    numbers = encoding._JPEG_NUMBERS
    below = numbers[numbers.index(made.quality or 0) - 1]
    part = sample(picture)
    found = likeness(part, Image.open(io.BytesIO(encoding._half_colour(part, below))))
    assert found.mean < ALIKE or found.tenth < ALIKE_TENTH


def test_webp_is_smaller_than_jpeg_at_the_same_likeness() -> None:
    picture = landscape(960, 540)
    assert len(encode_webp(picture, is_photo=True).content) < len(encode(picture, is_photo=True).content)


def test_a_notice_keeps_every_pixel() -> None:
    picture = Image.new("RGB", (800, 600), (13, 71, 161))
    picture.paste((255, 255, 255), (100, 100, 140, 500))
    for made in (encode(picture, is_photo=False), encode_webp(picture, is_photo=False)):
        assert (made.quality, made.score) == (None, 1.0)
        assert opened(made).tobytes() == picture.tobytes()


def test_a_board_keeps_every_pixel_though_it_costs() -> None:
    assert encode(leaves(192, 96), is_photo=False).mime == "image/png"


def test_a_ground_that_png_finds_hard_is_a_jpeg_of_full_colour() -> None:
    made = encode(leaves(800, 600), is_photo=False)
    assert made.mime == "image/jpeg"
    with Image.open(io.BytesIO(made.content)) as image:
        assert {layer[1:3] for layer in image.layer} == {(1, 1)}  # type: ignore[attr-defined]


def test_the_sample_is_as_like_as_the_whole() -> None:
    for draw in (landscape, leaves):
        picture = draw(1080, 1920)
        for number in (70, 84):
            whole = likeness(picture, Image.open(io.BytesIO(encoding._half_colour(picture, number))))
            part = sample(picture)
            tiles = likeness(part, Image.open(io.BytesIO(encoding._half_colour(part, number))))
            assert part.size == (256, 256)
            assert tiles.mean == pytest.approx(whole.mean, abs=0.004)


def test_a_picture_is_wholly_like_itself_and_not_like_another() -> None:
    one, other = landscape(200, 120, 1), landscape(200, 120, 2)
    assert likeness(one, one) == (1.0, 1.0)
    assert likeness(one, other).mean < 0.9
    assert likeness(one.resize((5, 3)), one.resize((5, 3))).mean == 1.0


@pytest.mark.parametrize(
    ("header", "best"),
    [
        ("application/json, image/webp", "image/webp"),
        ("IMAGE/WEBP;q=0.5", "image/webp"),
        ("*/*", ""),
        ("image/*", ""),
        ("image/webp;q=0", ""),
        ("image/webp; q=0.000, */*", ""),
        ("image/avif,image/jpeg", ""),
        ("ximage/webpx", ""),
        ("", ""),
        ("," * 5000, ""),
    ],
)
def test_only_what_is_named_is_decoded(header: str, best: str) -> None:
    assert best_accepted(header) == best
