"""The manifest as the dialects read it: the very bytes that our own player gets. Pure."""

from datetime import datetime

import msgspec
from msgspec import Struct


class Code(Struct, frozen=True):
    """The place's QR code on an entry; ``x``, ``y`` and ``width`` in pixels of the screen."""

    code: str
    url: str
    image_url: str
    x: int
    y: int
    width: int


class Entry(Struct, frozen=True):
    """Something to play; ``media_url`` is below the public address."""

    creative: str
    campaign: str | None
    placement: str | None
    media_url: str
    sha256: str
    bytes: int
    mime: str
    duration_ms: int
    qr: Code | None = None
    sound: bool = False

    @property
    def is_film(self) -> bool:
        """Whether it moves."""
        return self.mime.startswith("video/")

    @property
    def flat_url(self) -> str:
        """Where the entry is found with its code in the picture; a film, or a picture without a code, as it is."""
        if self.qr is None or self.is_film:
            return self.media_url
        test = "/T" if self.qr.url.endswith("/T") else ""  # the code of a screen in test mode, whose scans count not
        return f"/media/flat/{self.sha256}/{self.qr.code}{test}.jpg"


class Segment(Struct, frozen=True, rename={"start": "from"}):
    """What plays in turn from a moment until another."""

    start: datetime
    until: datetime
    loop: tuple[str, ...]


class Takeover(Struct, frozen=True, rename={"start": "from"}):
    """What plays alone from a moment until another."""

    entry: str
    start: datetime
    until: datetime
    id: str


class ScreenFacts(Struct, frozen=True):
    """The screen as its manifest tells it."""

    id: str
    name: str
    location: str
    width: int
    height: int
    timezone: str


class Manifest(Struct, frozen=True):
    """What one screen plays, for at least 48 hours."""

    screen: ScreenFacts
    revision: str
    poll_after_ms: int
    programme: tuple[Segment, ...]
    entries: dict[str, Entry]
    takeover: Takeover | None
    fallback: str

    def at(self, moment: datetime) -> Segment | None:
        """The segment of a moment."""
        return next((one for one in self.programme if one.start <= moment < one.until), None)


def read(body: bytes) -> Manifest:
    """The manifest in these bytes, which this server made."""
    return _decoder.decode(body)


_decoder: msgspec.json.Decoder[Manifest] = msgspec.json.Decoder(Manifest)
