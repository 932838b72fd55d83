"""What pictures cost: `make bench` prints it, beside the same work in plain libvips."""

import io
import statistics
import time
from collections.abc import Callable

import psutil
import pytest
from PIL import Image

from media import qr
from media.compose import compose
from media.design import Design
from media.gate import judge
from media.geometry import Shape
from media.layout import QrWish
from media.render import encode
from tests.media.conftest import encoded
from tests.media.pictures import landscape

pytestmark = pytest.mark.bench
SIX = [Shape(*size) for size in ((1080, 1920), (1920, 1080), (1280, 720), (1024, 768), (800, 480), (400, 300))]
TEXT = qr.payload("https://go.syt.vn", "K7F3Q9ZT")
ROUNDS = 5


def timed(work: Callable[[], object]) -> float:
    """Seconds of processor time, the median of some rounds."""
    spent = []
    for _ in range(ROUNDS):
        before = time.process_time()
        work()
        spent.append(time.process_time() - before)
    return statistics.median(spent)


def ours(content: bytes, design: Design) -> None:
    with Image.open(io.BytesIO(content), formats=("JPEG",)) as image:
        master = image.convert("RGB")
    for shape in SIX:
        made = compose(design, shape, master, 33)
        if made.qr:
            made.image.paste(qr.drawing(TEXT, made.qr.width), made.qr[:2])
        encode(made.image, is_photo=True)


def in_libvips(content: bytes) -> None:
    vips = pytest.importorskip("pyvips")
    for shape in SIX:
        small = vips.Image.thumbnail_buffer(content, shape.width, height=shape.height, crop="centre")
        code = vips.Image.new_from_buffer(qr.png(TEXT, 99), "").colourspace("srgb")
        small.insert(code, shape.width - 120, shape.height - 120).jpegsave_buffer(Q=84)


def test_six_renditions_of_twelve_megapixels() -> None:
    content = encoded(landscape(4000, 3000), "JPEG", quality=92)
    words = Design("vi", "Cài Bluezone để bảo vệ bạn", "Miễn phí", qr=QrWish())
    with_words, plain = timed(lambda: ours(content, words)), timed(lambda: ours(content, Design("vi", qr=QrWish())))
    vips = timed(lambda: in_libvips(content))
    memory = psutil.Process().memory_info().rss / 1e6
    print(f"\nsix renditions: {plain:.2f} s, with words and veil {with_words:.2f} s, libvips {vips:.2f} s")
    print(f"ratio {plain / vips:.2f} plain, {with_words / vips:.2f} with words; {memory:.0f} MB resident")


@pytest.mark.parametrize("shape", SIX[:2], ids=str)
def test_the_gate(shape: Shape) -> None:
    made = compose(Design("vi", "Cài Bluezone", qr=QrWish()), shape, landscape(1600, 1200), 33)
    assert made.qr is not None
    made.image.paste(qr.drawing(TEXT, made.qr.width), made.qr[:2])
    image, place = made.image, made.qr
    print(f"\ngate on {shape}: {1000 * timed(lambda: judge(image, place, TEXT)):.0f} ms")
