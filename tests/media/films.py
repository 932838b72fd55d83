"""Films and documents that the tests make themselves."""

import io
import os
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
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


def film_with_sound(seconds: float = 2.0, rate: int = 10) -> bytes:
    """Orange pictures and a tone of 440 Hz."""
    out = io.BytesIO()
    with av.open(out, "w", format="mp4") as container:
        video, audio = container.add_stream("libx264", rate=rate), container.add_stream("aac", rate=44_100)
        video.width, video.height, video.pix_fmt = 320, 180, "yuv420p"
        for number in range(round(seconds * rate)):
            frame = av.VideoFrame.from_image(Image.new("RGB", (320, 180), "orange"))  # type: ignore[no-untyped-call]
            frame.pts, frame.time_base = number, Fraction(1, rate)
            container.mux(video.encode(frame))
        wave = np.sin(2 * np.pi * 440 * np.arange(round(seconds * 44_100)) / 44_100).astype(np.float32) / 2
        sound = av.AudioFrame.from_ndarray(wave[None, :], format="fltp", layout="mono")
        sound.sample_rate, sound.pts, sound.time_base = 44_100, 0, Fraction(1, 44_100)
        for stream, last in ((audio, sound), (audio, None), (video, None)):
            container.mux(stream.encode(last))  # type: ignore[arg-type]
    return out.getvalue()


def animation(colours: Sequence[str] = ("red", "lime", "blue"), each_ms: int = 400, **options: object) -> bytes:
    """A GIF that shows each colour for so long, over and over."""
    pictures = [Image.new("RGB", (200, 100), colour) for colour in colours]
    out = io.BytesIO()
    settings = {"save_all": True, "append_images": pictures[1:], "duration": each_ms, "loop": 0} | options
    pictures[0].save(out, "GIF", **settings)
    return out.getvalue()


def document(pages: int = 3) -> bytes:
    """A document whose pages have each its own colour."""
    colours = [(200, 30, 30), (30, 160, 60), (30, 60, 200)]
    sheets = [Image.new("RGB", (595, 842), colours[number % 3]) for number in range(pages)]
    out = io.BytesIO()
    sheets[0].save(out, "PDF", save_all=True, append_images=sheets[1:])
    return out.getvalue()


def noisy_film(file: Path, bytes_at_least: int, size: tuple[int, int] = (1280, 720)) -> Path:
    """A film that cannot be made small: each picture is noise, kept without loss."""
    with av.open(str(file), "w", format="mp4") as container:
        stream = container.add_stream("libx264", rate=25, options={"preset": "ultrafast", "qp": "0"})
        stream.width, stream.height, stream.pix_fmt = (*size, "yuv420p")
        number = 0
        while not file.exists() or file.stat().st_size < bytes_at_least:
            noise = Image.frombytes("RGB", size, os.urandom(size[0] * size[1] * 3))
            frame = av.VideoFrame.from_image(noise)  # type: ignore[no-untyped-call]
            frame.pts, frame.time_base = number, Fraction(1, 25)
            container.mux(stream.encode(frame))
            number += 1
        container.mux(stream.encode(None))
    return file
