"""Playlists for players that read one and no more: the next hour, play by play. Pure.

mpv and VLC read a list once and play it round, however often it changes. So a list is finite, an hour of plays as the
manifest has them, and whoever wants more asks again; the program beside it (``player.py``) does better.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import NamedTuple
from xml.sax.saxutils import escape

from signage.dialects.programme import Entry, Manifest

COVERS = timedelta(hours=1)
MOST_PLAYS = 1_000
M3U8, XSPF = "application/vnd.apple.mpegurl", "application/xspf+xml"
_VLC = "http://www.videolan.org/vlc/playlist/0"


class Planned(NamedTuple):
    """A play that is to come."""

    at: datetime
    name: str
    entry: Entry


def plays(manifest: Manifest, now: datetime) -> Iterator[Planned]:
    """What plays in the coming hour, a takeover alone while it lasts."""
    at, count = now, 0
    while at < now + COVERS and count < MOST_PLAYS:
        loop, until = _due(manifest, at)
        for name in loop:
            if at >= until or count >= MOST_PLAYS:
                break
            entry = manifest.entries[name]
            yield Planned(at, name, entry)
            at, count = at + timedelta(milliseconds=max(1, entry.duration_ms)), count + 1


def m3u8(manifest: Manifest, root: str, now: datetime) -> str:
    """As an extended M3U in UTF-8."""
    lines = ["#EXTM3U"]
    for _, name, entry in plays(manifest, now):
        seconds = entry.duration_ms / 1000
        lines += [f"#EXTINF:{seconds:g},{name}", f"#EXTVLCOPT:image-duration={seconds:g}", root + entry.flat_url]
    return "\n".join(lines) + "\n"


def xspf(manifest: Manifest, root: str, now: datetime) -> str:
    """As XSPF 1, with how long VLC is to show a picture."""
    tracks = "\n".join(_track(name, entry, root) for _, name, entry in plays(manifest, now))
    head = f'<playlist version="1" xmlns="http://xspf.org/ns/0/" xmlns:vlc="{_VLC}/">'
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{head}<trackList>\n{tracks}\n</trackList></playlist>\n'


def _track(name: str, entry: Entry, root: str) -> str:
    option = f"<vlc:option>image-duration={entry.duration_ms / 1000:g}</vlc:option>"
    return (
        f"<track><location>{escape(root + entry.flat_url)}</location><title>{escape(name)}</title>"
        f'<duration>{entry.duration_ms}</duration><extension application="{_VLC}">{option}</extension></track>'
    )


def _due(manifest: Manifest, at: datetime) -> tuple[tuple[str, ...], datetime]:
    taken = manifest.takeover
    if taken and taken.start <= at < taken.until:
        return (taken.entry,), taken.until
    soon = [taken.start] if taken and taken.start > at else []
    segment = manifest.at(at)
    if segment is None:
        return (manifest.fallback,), min([at + COVERS, *soon])
    return segment.loop, min([segment.until, *soon])
