"""Every format that operators bring, and every way in which one can be wrong."""

import io
from collections.abc import Callable
from pathlib import Path

import av
import numpy as np
import pillow_heif
import pytest
from PIL import Image

from core.errors import Invalid, WrongType
from media.intake import examine, examine_page
from media.shelf import Draft
from media.store import Store
from tests.media.conftest import encoded
from tests.media.films import document, film

MakeDraft = Callable[[bytes], Draft]


@pytest.fixture
def database_url(tmp_path: Path) -> str:
    """Reading files asks no database."""
    return f"sqlite:///{tmp_path}/none.db"


def heic(image: Image.Image) -> bytes:
    out = io.BytesIO()
    pillow_heif.from_pillow(image).save(out)
    return out.getvalue()


def animation(image: Image.Image) -> bytes:
    frames = [image.rotate(angle) for angle in (0, 90, 180)]
    return encoded(frames[0], "GIF", save_all=True, append_images=frames[1:], duration=100)


MAKERS: dict[str, Callable[[Image.Image], bytes]] = {
    "image/avif": lambda image: encoded(image, "AVIF"),
    "image/heic": heic,
    "image/tiff": lambda image: encoded(image, "TIFF", compression="tiff_lzw"),
    "image/bmp": lambda image: encoded(image, "BMP"),
    "image/gif": animation,
}


@pytest.mark.parametrize("mime", MAKERS)
def test_a_picture_is_taken(mime: str, draft: MakeDraft, store: Store, photo: Image.Image) -> None:
    facts = examine(draft(MAKERS[mime](photo.resize((160, 120)))), store)
    kind = "video" if mime == "image/gif" else "image"  # this one moves
    assert (facts.kind, facts.mime, facts.width, facts.height) == (kind, mime, 160, 120)
    assert facts.master_mime in ("image/jpeg", "image/png")


@pytest.mark.parametrize("mime", ["image/avif", "image/heic", "image/tiff", "image/bmp"])
def test_a_picture_cut_short_is_refused(mime: str, draft: MakeDraft, store: Store, photo: Image.Image) -> None:
    content = MAKERS[mime](photo.resize((160, 120)))
    with pytest.raises(Invalid, match=r"cut short|broken"):
        examine(draft(content[: len(content) * 6 // 10]), store)


@pytest.mark.parametrize("mode", ["CMYK", "L", "LA", "P", "1", "I;16"])
def test_every_depth_of_tiff_is_taken(mode: str, draft: MakeDraft, store: Store, photo: Image.Image) -> None:
    small = photo.resize((32, 24))
    image = Image.new("I;16", (32, 24), 40_000) if mode == "I;16" else small.convert(mode)
    assert examine(draft(encoded(image, "TIFF")), store).width == 32


def test_a_document_tells_its_pages(draft: MakeDraft, store: Store) -> None:
    facts = examine(draft(document(3)), store)
    assert (facts.kind, facts.mime, facts.pages, facts.master_sha256) == ("document", "application/pdf", 3, None)


def test_a_page_becomes_a_picture(draft: MakeDraft, store: Store) -> None:
    held = draft(document(3))
    held.close()
    facts = examine_page(held.path, 2, store)
    assert facts.kind == "image"
    assert min(facts.width, facts.height) > 2000
    with store.public.open(facts.master_sha256 or "") as file:
        red, green, blue = Image.open(file).convert("RGB").getpixel((100, 100))  # type: ignore[misc]
    assert green > max(red, blue)


def test_a_page_that_is_not_there_is_refused(draft: MakeDraft, store: Store) -> None:
    held = draft(document(1))
    held.close()
    with pytest.raises(Invalid, match="no page 2; it has 1"):
        examine_page(held.path, 2, store)


@pytest.mark.parametrize("content", [b"%PDF-1.7\n", document(1)[:300]])
def test_a_broken_document_is_refused(content: bytes, draft: MakeDraft, store: Store) -> None:
    with pytest.raises(Invalid, match="document is broken"):
        examine(draft(content), store)


@pytest.mark.parametrize(
    ("form", "codec", "mime"),
    [("mp4", "libx264", "video/mp4"), ("mov", "mpeg4", "video/quicktime"), ("webm", "libvpx", "video/webm")],
)
def test_a_film_is_taken(form: str, codec: str, mime: str, draft: MakeDraft, store: Store) -> None:
    facts = examine(draft(film(form=form, codec=codec)), store)
    assert (facts.kind, facts.mime, facts.width, facts.height) == ("video", mime, 320, 180)
    assert facts.duration_ms == pytest.approx(2000, abs=110)
    assert facts.master_mime == "image/jpeg"


def test_a_film_cut_short_is_refused(draft: MakeDraft, store: Store) -> None:
    with pytest.raises(Invalid, match=r"cut short|broken"):
        examine(draft(film()[:3000]), store)


def test_a_film_without_pictures_is_refused(draft: MakeDraft, store: Store) -> None:
    out = io.BytesIO()
    with av.open(out, "w", format="mp4") as container:
        stream = container.add_stream("aac", rate=44100)
        frame = av.AudioFrame.from_ndarray(np.zeros((2, 1024), dtype=np.float32), format="fltp", layout="stereo")
        frame.sample_rate = 44100
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    with pytest.raises(Invalid, match="no pictures"):
        examine(draft(out.getvalue()), store)


@pytest.mark.parametrize(
    "content",
    [
        b"#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n",
        b"RIFF\x24\0\0\0AVI LIST",
        b"\0\0\0\x18ftypM4A \0\0\0\0",
        b"\x1a\x45\xdf\xa3\x93\x42\x82\x88matroska",
    ],
)
def test_other_films_are_not_taken(content: bytes, draft: MakeDraft, store: Store) -> None:
    with pytest.raises(WrongType, match="Accepted are"):
        examine(draft(content), store)
