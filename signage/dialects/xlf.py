"""Xibo's layouts: a picture or a film, the place's QR code over it, as XLF. Pure.

A player keeps what it has fetched by number and may never look again, so a number must mean the same bytes for ever:
it is made of the entry's own number and of a mark of what is in the layout. From a number in a report the entry can
be read off again.
"""

from binascii import crc32
from typing import NamedTuple
from xml.sax.saxutils import escape, quoteattr

from signage.dialects.programme import Code, Entry

MARK_BITS = 12  # with 31 bits in all, and one for the part, there is room for 262,143 entries
_MARKS = (1 << MARK_BITS) - 1


class Part(NamedTuple):
    """A file that a layout shows; ``url`` is below the public address, ``file`` its name in the player's library."""

    id: int
    url: str
    file: str
    sha256: str = ""
    code: Code | None = None


class Layout(NamedTuple):
    """A layout, the files it shows, and how long it is up, in whole seconds."""

    number: int
    xml: str
    parts: tuple[Part, ...]
    seconds: int


def number_of_entry(layout: int) -> int:
    """The number of the entry that a layout shows."""
    return layout >> MARK_BITS


def seconds_of(entry: Entry) -> int:
    """How long an entry is shown by players that count in seconds."""
    return max(1, (entry.duration_ms + 500) // 1000)


def layout_of(entry: Entry, number: int, size: tuple[int, int]) -> Layout:
    """The layout of an entry of this number, for screens of this width and height."""
    seconds = seconds_of(entry)
    shown = repr((entry.sha256, entry.qr, seconds, entry.sound, size))
    mark = number << MARK_BITS | crc32(shown.encode()) & _MARKS
    parts = tuple(_parts(entry, mark))
    regions = [_region(1, (0, 0, *size), _media(parts[0], entry, seconds))]
    if entry.qr:
        box = (entry.qr.x, entry.qr.y, entry.qr.width, entry.qr.width)
        regions.append(_region(2, box, _image(parts[1], seconds)))
    width, height = size
    xml = (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<layout schemaVersion="3" width="{width}" height="{height}" '
        f'bgcolor="#000000" duration="{seconds}" enableStat="1">{"".join(regions)}<tags/></layout>\n'
    )
    return Layout(mark, xml, parts, seconds)


def _parts(entry: Entry, mark: int) -> list[Part]:
    picture = Part(mark << 1, entry.media_url, f"{mark << 1}.{entry.media_url.rpartition('.')[2]}", entry.sha256)
    if entry.qr is None:
        return [picture]
    code = mark << 1 | 1
    return [picture, Part(code, entry.qr.image_url, f"{code}.png", code=entry.qr)]


def _region(number: int, box: tuple[int, int, int, int], media: str) -> str:
    left, top, width, height = box
    return (
        f'<region id="{number}" left="{left}" top="{top}" width="{width}" height="{height}" zindex="{number}">'
        f"<options><loop>0</loop></options>{media}</region>"
    )


def _media(part: Part, entry: Entry, seconds: int) -> str:
    if not entry.is_film:
        return _image(part, seconds)
    return _widget("video", part, seconds, {"mute": "0" if entry.sound else "1", "loop": "1", "scaleType": "stretch"})


def _image(part: Part, seconds: int) -> str:
    """To the pixel: it was drawn for this place."""
    return _widget("image", part, seconds, {"scaleType": "stretch"})


def _widget(kind: str, part: Part, seconds: int, options: dict[str, str]) -> str:
    """Plays are counted by layout; its parts are not counted a second time."""
    told = "".join(f"<{name}>{escape(value)}</{name}>" for name, value in {"uri": part.file, **options}.items())
    return (
        f'<media id="{part.id}" fileId="{part.id}" type={quoteattr(kind)} render="native" duration="{seconds}" '
        f'useDuration="1" enableStat="0"><options>{told}</options><raw/></media>'
    )
