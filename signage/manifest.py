"""The manifest: what one screen plays, for days ahead, as bytes with an ETag. Pure.

The programme is cut once a day at a fixed time and covers 72 hours, so whoever asks sees at least 48 hours
ahead, and all who ask between two cuts are given the same bytes.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

import msgspec

from media.shelf import EXTENSIONS
from playlists.programme import LoopEntry, Programme, Segment, TakeoverSlot
from signage.pacing import poll_after_ms

CUT_AT = time(20, 0, tzinfo=UTC)  # three in the morning in Việt Nam: nobody looks
COVERS = timedelta(hours=72)
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class ScreenFacts:
    """What a manifest says of its screen."""

    id: str
    name: str
    location: str
    width: int
    height: int
    timezone: str


@dataclass(frozen=True, slots=True)
class Picture:
    """A rendition that fits the screen to the pixel, with the place it keeps free for a QR code (left, top, width).

    ``drawn`` names the picture in whatever encoding it is sent; empty where there is but one.
    """

    sha256: str
    bytes: int
    mime: str
    qr: tuple[int, int, int] | None = None
    drawn: str = ""
    has_sound: bool = False


Pictures = Mapping[tuple[str, str], Picture]
Codes = Mapping[tuple[str, str], str]


@dataclass(frozen=True, slots=True)
class Plan:
    """A manifest but for the screen's own lines: the same for all screens of a shape at a location.

    ``complete`` is false while a picture is missing; ``until`` is when it stops being true.
    """

    tail: bytes
    revision: str
    until: datetime
    complete: bool


@dataclass(frozen=True, slots=True)
class Manifest:
    """The body as it is sent, and its strong ETag (without quotes)."""

    body: bytes
    etag: str


def cut_before(now: datetime) -> datetime:
    """The last cut at or before ``now``."""
    today = datetime.combine(now.astimezone(UTC).date(), CUT_AT)
    return today if today <= now else today - DAY


def window(now: datetime) -> tuple[datetime, datetime]:
    """What a manifest asked for at ``now`` covers."""
    start = cut_before(now)
    return start, start + COVERS


def entry_id(entry: LoopEntry) -> str:
    """Names a play for as long as its placement, creative and language last; its language can be read off it."""
    text = f"{entry.placement_id}|{entry.creative_id}|{entry.language}"
    return f"{hashlib.sha256(text.encode()).hexdigest()[:12]}-{entry.language}"


def language_of(entry: str) -> str:
    """The language in an entry's id; empty if this id was not made here."""
    return entry.partition("-")[2]


def lay_out(
    programme: Programme, size: tuple[int, int], pictures: Pictures, codes: Codes, public_url: str, now: datetime
) -> Plan:
    """What screens of this size play. ``codes``: (campaign, creative) to the link's code at their location.

    An entry without a picture of the shape is left out until there is one. Raises KeyError where even the
    fallback has none. ``programme`` has been resolved for ``window(now)``.
    """
    loops = [(segment, _playable(segment, programme.fallback, pictures)) for segment in programme.segments]
    takeover = _takeover(programme, pictures, now)
    maker = _EntryMaker(pictures, codes, public_url)
    document = {
        "programme": [_segment(segment, loop) for segment, loop in loops],
        "entries": {entry_id(entry): maker.make(entry) for entry in _shown(loops, takeover, programme.fallback)},
        "takeover": _takeover_part(takeover),
        "fallback": entry_id(programme.fallback),
    }
    complete = all((one.creative_id, one.language) in pictures for s in programme.segments for one in s.loop)
    until = min([cut_before(now) + DAY, *([takeover.until] if takeover else [])])
    return Plan(msgspec.json.encode(document)[1:], _revision(programme, pictures, codes, size), until, complete)


def build(screen: ScreenFacts, plan: Plan) -> Manifest:
    """The manifest of one screen."""
    head = {
        "screen": {name: getattr(screen, name) for name in ScreenFacts.__slots__},
        "revision": plan.revision,
        "poll_after_ms": poll_after_ms(screen.id),
    }
    body = msgspec.json.encode(head)[:-1] + b"," + plan.tail
    return Manifest(body, hashlib.sha256(body).hexdigest()[:32])


def _playable(segment: Segment, fallback: LoopEntry, pictures: Pictures) -> tuple[LoopEntry, ...]:
    here = tuple(one for one in segment.loop if (one.creative_id, one.language) in pictures)
    return here or (fallback,)


def _takeover(programme: Programme, pictures: Pictures, now: datetime) -> TakeoverSlot | None:
    slot = programme.takeover_at(now)
    return slot if slot and (slot.entry.creative_id, slot.entry.language) in pictures else None


def _takeover_part(slot: TakeoverSlot | None) -> dict[str, str] | None:
    if slot is None:
        return None
    return {"entry": entry_id(slot.entry), "from": instant(slot.start), "until": instant(slot.until), "id": slot.id}


def _shown(
    loops: Iterable[tuple[Segment, tuple[LoopEntry, ...]]], takeover: TakeoverSlot | None, fallback: LoopEntry
) -> Iterator[LoopEntry]:
    for _, loop in loops:
        yield from loop
    if takeover:
        yield takeover.entry
    yield fallback


def _segment(segment: Segment, loop: tuple[LoopEntry, ...]) -> dict[str, object]:
    return {
        "from": instant(segment.start),
        "until": instant(segment.until),
        "loop": [entry_id(entry) for entry in loop],
    }


def instant(moment: datetime) -> str:
    """RFC 3339 in UTC with milliseconds."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _revision(programme: Programme, pictures: Pictures, codes: Codes, size: tuple[int, int]) -> str:
    """Of all that could make this screen show something else; not of the window, so that a new cut changes nothing,
    nor of how its pictures are encoded."""
    parts = (
        programme.revision,
        size,
        sorted(
            (creative, language, picture.drawn or picture.sha256) for (creative, language), picture in pictures.items()
        ),
        sorted((campaign, creative, code) for (campaign, creative), code in codes.items()),
    )
    return hashlib.sha256(msgspec.json.encode(parts)).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class _EntryMaker:
    pictures: Pictures
    codes: Codes
    public_url: str

    def make(self, entry: LoopEntry) -> dict[str, object]:
        picture = self.pictures[entry.creative_id, entry.language]
        told: dict[str, object] = {
            "creative": entry.creative_id,
            "campaign": entry.campaign_id,
            "placement": entry.placement_id,
            "media_url": f"/media/{picture.sha256}.{EXTENSIONS[picture.mime]}",
            "sha256": picture.sha256,
            "bytes": picture.bytes,
            "mime": picture.mime,
            "duration_ms": entry.duration_ms,
            "fit": "cover",
            "qr": self._qr(entry, picture),
        }
        return told | {"sound": True} if picture.has_sound else told

    def _qr(self, entry: LoopEntry, picture: Picture) -> dict[str, object] | None:
        code = self.codes.get((entry.campaign_id or "", entry.creative_id))
        if picture.qr is None or code is None:
            return None
        x, y, width = picture.qr
        return {
            "code": code.partition("/")[0],
            "url": f"{self.public_url}/Q/{code}".upper(),
            "image_url": f"/media/qr/{code}/{width}.png",
            "x": x,
            "y": y,
            "width": width,
        }
