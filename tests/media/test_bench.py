"""What pictures cost: `make bench` prints it, beside the same work in plain libvips."""

import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from media import qr
from media.compose import compose
from media.design import Design
from media.gate import judge
from media.geometry import Shape
from media.layout import QrWish
from tests.media.conftest import encoded
from tests.media.pictures import landscape
from tests.media.six import PLAIN, SIX, TEXT, WORDS, six_renditions
from tests.support.live import ROOT

pytestmark = pytest.mark.bench
ROUNDS = 5
_ALONE = """
import re, sys
from tests.media.six import WORDS, six_renditions
six_renditions(open(sys.argv[1], "rb").read(), WORDS)
print(re.search(r"VmHWM:\\s+(\\d+)", open("/proc/self/status").read())[1])
"""


def timed(work: Callable[[], object]) -> float:
    """Seconds of processor time, the median of some rounds."""
    spent = []
    for _ in range(ROUNDS):
        before = time.process_time()
        work()
        spent.append(time.process_time() - before)
    return statistics.median(spent)


def in_libvips(content: bytes) -> None:
    # It comes without a wheel, and the lock names wheels only.
    vips = pytest.importorskip("pyvips", reason="to be measured beside: .venv/bin/pip install pyvips pyvips-binary")
    for shape in SIX:
        small = vips.Image.thumbnail_buffer(content, shape.width, height=shape.height, crop="centre")
        code = vips.Image.new_from_buffer(qr.png(TEXT, 99), "").colourspace("srgb")
        small.insert(code, shape.width - 120, shape.height - 120).jpegsave_buffer(Q=84)


def test_six_renditions_of_twelve_megapixels() -> None:
    """Ours have a veil and words besides; libvips cuts the middle out and lays the code on."""
    content = encoded(landscape(4000, 3000), "JPEG", quality=92)
    rounds = [
        [
            timed(lambda: six_renditions(content, PLAIN)),
            timed(lambda: six_renditions(content, WORDS)),
            timed(lambda: in_libvips(content)),
        ]
        for _ in range(3)
    ]
    plain, with_words, vips = (statistics.median(each) for each in zip(*rounds, strict=True))
    print(f"\nsix renditions: {plain:.2f} s plain, {with_words:.2f} s with veil and words, libvips {vips:.2f} s")
    for name, spent in (("plain", plain), ("with veil and words", with_words)):
        print(f"ratio {name}: {spent / vips:.2f}; goal 1.5: {'met' if spent <= 1.5 * vips else 'missed'}")


def test_their_memory(tmp_path: Path) -> None:
    """In a process of its own, which does nothing else: the most it ever held."""
    file = tmp_path / "photo.jpg"
    file.write_bytes(encoded(landscape(4000, 3000), "JPEG", quality=92))
    done = subprocess.run(
        [sys.executable, "-c", _ALONE, str(file)], capture_output=True, text=True, check=True, cwd=ROOT
    )
    peak = int(done.stdout) / 1e3  # the kernel counts in kB
    print(f"\nsix renditions: {peak:.0f} MB at most; goal 200: {'met' if peak < 200 else 'missed'}")


@pytest.mark.parametrize("shape", SIX[:2], ids=str)
def test_the_gate(shape: Shape) -> None:
    made = compose(Design("vi", "Cài Bluezone", qr=QrWish()), shape, landscape(1600, 1200), 33)
    assert made.qr is not None
    made.image.paste(qr.drawing(TEXT, made.qr.width), made.qr[:2])
    image, place = made.image, made.qr
    spent = 1000 * timed(lambda: judge(image, place, TEXT))
    print(f"\ngate on {shape}: {spent:.0f} ms; goal 150: {'met' if spent < 150 else 'missed'}")
