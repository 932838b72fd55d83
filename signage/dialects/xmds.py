"""The documents that Xibo's players are given, as XMDS 5 has them: how to behave, what plays when, which files. Pure.

The programme becomes lines of a schedule, each with a wall-clock time from which and until which its layout plays in
turn with the others of that time; a takeover is a line of a higher priority. What follows the programme's end is the
fallback: a player that hears nothing for days stops what is over. There is no `default` layout: players put it into
every loop's reckoning, and one entry of the loop would be shown twice.
"""

from binascii import crc32
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple
from xml.sax.saxutils import escape, quoteattr
from zoneinfo import ZoneInfo

from signage.dialects.programme import Manifest
from signage.dialects.walltime import told
from signage.dialects.xlf import Layout

NORMAL, EXCLUSIVE = 1, 10
ALONE = timedelta(days=366)  # how long the fallback plays after the programme's end
LEAST_COLLECT_S = 60  # players refuse to ask more often
SCREENSHOT_EVERY_S = 120  # for players that know no single request
SOMEWHERE = "16.0", "107.5"


class File(NamedTuple):
    """A file to be fetched: what it is (``layout`` or ``media``), and where it is found."""

    kind: str
    id: int
    size: int
    md5: str
    url: str
    name: str


class Greeting(NamedTuple):
    """What a player is told when it registers."""

    manifest: Manifest
    check_schedule: str
    check_files: str
    photograph: bool


def checksum(text: str) -> str:
    """CRC32 in decimal digits."""
    return str(crc32(text.encode()))


def collect_s(manifest: Manifest) -> int:
    """How often this screen's player asks, in seconds: of our own players' steady, jittered pace, as far as it may."""
    return LEAST_COLLECT_S + manifest.poll_after_ms % 15_000 // 1_000


def greeting(what: Greeting, now: datetime, *, windows: bool) -> str:
    """The answer to RegisterDisplay; on Windows settings begin with a capital letter and name their type."""
    manifest = what.manifest
    zone = ZoneInfo(manifest.screen.timezone)
    head = {
        "status": "0",
        "code": "READY",
        "message": "Display is active and ready to start.",
        "version_instructions": "",
        "date": told(now, zone),
        "timezone": zone.key,
        "localDate": told(now, zone),
        "localTimezone": zone.key,
        "checkSchedule": what.check_schedule,
        "checkRf": what.check_files,
    }
    lines = [_setting(name, value, windows=windows) for name, value in _settings(what).items()]
    return f"<display{_attributes(head)}>{''.join(lines)}</display>"


def _settings(what: Greeting) -> Mapping[str, str | int | bool]:
    """A player that knows no place of its own would ask strangers on the net where it is: any will do, for nothing
    here depends on it."""
    latitude, longitude = SOMEWHERE
    return {
        "collectInterval": collect_s(what.manifest),
        "statsEnabled": True,
        "aggregationLevel": "Individual",
        "logLevel": "error",
        "displayName": what.manifest.screen.name,
        "displayTimeZone": what.manifest.screen.timezone,
        "screenShotRequested": what.photograph,
        "screenshotInterval": SCREENSHOT_EVERY_S if what.photograph else 0,
        "sizeX": what.manifest.screen.width,
        "sizeY": what.manifest.screen.height,
        "expireModifiedLayouts": True,
        "preventSleep": True,
        "latitude": latitude,
        "longitude": longitude,
    }


def _setting(name: str, value: str | float | bool, *, windows: bool) -> str:
    kind = "checkbox" if isinstance(value, bool) else "int" if isinstance(value, int) else "string"
    text = str(int(value)) if isinstance(value, bool) else str(value)
    named = name[0].upper() + name[1:] if windows else name
    return f'<{named} type="{kind}">{escape(text)}</{named}>'


def schedule(manifest: Manifest, layouts: Mapping[str, Layout]) -> str:
    """What plays when; ``layouts`` by entry."""
    zone = ZoneInfo(manifest.screen.timezone)
    lines = [
        f'<layout file="{layout.number}" fromdt="{start}" todt="{until}" scheduleid="{number}" priority="{priority}" '
        f'duration="{layout.seconds}" syncEvent="0" shareOfVoice="0" isGeoAware="0" geoLocation="" cyclePlayback="0" '
        f'groupKey="0" playCount="0" maxPlaysPerHour="0">{_needs(layout)}</layout>'
        for number, (layout, start, until, priority) in enumerate(_lines(manifest, layouts, zone), 1)
    ]
    return f"<schedule{_window(manifest, zone)}>{''.join(lines)}</schedule>"


def _lines(manifest: Manifest, layouts: Mapping[str, Layout], zone: ZoneInfo) -> Iterator[tuple[Layout, str, str, int]]:
    """Layout, from, until and priority. In the night in which clocks go back a stretch may seem to end before it
    begins; then its neighbours cover the time."""
    for one in manifest.programme:
        start, until = told(one.start, zone), told(one.until, zone)
        if start < until:
            yield from ((layouts[entry], start, until, NORMAL) for entry in one.loop)
    end = manifest.programme[-1].until
    yield layouts[manifest.fallback], told(end, zone), told(end + ALONE, zone), NORMAL
    if (slot := manifest.takeover) is not None:
        yield layouts[slot.entry], told(slot.start, zone), told(slot.until, zone), EXCLUSIVE


def _needs(layout: Layout) -> str:
    files = "".join(f"<file>{part.file}</file>" for part in layout.parts)
    return f"<dependents>{files}</dependents>"


def required(manifest: Manifest, files: Sequence[File]) -> str:
    """Which files the player is to hold."""
    zone = ZoneInfo(manifest.screen.timezone)
    lines = (
        f'<file type="{one.kind}" id="{one.id}" size="{one.size}" md5="{one.md5}" download="http" '
        f'path={quoteattr(one.url)} saveAs="{one.name}"/>'
        for one in files
    )
    return f"<files{_window(manifest, zone)}>{''.join(lines)}</files>"


def _window(manifest: Manifest, zone: ZoneInfo) -> str:
    """The names are spelled as players know them."""
    start, until = told(manifest.programme[0].start, zone), told(manifest.programme[-1].until, zone)
    return _attributes({"generated": start, "fitlerFrom": start, "fitlerTo": until})


def _attributes(values: Mapping[str, str]) -> str:
    return "".join(f" {name}={quoteattr(value)}" for name, value in values.items())
