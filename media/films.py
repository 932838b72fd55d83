"""Film, read and made inside the limited child: checked with a real decoder, fitted to a screen's shape.

What comes out plays on a ten-year-old panel: H.264 Constrained Baseline, 4:2:0, level 4.1 at most, at most 30
pictures a second, no sound, the index in front so that playing begins before the file is all there.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import av.filter
from av.container import InputContainer
from av.video.frame import VideoFrame
from PIL import Image

from media.master import normalised, write_master
from media.refusal import Refusal

MOST_SECONDS = 300
MOST_SIDE = 4096
MOST_RATE = 30
_POSTER_AT = 0.1  # of the film: the very first picture is black too often
_QUALITY = "23"


def examine(source: str, demuxer: str, master: str) -> dict[str, Any]:
    """Decodes the film's beginning and a picture to stand for it, which becomes the master."""
    with _opened(source, demuxer) as container:
        stream = container.streams.video[0]
        duration_ms = _duration_ms(container)
        _check(stream.width, stream.height, duration_ms)
        poster = _poster(container, duration_ms)
    mime = write_master(poster, Path(master), is_photo=True)
    return {"width": poster.width, "height": poster.height, "duration_ms": duration_ms, "master_mime": mime}


def _check(width: int, height: int, duration_ms: int) -> None:
    if max(width, height) > MOST_SIDE or min(width, height) < 16:
        raise Refusal(f"The film is {width} × {height} pixels; at most {MOST_SIDE} a side are accepted")
    if not 0 < duration_ms <= MOST_SECONDS * 1000:
        raise Refusal(f"The film lasts {duration_ms / 1000:.0f} s; up to {MOST_SECONDS} s are accepted")


@contextmanager
def _opened(source: str, demuxer: str) -> Iterator[InputContainer]:
    """Only the demuxer that the file's first bytes call for, and only local files: a film that names another file
    or address gets neither."""
    options = {"protocol_whitelist": "file", "format_whitelist": _DEMUXER_NAMES[demuxer]}
    try:
        with av.open(source, format=demuxer, options=options) as container:
            if not container.streams.video:
                raise Refusal("There are no pictures in this film")
            yield container
    except (av.FFmpegError, ValueError, IndexError) as error:
        raise Refusal(f"The film is broken or cut short ({error.__class__.__name__})") from None


_DEMUXER_NAMES = {"mov": "mov,mp4,m4a,3gp,3g2,mj2", "matroska": "matroska,webm", "gif": "gif"}


def _duration_ms(container: InputContainer) -> int:
    stream = container.streams.video[0]
    if container.duration:
        return round(container.duration / 1000)
    if stream.duration and stream.time_base:
        return round(float(stream.duration * stream.time_base) * 1000)
    return 0


def _poster(container: InputContainer, duration_ms: int) -> Image.Image:
    at = duration_ms / 1000 * _POSTER_AT
    last = None
    for frame in container.decode(video=0):
        last = frame
        if (frame.time or 0) >= at:
            break
    if last is None:
        raise Refusal("No picture of this film can be read")
    return normalised(_upright(last))


def _upright(frame: VideoFrame) -> Image.Image:
    turn = round(frame.rotation / 90) % 4
    image: Image.Image = frame.to_image()  # type: ignore[no-untyped-call]
    return image.rotate(90 * turn, expand=True) if turn else image


def fit_film(
    source: str,
    demuxer: str,
    target: str,
    layer: str,
    width: int,
    height: int,
    seconds: float,
    focal: list[float],
    progress: str,
) -> dict[str, Any]:
    """Writes the film cut to width × height with `layer` (a PNG of that size: veil, words, panel) over it, and how many
    per cent of it are made into the file `progress`."""
    with _opened(source, demuxer) as container, av.open(target, "w", format="mp4", options=_FAST_START) as out:
        container.streams.video[0].thread_count = 2
        told = _Told(Path(progress), min(seconds, _duration_ms(container) / 1000 or seconds))
        made = _transcode(container, out, Image.open(layer, formats=("PNG",)), (width, height), seconds, focal, told)
    if not made:
        raise Refusal("No picture of this film can be read")
    return {"pictures": made}


_FAST_START = {"movflags": "+faststart"}


class _Told:
    """Writes down how far the film is, once for each per cent."""

    def __init__(self, file: Path, seconds: float) -> None:
        self._file, self._seconds, self._last = file, seconds, -1

    def at(self, second: float) -> None:
        percent = min(100, int(100 * second / self._seconds))
        if percent != self._last:
            self._last = percent
            self._file.write_text(str(percent))


def _transcode(
    container: InputContainer,
    out: av.container.OutputContainer,
    layer: Image.Image,
    size: tuple[int, int],
    seconds: float,
    focal: list[float],
    told: _Told,
) -> int:
    rate = min(MOST_RATE, round(container.streams.video[0].average_rate or 25) or 25)
    stream = out.add_stream("libx264", rate=rate, options=_OPTIONS)
    stream.width, stream.height, stream.pix_fmt = (*size, "yuv420p")
    stream.thread_count = 2
    count = 0
    for count, picture in enumerate(_pictures(container, layer, size, rate, seconds, focal), 1):
        picture.pts, picture.time_base = count - 1, Fraction(1, rate)
        out.mux(stream.encode(picture))
        told.at(count / rate)
    out.mux(stream.encode(None))
    return count


_OPTIONS = {"profile": "baseline", "level": "4.1", "preset": "veryfast", "crf": _QUALITY, "g": "60", "bf": "0"}


def _pictures(
    container: InputContainer, layer: Image.Image, size: tuple[int, int], rate: int, seconds: float, focal: list[float]
) -> Iterator[VideoFrame]:
    """The film's pictures at a steady rate, cut and covered."""
    words = layer.convert("RGBA")
    number = 0
    for frame in container.decode(video=0):
        time = float(frame.time or 0)
        if time >= seconds:
            return
        if time * rate < number - 0.5:
            continue  # more pictures a second than we show
        fitted = _covering(_upright(frame), size, focal)
        fitted.paste(words, (0, 0), words)
        while number <= time * rate + 0.5:
            yield VideoFrame.from_image(fitted)  # type: ignore[no-untyped-call]
            number += 1


def _covering(image: Image.Image, size: tuple[int, int], focal: list[float]) -> Image.Image:
    width, height = size
    scale = min(image.width / width, image.height / height)
    cut_w, cut_h = min(width * scale, image.width), min(height * scale, image.height)
    left = max(0.0, min(image.width * focal[0] - cut_w / 2, image.width - cut_w))
    top = max(0.0, min(image.height * focal[1] - cut_h / 2, image.height - cut_h))
    box = (left, top, left + cut_w, top + cut_h)
    return image.convert("RGB").resize(size, Image.Resampling.BILINEAR, box=box, reducing_gap=2.0)
