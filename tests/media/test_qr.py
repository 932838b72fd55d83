"""Codes: short, whole pixels, quiet around, and read back as what they say."""

import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from core.ids import CROCKFORD
from media import qr

HOSTS = ("https://go.syt.vn", "http://127.0.0.1:8000", "https://bangtin.quangninh.gov.vn")


def read(image: Image.Image) -> list[str]:
    return [found.text for found in zxingcpp.read_barcodes(image.convert("L"))]


@settings(deadline=None)
@given(st.text(CROCKFORD, min_size=8, max_size=8), st.sampled_from(HOSTS), st.integers(1, 12))
def test_it_reads_back(code: str, host: str, scale: int) -> None:
    text = qr.payload(host, code)
    assert read(qr.drawing(text, scale * qr.modules_across(host))) == [text]


def test_a_payload_is_upper_case_and_keeps_the_port() -> None:
    assert qr.payload("http://127.0.0.1:8000", "K7F3Q9ZT") == "HTTP://127.0.0.1:8000/Q/K7F3Q9ZT"


def test_correction_is_the_strongest_that_costs_no_size() -> None:
    levels = {}
    for host in HOSTS:
        text = qr.payload(host, "K7F3Q9ZT")
        (found,) = zxingcpp.read_barcodes(qr.drawing(text, 330).convert("L"))
        levels[len(text)] = (len(qr.matrix(text)), found.ec_level)
    assert levels == {28: (25, "Q"), 32: (25, "M"), 43: (25, "L")}


def test_four_modules_around_it_are_white() -> None:
    image = qr.drawing("HTTPS://X.VN/Q/K7F3Q9ZT", 10 * qr.modules_across("https://x.vn"))
    inner = image.convert("L").point(lambda value: 255 - value).getbbox()
    assert inner == (40, 40, image.width - 40, image.height - 40)


def test_a_width_in_between_is_centred_in_white() -> None:
    image = qr.drawing(qr.payload(HOSTS[0], "K7F3Q9ZT"), 350)
    left, top, right, bottom = image.convert("L").point(lambda value: 255 - value).getbbox() or (0, 0, 0, 0)
    assert image.size == (350, 350)
    assert right - left == 250
    assert left == top
    assert 350 - right == left
    assert 350 - bottom == top


def test_too_few_pixels_are_refused() -> None:
    with pytest.raises(ValueError, match="too few"):
        qr.drawing(qr.payload(HOSTS[0], "K7F3Q9ZT"), 32)


def test_vectors_draw_the_same_modules() -> None:
    text = qr.payload(HOSTS[0], "K7F3Q9ZT")
    dark = sum(length for _, _, length in qr.runs(qr.matrix(text)))
    assert dark == sum(map(sum, qr.matrix(text)))
    assert qr.svg(text).startswith("<svg")
    assert f'viewBox="0 0 {qr.modules_across(HOSTS[0])}' in qr.svg(text)
