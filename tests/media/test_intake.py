"""Files come in: judged by their bytes, read in a limited process, kept once."""

import io
import struct
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image, ImageCms

from core.errors import Invalid, TooLarge, WrongType
from media import intake
from media.intake import Facts, examine
from media.sandbox import DecoderStopped, Limits, run
from media.shelf import Draft
from media.store import Store
from tests.media.conftest import encoded, files_in

MakeDraft = Callable[[bytes], Draft]


@pytest.fixture
def database_url(sqlite_template: object, tmp_path: object) -> str:
    """Most of this file asks no database."""
    return f"sqlite:///{tmp_path}/none.db"


def content_of(sha256: str, store: Store) -> bytes:
    with store.public.open(sha256) as file:
        return file.read()


def master_of(facts: Facts, store: Store) -> Image.Image:
    assert facts.master_sha256 is not None
    return Image.open(io.BytesIO(content_of(facts.master_sha256, store)))


@pytest.mark.parametrize(
    ("form", "mime"),
    [("JPEG", "image/jpeg"), ("PNG", "image/png"), ("WEBP", "image/webp"), ("GIF", "image/gif")],
)
def test_it_works(form: str, mime: str, draft: MakeDraft, store: Store, photo: Image.Image) -> None:
    facts = examine(draft(encoded(photo.resize((320, 240)), form)), store)
    assert (facts.kind, facts.mime, facts.width, facts.height) == ("image", mime, 320, 240)
    assert master_of(facts, store).size == (320, 240)


def test_orientation_is_applied(draft: MakeDraft, store: Store, photo: Image.Image) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # lies on its side: turn by 90°
    facts = examine(draft(encoded(photo.resize((320, 240)), "JPEG", exif=exif)), store)
    assert (facts.width, facts.height) == (240, 320)


def test_metadata_is_gone_from_what_is_served(draft: MakeDraft, store: Store, photo: Image.Image) -> None:
    exif = Image.Exif()
    exif[0x010F] = "Camera of Ms Hoa"
    exif.get_ifd(0x8825)[2] = (21.0, 1.0, 42.0)
    content = encoded(photo.resize((64, 48)), "JPEG", exif=exif, comment=b"taken at home", xmp=b"<x:xmpmeta/>")
    facts = examine(draft(content), store)
    served = content_of(facts.master_sha256 or "", store)
    assert b"Hoa" not in served
    assert b"home" not in served
    assert b"xmp" not in served
    assert not master_of(facts, store).getexif()


def test_wide_gamut_becomes_srgb(draft: MakeDraft, store: Store) -> None:
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    plain = Image.new("RGB", (32, 32), (200, 30, 60))
    for profile in (srgb, lab, b"garbage"):
        facts = examine(draft(encoded(plain, "JPEG", icc_profile=profile, quality=95)), store)
        master = master_of(facts, store)
        assert "icc_profile" not in master.info
        assert all(abs(a - b) < 8 for a, b in zip(master.getpixel((16, 16)), (200, 30, 60), strict=True))  # type: ignore[arg-type]


def test_cmyk_becomes_rgb(draft: MakeDraft, store: Store, photo: Image.Image) -> None:
    facts = examine(draft(encoded(photo.resize((64, 48)).convert("CMYK"), "JPEG")), store)
    assert master_of(facts, store).mode == "RGB"


def test_sixteen_bits_become_eight(draft: MakeDraft, store: Store) -> None:
    deep = Image.new("I;16", (8, 8), 32_768)
    facts = examine(draft(encoded(deep, "PNG")), store)
    assert master_of(facts, store).convert("L").getpixel((4, 4)) in (127, 128)


def test_transparency_is_kept(draft: MakeDraft, store: Store) -> None:
    facts = examine(draft(encoded(Image.new("RGBA", (8, 8), (255, 0, 0, 0)), "PNG")), store)
    assert master_of(facts, store).getpixel((4, 4))[3] == 0  # type: ignore[index]


def test_what_is_no_picture_is_refused(draft: MakeDraft, store: Store) -> None:
    for content, seems in (
        (b"%!PS-Adobe-3.0\n/Times findfont", "PostScript"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "SVG"),
        (b"<!doctype html><script>", "web page"),
        (b"PK\x03\x04" + b"\0" * 50, "archive"),
        (b"\x7fELF\x02\x01\x01", "program"),
        (b"MM\0\x2b", "none that we know"),
        (b"", "empty"),
    ):
        with pytest.raises(WrongType, match=f"{seems}.*Accepted are pictures"):
            examine(draft(content), store)


def test_a_name_does_not_make_a_picture(draft: MakeDraft, store: Store) -> None:
    with pytest.raises(Invalid, match=r"broken|cut short"):
        examine(draft(b"\xff\xd8\xff\xe0 this only begins like a JPEG \xff\xd9"), store)


def billion_pixels() -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", 40_000, 25_000, 8, 2, 0, 0, 0)
    rows = chunk(b"IDAT", zlib.compress(b"\0" * 1000))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + rows + chunk(b"IEND", b"")


def test_a_billion_pixels_are_refused_by_the_header(draft: MakeDraft, store: Store) -> None:
    with pytest.raises(Invalid, match="40000 × 25000 pixels; at most 50 megapixels"):
        examine(draft(billion_pixels()), store)


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "GIF"])
@pytest.mark.parametrize("share", [0.3, 0.95])
def test_a_picture_cut_short_is_refused(
    form: str, share: float, draft: MakeDraft, store: Store, photo: Image.Image
) -> None:
    content = encoded(photo.resize((320, 240)), form)
    with pytest.raises(Invalid, match=r"cut short|broken"):
        examine(draft(content[: int(len(content) * share)]), store)


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "GIF"])
@pytest.mark.parametrize("second", [b"<script>alert(1)</script>", b"PK\x03\x04zip", b"%PDF-1.7", b"<?php"])
def test_a_file_that_is_two_is_refused(
    form: str, second: bytes, draft: MakeDraft, store: Store, photo: Image.Image
) -> None:
    with pytest.raises(Invalid, match="second file"):
        examine(draft(encoded(photo.resize((64, 48)), form) + second), store)


def test_too_many_bytes_are_refused(draft: MakeDraft, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(intake.MOST_BYTES, "image", 1_000)
    with pytest.raises(TooLarge, match="at most"):
        examine(draft(b"\x89PNG\r\n\x1a\n" + b"\0" * 2_000), store)


def test_a_refused_file_leaves_nothing(draft: MakeDraft, store: Store) -> None:
    for content in (b"no picture", billion_pixels(), b"\xff\xd8\xff\xe0 broken \xff\xd9"):
        refused = draft(content)
        with pytest.raises((WrongType, Invalid)):
            examine(refused, store)
        refused.discard()
    assert files_in(store.drafts.parent) == []


def misbehave(how: str, limits: Limits) -> None:
    run(how, {}, limits, program=Path(__file__).parent / "bad_decoder.py")


def test_a_decoder_that_hangs_is_stopped() -> None:
    with pytest.raises(DecoderStopped, match="within 1 seconds"):
        misbehave("hang", Limits(wall_s=1))


def test_a_decoder_that_spins_is_stopped() -> None:
    with pytest.raises(DecoderStopped, match="too long"):
        misbehave("spin", Limits(cpu_s=1))


def test_a_decoder_that_crashes_takes_nobody_along() -> None:
    with pytest.raises(DecoderStopped, match="makes its decoder fail"):
        misbehave("crash", Limits())


def test_a_decoder_that_eats_memory_is_stopped() -> None:
    with pytest.raises(DecoderStopped, match="more memory"):
        misbehave("eat", Limits(memory=1 << 28))
