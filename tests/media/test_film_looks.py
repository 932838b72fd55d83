"""How a film comes to fill a screen, whether it is heard, and animations, which are films."""

import io
from collections.abc import Callable
from typing import Any

import av
import numpy as np
import pytest
from PIL import Image

from core.services import Services
from media import actions, queries
from media.compose import compose
from media.design import Design
from media.film_renditions import film_still
from media.geometry import Shape
from media.jobs import render
from media.models import Asset, Creative, Rendition
from media.render import open_master
from media.shelf import Draft
from media.store import Store
from media.wishes import CreativeWish
from tests.media.conftest import encoded
from tests.media.films import animation, film, film_with_sound

MakeDraft = Callable[[bytes], Draft]
TALL = Shape(270, 480)
# What a film looks like is the same on either database.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture(autouse=True)
def one_screen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "USUAL_SHAPES", (TALL,))


def taken(services: Services, draft: MakeDraft, content: bytes) -> Asset:
    return actions.receive_upload(services, draft(content), name="phim", owner_path="/79/", by="usr_1")[0]


def made(services: Services, asset: Asset, seconds: int = 3, **wish: Any) -> tuple[Creative, Rendition]:
    """A creative of the film, and its rendition for the tall screen."""
    now = services.clock.now()
    words = {"vi": {"headline": "Cài Bluezone"}}
    asked = CreativeWish("Phim", words, asset.id, duration_ms=seconds * 1000, background="#00FF00", **wish)
    creative = services.db.write(lambda s: actions.create_creative(s, asked, owner_path="/79/", by="usr_1", now=now))
    render(services, {"creative_id": creative.id})
    with services.db.read() as s:
        (row,) = queries.renditions(s, creative.id)
    return creative, row


def pictures(store: Store, row: Rendition) -> list[tuple[float, Image.Image]]:
    """(second, picture) of the whole film."""
    with store.public.open(row.sha256) as file, av.open(file) as opened:
        frames = list(opened.decode(video=0))
        return [(float(frame.time or 0), frame.to_image()) for frame in frames]  # type: ignore[no-untyped-call]


def is_near(pixel: object, colour: tuple[int, int, int]) -> bool:
    assert isinstance(pixel, tuple)
    return max(abs(a - b) for a, b in zip(pixel, colour, strict=True)) < 40


def test_it_works(services: Services, store: Store, draft: MakeDraft) -> None:
    """Contained: the whole film stands on the colour of the ground."""
    _, row = made(services, taken(services, draft, film(seconds=1)), fit="contain")
    shown = pictures(store, row)[0][1]
    free = compose(Design("vi", "Cài Bluezone"), TALL, Image.new("RGB", (8, 8)), 33).free
    assert shown.size == (TALL.width, TALL.height)
    bottom = round(TALL.width * 180 / 320)
    assert not is_near(shown.getpixel((10, bottom // 2)), (0, 255, 0))
    assert is_near(shown.getpixel((10, bottom + 6)), (0, 255, 0))
    assert bottom + 6 < free.bottom


def test_blurred_it_fills_the_screen_with_itself(services: Services, store: Store, draft: MakeDraft) -> None:
    _, row = made(services, taken(services, draft, film_with_sound(seconds=1)), fit="blur")
    shown = pictures(store, row)[0][1]
    bottom = round(TALL.width * 180 / 320)
    orange, below = shown.getpixel((10, bottom // 2)), shown.getpixel((10, bottom + 10))
    assert isinstance(below, tuple)
    assert is_near(orange, (255, 165, 0))
    assert below[0] > below[2] + 40, "its own colour, darker"
    assert sum(below) < 0.8 * (255 + 165)


def test_what_stands_for_it_is_as_it_plays(services: Services, store: Store, draft: MakeDraft) -> None:
    """The gate judges a picture of the film as the screen shows it, whatever the fit."""
    for fit in ("cover", "blur"):
        asset = taken(services, draft, film_with_sound(seconds=1))
        creative, row = made(services, asset, fit=fit)
        assert asset.master_sha256 is not None
        poster = open_master(store.public, asset.master_sha256, (0, 255, 0))
        still = np.asarray(film_still(creative, row, poster, services), dtype=float)
        shown = np.asarray(pictures(store, row)[0][1], dtype=float)
        assert np.abs(still - shown).mean() < 12, fit


def test_it_is_silent_unless_asked(services: Services, store: Store, draft: MakeDraft) -> None:
    _, row = made(services, taken(services, draft, film_with_sound()))
    with store.public.open(row.sha256) as file, av.open(file) as opened:
        assert len(opened.streams.audio) == 0
    assert not row.has_sound


def test_asked_to_it_keeps_its_sound(services: Services, store: Store, draft: MakeDraft) -> None:
    _, row = made(services, taken(services, draft, film_with_sound(seconds=2)), sound=True)
    assert row.has_sound
    with store.public.open(row.sha256) as file:
        content = file.read()
    assert content.index(b"moov") < content.index(b"mdat")
    with av.open(io.BytesIO(content)) as opened:
        (audio,) = opened.streams.audio
        assert (audio.codec_context.name, audio.rate, audio.layout.name) == ("aac", 48_000, "stereo")
        assert opened.streams[0].type == "video"
        heard = np.concatenate([frame.to_ndarray()[0] for frame in opened.decode(audio=0)])
    seconds = len(heard) / 48_000
    tone = np.abs(np.fft.rfft(heard[4800:91_200])).argmax() / ((91_200 - 4800) / 48_000)
    assert 1.9 < seconds < 2.2
    assert abs(tone - 440) < 3


def test_sound_ends_with_the_creatives_time(services: Services, store: Store, draft: MakeDraft) -> None:
    _, row = made(services, taken(services, draft, film_with_sound(seconds=5)), seconds=3, sound=True)
    with store.public.open(row.sha256) as file, av.open(file) as opened:
        assert 2.8 < sum(frame.samples for frame in opened.decode(audio=0)) / 48_000 < 3.1


def test_a_film_without_sound_has_none_to_keep(services: Services, draft: MakeDraft) -> None:
    assert not made(services, taken(services, draft, film(seconds=1)), sound=True)[1].has_sound


def test_an_animation_plays(services: Services, store: Store, draft: MakeDraft) -> None:
    """Over and over, each picture for its time."""
    asset = taken(services, draft, animation(each_ms=400))
    assert (asset.kind, asset.mime, asset.duration_ms) == ("video", "image/gif", 1200)
    assert (asset.width, asset.height) == (200, 100)
    _, row = made(services, asset, seconds=3)
    assert row.mime == "video/mp4"
    shown = pictures(store, row)
    assert 2.5 < shown[-1][0] < 3
    red, lime, blue = (255, 0, 0), (0, 255, 0), (0, 0, 255)
    for at, colour in ((0.2, red), (0.6, lime), (1.0, blue), (1.4, red), (1.8, lime), (2.2, blue), (2.6, red)):
        picture = min(shown, key=lambda one, at=at: abs(one[0] - at))[1]
        assert is_near(picture.getpixel((20, 20)), colour), at


def test_an_animation_that_plays_once_stops_at_its_last_picture(
    services: Services, store: Store, draft: MakeDraft
) -> None:
    asset = taken(services, draft, animation(each_ms=300, loop=None))
    shown = pictures(store, made(services, asset, seconds=5)[1])
    assert shown[-1][0] < 1
    assert is_near(shown[-1][1].getpixel((20, 20)), (0, 0, 255))


def test_what_is_transparent_in_an_animation_shows_the_ground(
    services: Services, store: Store, draft: MakeDraft
) -> None:
    clear, half = Image.new("RGBA", (200, 100)), Image.new("RGBA", (200, 100))
    half.paste((255, 0, 0, 255), (100, 0, 200, 100))
    out = io.BytesIO()
    clear.save(out, "GIF", save_all=True, append_images=[half], duration=300, disposal=2, loop=0)
    _, row = made(services, taken(services, draft, out.getvalue()), fit="contain")
    assert is_near(pictures(store, row)[0][1].getpixel((20, 20)), (0, 255, 0))


def test_a_gif_of_one_picture_is_a_picture(services: Services, draft: MakeDraft) -> None:
    asset = taken(services, draft, encoded(Image.new("P", (200, 100)), "GIF"))
    assert (asset.kind, asset.duration_ms) == ("image", None)
