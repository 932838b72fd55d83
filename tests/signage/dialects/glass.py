"""A real X screen without a monitor, and a photograph of it."""

import mmap
import os
import struct
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image

HEADER = struct.Struct(">25I")


@contextmanager
def x_screen(width: int, height: int, folder: Path) -> Iterator[tuple[str, Path]]:
    """The screen's name for DISPLAY, and the file that holds its pixels; the server chooses a name that is free."""
    folder.mkdir(parents=True, exist_ok=True)
    reads, writes = os.pipe()
    size = f"{width}x{height}x24"
    words = ["Xvfb", "-displayfd", str(writes), "-screen", "0", size, "-fbdir", str(folder), "-nolisten", "tcp"]
    server = subprocess.Popen(words, pass_fds=[writes], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    os.close(writes)
    try:
        with os.fdopen(reads) as told:
            yield f":{int(told.readline())}", folder / "Xvfb_screen0"
    finally:
        server.terminate()
        server.wait(30)


def photograph(file: Path) -> Image.Image:
    """What is on the screen now, from the frame buffer (an X window dump, 32 bits a pixel)."""
    with file.open("rb") as pixels, mmap.mmap(pixels.fileno(), 0, access=mmap.ACCESS_READ) as dump:
        head = HEADER.unpack_from(dump)
        width, height, line, colours = head[4], head[5], head[12], head[19]
        start = head[0] + 12 * colours
        body = dump[start : start + line * height]
    return Image.frombytes("RGB", (width, height), body, "raw", "BGRX", line)
