"""The manifest: what one screen plays, for days ahead, as bytes with an ETag. Pure.

The programme is cut once a day at a fixed time and covers 72 hours, so whoever asks sees at least 48 hours
ahead, and all who ask between two cuts are given the same bytes.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import NamedTuple

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


class Slot(NamedTuple):
    """An entry of a sheet: its JSON up to the QR code, whose link it shows, the code's JSON with holes for it, and the
    entry's end."""

    text: bytes
    link: tuple[str, str]
    qr: bytes | None
    end: bytes


@dataclass(frozen=True, slots=True)
class Sheet:
    """What all screens of a shape with one programme play, but for the codes: each location has codes of its own.

    ``marks`` is what the revision is made of, as far as it is known; ``digest`` is of all bytes. ``complete`` is false
    while a picture is missing; ``until`` is when it stops being true.
    """

    head: bytes
    slots: tuple[Slot, ...]
    foot: bytes
    marks: bytes
    digest: bytes
    until: datetime
    complete: bool


@dataclass(frozen=True, slots=True)
class Plan:
    """A manifest but for the screen's own lines: the same for all screens of a shape at a location.

    ``digest`` is of the sheet and the codes, from which the bytes follow; so an ETag is known before they are made.
    ``codes`` has one for each slot, parted by spaces, ``-`` for none: of these there are as many as locations.
    """

    sheet: Sheet
    codes: str
    revision: str
    digest: bytes

    @property
    def until(self) -> datetime:
        """When it stops being true."""
        return self.sheet.until

    @property
    def complete(self) -> bool:
        """False while a picture is missing."""
        return self.sheet.complete

    def tail(self) -> bytes:
        """All lines but the screen's own, as bytes."""
        parts = [self.sheet.head]
        for (text, _, qr, end), code in zip(self.sheet.slots, self.codes.encode().split(), strict=True):
            parts += text, b"null" if qr is None or code == b"-" else qr % (code.partition(b"/")[0], code, code), end
        return b"".join((*parts, self.sheet.foot))


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


def lay_out(programme: Programme, size: tuple[int, int], pictures: Pictures, public_url: str, now: datetime) -> Sheet:
    """What screens of this size play.

    An entry without a picture of the shape is left out until there is one. Raises KeyError where even the
    fallback has none. ``programme`` has been resolved for ``window(now)``.
    """
    loops = [(segment, _playable(segment, programme.fallback, pictures)) for segment in programme.segments]
    takeover = _takeover(programme, pictures, now)
    shown = {entry_id(entry): entry for entry in _shown(loops, takeover, programme.fallback)}
    head = msgspec.json.encode({"programme": [_segment(segment, loop) for segment, loop in loops]})
    foot = msgspec.json.encode({"takeover": _takeover_part(takeover), "fallback": entry_id(programme.fallback)})
    slots = tuple(_slots(shown, pictures, public_url))
    drawn = sorted((*key, picture.drawn or picture.sha256) for key, picture in pictures.items())
    return Sheet(
        head[1:-1] + b',"entries":{',
        slots,
        b"}," + foot[1:],
        msgspec.json.encode((programme.revision, size, drawn))[:-1],
        hashlib.sha256(head + foot + msgspec.json.encode(slots)).digest(),
        min([cut_before(now) + DAY, *([takeover.until] if takeover else [])]),
        all((one.creative_id, one.language) in pictures for s in programme.segments for one in s.loop),
    )


def fill(sheet: Sheet, codes: Codes) -> Plan:
    """The sheet with a location's codes: (campaign, creative) to its link's code, `/T` behind it in test mode.

    The revision is of all that could make a screen show something else; not of the window, so that a new cut changes
    nothing, nor of how its pictures are encoded.
    """
    told = msgspec.json.encode(sorted((*link, code) for link, code in codes.items()))
    revision = hashlib.sha256(sheet.marks + b"," + told + b"]").hexdigest()[:16]
    shown = " ".join(codes.get(slot.link, "-") for slot in sheet.slots)
    return Plan(sheet, shown, revision, hashlib.sha256(sheet.digest + told).digest())


def etag_of(screen: ScreenFacts, plan: Plan) -> str:
    """The ETag of one screen's manifest, for less than the manifest itself."""
    return _etag(_own(screen, plan), plan)


def _etag(own: bytes, plan: Plan) -> str:
    return hashlib.sha256(own + plan.digest).hexdigest()[:32]


def build(screen: ScreenFacts, plan: Plan, tail: bytes | None = None) -> Manifest:
    """The manifest of one screen; ``tail`` is the plan's, where somebody has it."""
    own = _own(screen, plan)
    return Manifest(own + b"," + (tail or plan.tail()), _etag(own, plan))


def _own(screen: ScreenFacts, plan: Plan) -> bytes:
    head = {
        "screen": {name: getattr(screen, name) for name in ScreenFacts.__slots__},
        "revision": plan.revision,
        "poll_after_ms": poll_after_ms(screen.id),
    }
    return msgspec.json.encode(head)[:-1]


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


def _slots(shown: Mapping[str, LoopEntry], pictures: Pictures, public_url: str) -> Iterator[Slot]:
    for number, (name, entry) in enumerate(shown.items()):
        picture = pictures[entry.creative_id, entry.language]
        text = msgspec.json.encode({name: _entry(entry, picture)})[1:-2] + b',"qr":'
        link = (entry.campaign_id or "", entry.creative_id)
        end = b',"sound":true}' if picture.has_sound else b"}"
        yield Slot(b"," + text if number else text, link, _code(picture, public_url), end)


def _entry(entry: LoopEntry, picture: Picture) -> dict[str, object]:
    return {
        "creative": entry.creative_id,
        "campaign": entry.campaign_id,
        "placement": entry.placement_id,
        "media_url": f"/media/{picture.sha256}.{EXTENSIONS[picture.mime]}",
        "sha256": picture.sha256,
        "bytes": picture.bytes,
        "mime": picture.mime,
        "duration_ms": entry.duration_ms,
        "fit": "cover",
    }


def _code(picture: Picture, public_url: str) -> bytes | None:
    """JSON with three holes: the code, and twice the code as it stands in addresses."""
    if picture.qr is None:
        return None
    x, y, width = picture.qr
    root = public_url.upper().replace("%", "%%")
    image_url = f"/media/qr/%b/{width}.png"
    made = {"code": "%b", "url": f"{root}/Q/%b", "image_url": image_url, "x": x, "y": y, "width": width}
    return msgspec.json.encode(made)
