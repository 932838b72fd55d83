"""A host's logo is small enough for a page of 14 KB, whatever picture it came in."""

import io
from collections.abc import Callable

import pytest
from PIL import Image, ImageDraw

from core.errors import Invalid
from core.services import Services
from media.actions import receive_upload
from media.logos import BOX, MOST_BYTES, Logo, logo_of
from media.models import Asset
from media.shelf import Draft
from media.store import store_of
from tests.media.conftest import encoded

MakeDraft = Callable[[bytes], Draft]


def emblem(width: int = 2400, height: int = 800) -> Image.Image:
    """A plain mark in the midst of much transparent nothing."""
    image = Image.new("RGBA", (width, height), (255, 255, 255, 0))
    ImageDraw.Draw(image).ellipse((width // 3, height // 4, width // 2, height // 2), fill=(11, 107, 83, 255))
    return image


def uploaded(services: Services, draft: MakeDraft, image: Image.Image) -> Asset:
    content = encoded(image, "PNG")
    return receive_upload(services, draft(content), name="logo.png", owner_path="/79/", by="usr_1")[0]


def logo(services: Services, draft: MakeDraft, image: Image.Image) -> Logo:
    return logo_of(uploaded(services, draft, image), store_of(services.settings))


def test_it_works(services: Services, draft: MakeDraft) -> None:
    made = logo(services, draft, emblem())
    with Image.open(io.BytesIO(made.data)) as image:
        assert (image.format, image.size) == ("WEBP", (made.width, made.height))
        middle, corner = (image.convert("RGB").getpixel(at) for at in ((made.width // 2, made.height // 2), (0, 0)))
    assert made.height == BOX[1], "its margin is gone: it fills the box"
    assert middle == (11, 107, 83)
    assert min(corner) > 240, "what was transparent is white"


def test_a_picture_full_of_detail_is_small_too(services: Services, draft: MakeDraft) -> None:
    noise = Image.effect_noise((1200, 700), 90).convert("RGB")
    made = logo(services, draft, noise)
    assert len(made.data) <= MOST_BYTES
    assert made.width <= BOX[0]


def test_a_small_one_is_not_blown_up(services: Services, draft: MakeDraft) -> None:
    made = logo(services, draft, emblem(90, 30))
    assert made.height < 30


def test_nothing_at_all_is_refused(services: Services, draft: MakeDraft) -> None:
    with pytest.raises(Invalid) as refusal:
        logo(services, draft, Image.new("RGB", (300, 100), "white"))
    assert refusal.value.errors == (("logo", "is empty: there is nothing on it"),)


def test_a_film_is_refused(services: Services) -> None:
    film = Asset(kind="video", master_sha256="0" * 64)
    with pytest.raises(Invalid) as refusal:
        logo_of(film, store_of(services.settings))
    assert refusal.value.errors == (("logo", "must be a picture"),)
