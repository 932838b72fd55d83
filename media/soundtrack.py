"""A film's own sound, inside the limited child: whatever it was, it leaves as AAC in stereo."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

import av
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from av.container import InputContainer, OutputContainer

_RATE = 48_000
_BITS_A_SECOND = 128_000


class Soundtrack:
    """The first sound of `container`, which must be opened for this alone: it is read as far as the pictures are.

    Sound that breaks off or cannot be read leaves the rest of the film silent: its pictures are what is shown.
    """

    def __init__(self, container: InputContainer, out: OutputContainer, seconds: float) -> None:
        self._out, self._seconds = out, seconds
        self._stream: AudioStream = out.add_stream("aac", rate=_RATE, layout="stereo")
        self._stream.bit_rate = _BITS_A_SECOND
        self._resampler = av.AudioResampler("fltp", "stereo", _RATE)
        self._frames = self._heard(container)
        self._next = next(self._frames, None)

    def until(self, second: float) -> None:
        """Writes what is heard before `second` of the film."""
        while self._next is not None and float(self._next.time or 0) < second:
            self._out.mux(self._stream.encode(self._next))
            self._next = next(self._frames, None)

    def end(self) -> None:
        """Writes what the encoder still holds."""
        self._out.mux(self._stream.encode(None))

    def _heard(self, container: InputContainer) -> Iterator[AudioFrame]:
        with suppress(av.FFmpegError, ValueError):
            for frame in container.decode(audio=0):
                if frame.time is not None and frame.time >= self._seconds:
                    return
                if frame.time is None or frame.time >= 0:
                    yield from self._resampler.resample(frame)
