"""Whether a photograph shows a picture: small things say nothing, another headline does, and the code is left out."""

import hashlib
import io
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from core.errors import Invalid
from core.services import Services
from media.apart import Box, apart
from media.films import glimpses
from media.geometry import Shape
from media.glass import SAME, Wanted, compare
from media.models import Creative
from media.render import drawing
from media.store import store_of
from tests.media.films import film

PORTRAIT = Shape(1080, 1920)


def notice(headline: str, shape: Shape = PORTRAIT) -> tuple[Image.Image, Box | None]:
    """A text notice as it is drawn, and the place of its code."""
    facts = {"fit": "cover", "focal_x": 0.5, "focal_y": 0.5, "background": "#0D47A1", "design": 1}
    code = {"qr_corner": "bottom-right", "qr_width_pct": 27}
    texts = {"vi": {"headline": headline, "call_to_action": "Quét mã"}}
    row = Creative(id="c", owner_path="/", name="n", texts=texts, duration_ms=8000, **facts, **code)
    made = drawing(row, None, "vi", shape, "https://bangtin.example")
    assert made.qr is not None
    return made.image.convert("RGB"), (made.qr.left, made.qr.top, made.qr.right - made.qr.left)


def taken(picture: Image.Image, width: int = 960) -> bytes:
    """As the player takes it: a JPEG of a smaller copy, here with a code laid over it."""
    out, scale = io.BytesIO(), min(1.0, width / picture.width)
    picture.resize((round(picture.width * scale), round(picture.height * scale))).save(out, "JPEG", quality=80)
    return out.getvalue()


def opened(jpeg: bytes) -> Image.Image:
    return Image.open(io.BytesIO(jpeg)).convert("RGB")


def shelved(services: Services, picture: Image.Image, tmp_path: Path) -> Wanted:
    file = tmp_path / "picture.png"
    picture.save(file)
    return stored(services, file, "image/png")


def stored(services: Services, file: Path, mime: str) -> Wanted:
    sha256 = hashlib.sha256(file.read_bytes()).hexdigest()
    store_of(services.settings).public.put(file, sha256)
    return Wanted(sha256, mime)


@pytest.mark.parametrize("shape", [Shape(1080, 1920), Shape(1920, 1080), Shape(384, 192)], ids=str)
def test_it_works(shape: Shape) -> None:
    picture, hole = notice("Cài Bluezone ngay", shape)
    other, _ = notice("Cài Bluezone nhé", shape)
    assert apart(opened(taken(picture)), picture, hole) <= SAME
    assert apart(opened(taken(other)), picture, hole) > 3 * SAME


def test_what_is_laid_over_the_codes_place_says_nothing() -> None:
    picture, hole = notice("Cài Bluezone")
    assert hole is not None
    left, top, width = hole
    covered = picture.copy()
    ImageDraw.Draw(covered).rectangle((left, top, left + width, top + width), fill="black")
    assert apart(covered, picture, hole) <= SAME
    assert apart(covered, picture) > SAME


@pytest.mark.parametrize("colour", ["black", "white", "#0D47A1"])
def test_a_glass_without_a_picture_differs(colour: str) -> None:
    picture, hole = notice("Cài Bluezone")
    assert apart(Image.new("RGB", picture.size, colour), picture, hole) > SAME


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_a_photograph_may_lie_on_its_side(services: Services, tmp_path: Path, turn: int) -> None:
    picture, _ = notice("Cài Bluezone")
    wanted = shelved(services, picture, tmp_path)
    (match,) = compare(services.settings, taken(picture.rotate(-turn, expand=True)), [wanted])
    assert (match.same, match.turn) == (True, turn)


def test_each_is_told_apart_and_what_is_not_there_is_far(services: Services, tmp_path: Path) -> None:
    one, other = notice("Cài Bluezone")[0], notice("Đeo khẩu trang")[0]
    wanted = [shelved(services, picture, tmp_path) for picture in (one, other)]
    found = compare(services.settings, taken(other), [*wanted, Wanted("0" * 64, "image/png")])
    assert [match.same for match in found] == [False, True, False]


def test_any_picture_of_a_film_will_do(services: Services, tmp_path: Path) -> None:
    file = tmp_path / "film.mp4"
    file.write_bytes(film())
    wanted = stored(services, file, "video/mp4")

    last = list(glimpses(str(store_of(services.settings).public.local(wanted.sha256))))[-1]
    (match,) = compare(services.settings, taken(last), [wanted])
    (strange,) = compare(services.settings, taken(Image.new("RGB", last.size, "magenta")), [wanted])
    assert (match.same, strange.same) == (True, False)


@pytest.mark.parametrize("photo", [b"\xff\xd8\xff" + b"picture" + b"\xff\xd9", b"", b"GIF89a"])
def test_a_photograph_that_cannot_be_read_is_refused(services: Services, tmp_path: Path, photo: bytes) -> None:
    wanted = shelved(services, notice("Cài Bluezone")[0], tmp_path)
    with pytest.raises(Invalid):
        compare(services.settings, photo, [wanted])
