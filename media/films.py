"""Film, read and made inside the limited child: checked with a real decoder, fitted to a screen's shape.

What comes out plays on a ten-year-old panel: H.264 Constrained Baseline, 4:2:0, level 4.1 at most, at most 30
pictures a second, without sound or with AAC in stereo, the index in front so that playing begins before the file is
all there.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import av.filter
from av.container import InputContainer, OutputContainer
from av.video.frame import VideoFrame
from av.video.stream import VideoStream
from PIL import Image

from media.colour import WHITE, Rgb
from media.geometry import Box
from media.master import normalised, write_master
from media.picture import Fit, Focal, blurred, contain, cover
from media.refusal import Refusal
from media.soundtrack import Soundtrack

MOST_SECONDS = 300
MOST_SIDE = 4096
MOST_RATE = 30
_POSTER_AT = 0.1  # of the film: the very first picture is black too often
_QUALITY = "23"


def examine(source: str, demuxer: str, master: str) -> dict[str, Any]:
    """Decodes the film's beginning and a picture to stand for it, which becomes the master."""
    with _opened(source, demuxer) as container:
        stream = container.streams.video[0]
        duration_ms = _animation_ms(container) if demuxer == "gif" else _duration_ms(container)
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
def _opened(source: str, demuxer: str, *, again: bool = False) -> Iterator[InputContainer]:
    """Only the demuxer that the file's first bytes call for, and only local files: a film that names another file
    or address gets neither. `again`: an animation begins anew as often as it says itself."""
    options = {"protocol_whitelist": "file", "format_whitelist": _DEMUXER_NAMES[demuxer]}
    if again and demuxer == "gif":
        options["ignore_loop"] = "0"
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


def _animation_ms(container: InputContainer) -> int:
    """Once through; its pictures' times are all that an animation tells."""
    packets = list(container.demux(video=0))
    container.seek(0)
    return round(1000 * sum(float((each.duration or 0) * each.time_base) for each in packets if each.time_base))


def _poster(container: InputContainer, duration_ms: int) -> Image.Image:
    at = duration_ms / 1000 * _POSTER_AT
    last = None
    for frame in container.decode(video=0):
        last = frame
        if (frame.time or 0) >= at:
            break
    if last is None:
        raise Refusal("No picture of this film can be read")
    return normalised(_upright(last, WHITE))


def glimpses(source: str, every_s: float = 0.2) -> Iterator[Image.Image]:
    """Pictures of a film of ours, the first and then one in so many seconds."""
    with _opened(source, "mov") as container:
        container.streams.video[0].thread_count = 2
        due = 0.0
        for frame in container.decode(video=0):
            if (at := frame.time or 0.0) >= due:
                due = at + every_s
                yield _upright(frame, WHITE)


def _upright(frame: VideoFrame, ground: Rgb) -> Image.Image:
    """The picture as it is to be seen, its transparent parts over `ground`."""
    turn = round(frame.rotation / 90) % 4
    image = _opaque(frame, ground) if frame.format.name in _CLEAR else frame.to_image()  # type: ignore[no-untyped-call]
    return image.rotate(90 * turn, expand=True) if turn else image


_CLEAR = ("bgra", "rgba", "yuva420p", "pal8")


def _opaque(frame: VideoFrame, ground: Rgb) -> Image.Image:
    clear = Image.fromarray(frame.to_ndarray(format="rgba"), "RGBA")
    return Image.alpha_composite(Image.new("RGBA", clear.size, (*ground, 255)), clear).convert("RGB")


@dataclass(frozen=True, slots=True)
class Fitting:
    """How a film comes to fill `size` (width, height). `focal` is the point to keep in sight and `aim` the share of the
    height where it should come; `room` (left, top, right, bottom) is what words leave free, for films that are shown
    whole over `ground`."""

    size: tuple[int, int]
    fit: Fit
    focal: Focal
    aim: float
    room: Box
    ground: Rgb

    @classmethod
    def read(cls, order: dict[str, Any]) -> Fitting:
        """From what `order` made."""
        return cls(
            tuple(order["size"]),
            Fit(order["fit"]),
            Focal(*order["focal"]),
            order["aim"],
            Box(*order["room"]),
            tuple(order["ground"]),
        )

    def picture(self, image: Image.Image) -> Image.Image:
        """One picture of the film as it fills the screen."""
        if self.fit is Fit.COVER:
            return cover(image, *self.size, self.focal, self.aim)
        back = blurred(image, *self.size) if self.fit is Fit.BLUR else Image.new("RGB", self.size, self.ground)
        scaled, where = contain(image, self.room)
        back.paste(scaled, where)
        return back


def fit_film(
    source: str,
    demuxer: str,
    target: str,
    layer: str,
    fitting: dict[str, Any],
    seconds: float,
    sound: bool,
    progress: str,
) -> dict[str, Any]:
    """Writes the film fitted to a screen with `layer` (a PNG of that size: veil, words, panel) over it, and how many
    per cent of it are made into the file `progress`. With `sound` it keeps its own, where it has any."""
    how = Fitting.read(fitting)
    with ExitStack() as stack:
        container = stack.enter_context(_opened(source, demuxer, again=True))
        out = stack.enter_context(av.open(target, "w", format="mp4", options=_FAST_START))
        video = _video(container, out, how.size)
        heard = None
        if sound and container.streams.audio:
            heard = Soundtrack(stack.enter_context(_opened(source, demuxer)), out, seconds)
        words = Image.open(layer, formats=("PNG",)).convert("RGBA")
        lasts = seconds if demuxer == "gif" else min(seconds, _duration_ms(container) / 1000 or seconds)
        told = _Told(Path(progress), lasts)
        made = _transcode(_pictures(container, words, how, _rate(container), seconds), out, video, told, heard)
    if not made:
        raise Refusal("No picture of this film can be read")
    return {"pictures": made, "has_sound": heard is not None}


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


def _rate(container: InputContainer) -> int:
    """Pictures a second. An animation's pictures each have a time of their own: 25 are near enough to any."""
    if container.format.name == "gif":
        return 25
    return min(MOST_RATE, round(container.streams.video[0].average_rate or 25) or 25)


def _video(container: InputContainer, out: OutputContainer, size: tuple[int, int]) -> VideoStream:
    container.streams.video[0].thread_count = 2
    stream = out.add_stream("libx264", rate=_rate(container), options=_OPTIONS)
    stream.width, stream.height, stream.pix_fmt = (*size, "yuv420p")
    stream.thread_count = 2
    return stream


_OPTIONS = {"profile": "baseline", "level": "4.1", "preset": "veryfast", "crf": _QUALITY, "g": "60", "bf": "0"}


def _transcode(
    pictures: Iterator[Image.Image], out: OutputContainer, video: VideoStream, told: _Told, heard: Soundtrack | None
) -> int:
    rate, count = int(video.average_rate or 25), 0
    for count, picture in enumerate(pictures, 1):
        frame = VideoFrame.from_image(picture)  # type: ignore[no-untyped-call]
        frame.pts, frame.time_base = count - 1, Fraction(1, rate)
        out.mux(video.encode(frame))
        if heard:
            heard.until(count / rate)
        told.at(count / rate)
    out.mux(video.encode(None))
    if heard:
        heard.end()
    return count


def _pictures(
    container: InputContainer, words: Image.Image, how: Fitting, rate: int, seconds: float
) -> Iterator[Image.Image]:
    """The film's pictures at a steady rate, fitted and covered; each stays until its successor's time has come."""
    number, shown = 0, None
    for frame in container.decode(video=0):
        due = float(frame.time or 0) * rate
        if due >= seconds * rate:
            break
        if due < number - 0.5:
            continue  # more pictures a second than we show
        while shown and number < due - 0.5:
            yield shown
            number += 1
        shown = how.picture(_upright(frame, how.ground))
        shown.paste(words, (0, 0), words)
        yield shown
        number += 1
    else:
        return
    while shown and number < seconds * rate - 0.5:
        yield shown
        number += 1
