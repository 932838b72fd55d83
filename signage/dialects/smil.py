"""SMIL 3.0 as signage players of IAdea, QBiC, garlic and their kin read it: the manifest as one document. Pure.

Windows are wall-clock windows, so a player that is off line obeys them for as long as the manifest reaches. They are
written in the place's own time with its offset: right for players that heed offsets and for those that drop them.
A takeover stands in the highest of three classes of an ``excl``; what is regular in the middle; the fallback below,
for a player whose clock is wrong or whose programme has run out.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from xml.sax.saxutils import quoteattr
from zoneinfo import ZoneInfo

from signage.dialects.programme import Entry, Manifest, Segment
from signage.pacing import POLL_MS, SPREAD_MS

MIME = "application/smil+xml"
LEAST_REFRESH_S = 60  # players make shorter ones of it
REPORTS = (
    ("PlaylogCollection", 300),
    ("EventlogCollection", 900),
    ("InventoryReport", 900),
    ("SystemReport", 3600),
    ("TaskExecutionReport", 300),
)
TASKS_S = 60
_ADAPI = "http://schemas.adfotain.org/adapi-1.0"


def document(manifest: Manifest, root: str, here: str) -> str:
    """The index for a screen. ``root``: the public address; ``here``: below it, where this screen's key stands."""
    screen = manifest.screen
    return "\n".join(
        (
            '<?xml version="1.0" encoding="UTF-8"?>',
            '<smil xmlns="http://www.w3.org/ns/SMIL" version="3.0" baseProfile="Language">',
            "<head>",
            f'<meta http-equiv="Refresh" content="{refresh_s(manifest)}"/>',
            *_subscriptions(root + here),
            "<layout>",
            f'<root-layout width="{screen.width}" height="{screen.height}" backgroundColor="#000000"/>',
            f'<region xml:id="all" regionName="all" left="0" top="0" width="{screen.width}" height="{screen.height}"/>',
            "</layout>",
            "</head>",
            "<body>",
            "<par>",
            *_prefetch(manifest, root),
            *_classes(manifest, root),
            "</par>",
            "</body>",
            "</smil>",
            "",
        )
    )


def refresh_s(manifest: Manifest) -> int:
    """How often a player asks, in seconds: each screen at its own steady pace, so that they never march in step."""
    return LEAST_REFRESH_S + round((manifest.poll_after_ms - (POLL_MS - SPREAD_MS)) / 1000)


def tasks(commands: Iterable[tuple[str, str]]) -> str:
    """What the player is asked to do, as (id, type): each is done once for its id. Only a reboot can be asked."""
    wanted = [f"<shutdownPlayer id={quoteattr(ref)}/>" for ref, kind in commands if kind == "reboot"]
    listed = f"<timedTaskList>{''.join(wanted)}</timedTaskList>"
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<taskSchedule xmlns="{_ADAPI}">{listed}</taskSchedule>\n'


def _subscriptions(here: str) -> Iterator[str]:
    yield f'<metadata><x-server xmlns="{_ADAPI}"><subscriptionList>'
    for kind, every_s in REPORTS:
        yield _subscription(kind, f"{here}/reports", "put", every_s)
    yield _subscription("TaskSchedule", f"{here}/tasks.xml", "get", TASKS_S)
    yield "</subscriptionList></x-server></metadata>"


def _subscription(kind: str, address: str, method: str, every_s: int) -> str:
    return (
        f"<subscription><type>{kind}</type><action>{address}</action><method>{method}</method>"
        f"<refreshInterval>{every_s}</refreshInterval></subscription>"
    )


def _prefetch(manifest: Manifest, root: str) -> Iterator[str]:
    yield "<seq>"
    for path in sorted({entry.flat_url for entry in manifest.entries.values()}):
        yield f"<prefetch src={quoteattr(root + path)}/>"
    yield "</seq>"


def _classes(manifest: Manifest, root: str) -> Iterator[str]:
    zone = ZoneInfo(manifest.screen.timezone)
    yield '<excl xml:id="programme" repeatCount="indefinite">'
    if takeover := manifest.takeover:
        window = _window(takeover.start, takeover.until, zone)
        if window:
            yield '<priorityClass peers="stop" higher="stop" lower="defer">'
            yield from _loop("takeover", window, [takeover.entry], manifest, root)
            yield "</priorityClass>"
    yield '<priorityClass peers="stop" higher="pause" lower="defer">'
    for number, segment in enumerate(_merged(manifest.programme)):
        if window := _window(segment.start, segment.until, zone):
            yield from _loop(f"part{number}", window, segment.loop, manifest, root)
    yield "</priorityClass>"
    yield '<priorityClass peers="stop" higher="pause" lower="defer">'
    yield from _loop("fallback", 'begin="0s"', [manifest.fallback], manifest, root)
    yield "</priorityClass>"
    yield "</excl>"


def _merged(programme: Sequence[Segment]) -> Iterator[Segment]:
    """Segments that end where the next begins with the same loop are one: a player would start anew in between."""
    held: Segment | None = None
    for segment in programme:
        if held and held.until == segment.start and held.loop == segment.loop:
            held = Segment(held.start, segment.until, held.loop)
        else:
            if held:
                yield held
            held = segment
    if held:
        yield held


def _window(start: datetime, until: datetime, zone: ZoneInfo) -> str:
    """A window in whole seconds; empty where none is left, for an empty or reversed window hangs real players."""
    begin, end = _moment(start, zone), _moment(until, zone)
    return f'begin="wallclock({begin})" end="wallclock({end})"' if begin != end and start < until else ""


def _moment(moment: datetime, zone: ZoneInfo) -> str:
    return moment.astimezone(zone).isoformat(timespec="seconds")


def _loop(name: str, timing: str, entries: Iterable[str], manifest: Manifest, root: str) -> Iterator[str]:
    yield f'<seq xml:id="{name}" {timing} repeatCount="indefinite">'
    for entry in entries:
        yield _item(entry, manifest.entries[entry], root)
    yield "</seq>"


def _item(name: str, entry: Entry, root: str) -> str:
    kind = "video" if entry.is_film else "img"
    return (
        f'<{kind} src={quoteattr(root + entry.flat_url)} region="all" fit="fill" dur="{_span(entry.duration_ms)}">'
        f'<param name="logContentId" value={quoteattr(name)}/></{kind}>'
    )


def _span(ms: int) -> str:
    return f"{ms // 1000}s" if ms % 1000 == 0 else f"{ms}ms"
