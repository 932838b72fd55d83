"""Films and documents that the tests make themselves."""

import io
from fractions import Fraction

import av
from PIL import Image, ImageDraw

from tests.media.pictures import landscape


def film(
    seconds: float = 2.0, size: tuple[int, int] = (320, 180), form: str = "mp4", codec: str = "libx264", rate: int = 10
) -> bytes:
    """A scene with a moving bar."""
    out = io.BytesIO()
    scene = landscape(*size)
    with av.open(out, "w", format=form) as container:
        stream = container.add_stream(codec, rate=rate)
        stream.width, stream.height, stream.pix_fmt = (*size, "yuv420p")
        for number in range(round(seconds * rate)):
            image = scene.copy()
            ImageDraw.Draw(image).rectangle((number * 4, 0, number * 4 + 20, size[1]), fill=(255, 0, 0))
            frame = av.VideoFrame.from_image(image)  # type: ignore[no-untyped-call]
            frame.pts, frame.time_base = number, Fraction(1, rate)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return out.getvalue()


def document(pages: int = 3) -> bytes:
    """A document whose pages have each its own colour."""
    colours = [(200, 30, 30), (30, 160, 60), (30, 60, 200)]
    sheets = [Image.new("RGB", (595, 842), colours[number % 3]) for number in range(pages)]
    out = io.BytesIO()
    sheets[0].save(out, "PDF", save_all=True, append_images=sheets[1:])
    return out.getvalue()
