"""What Xibo's players tell: plays, which files they hold, how they are, what went wrong. Pure.

Times are the wall clock's of the place. A row that cannot be read stays a row, with its reason; the others count.
"""

import base64
import binascii
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from xml.etree.ElementTree import Element, tostring
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from core.errors import BadRequest, TooLarge
from signage.dialects.reports import Illegible, Reported, Row
from signage.dialects.soap import read_xml
from signage.dialects.walltime import heard
from signage.dialects.xlf import number_of_entry
from signage.queries import Given

MOST_PHOTOGRAPH_BYTES = 1_500_000
MOST_TROUBLES = 20  # of one log: a player in trouble says the same thing a thousand times
SECOND = timedelta(seconds=1)


class Stat(NamedTuple):
    """A stretch in which a layout was up; ``seconds`` is how long the player says that it was."""

    layout: int
    start: datetime
    until: datetime
    seconds: int


class Condition(NamedTuple):
    """What NotifyStatus says, as far as it is kept: the layout that is up, bytes of storage, the clock's zone."""

    layout: int | None = None
    storage: Mapping[str, int] | None = None
    zone: str = ""


def read_stats(text: str, zone: ZoneInfo) -> list[Stat | Illegible]:
    """The rows about layouts; those about their parts and about touches tell nothing more. Raises BadRequest."""
    rows = (row for row in read_xml(text).iter("stat") if row.get("type", "").lower() == "layout")
    return [_stat(row, zone) for row in rows]


def _stat(row: Element, zone: ZoneInfo) -> Stat | Illegible:
    try:
        layout, start, until = (
            int(row.get("layoutid", "")),
            *(heard(row.get(at, ""), zone) for at in ("fromdt", "todt")),
        )
        lasted = int(row.get("duration") or (until - start) / SECOND)
    except (ValueError, OverflowError):
        return Illegible("its layout or its times cannot be read", _raw(row))
    if not 0 <= layout < 2**53:
        return Illegible("no layout has such a number", _raw(row))
    if row.get("count", "1") != "1":
        return Illegible("it tells of several plays at once", _raw(row))
    return Stat(layout, start, until, lasted)


def _raw(row: Element) -> str:
    return tostring(row, "unicode")[:500].strip()


def plays(stats: Sequence[Stat | Illegible], entries: Mapping[int, str], given: Mapping[str, Given]) -> list[Row]:
    """The plays in these rows. ``entries`` by their number, ``given`` by entry."""
    return [
        one
        if isinstance(one, Illegible)
        else Reported(_content(one, entries), one.start, 1000 * one.seconds, "unknown")
        for one in _whole(stats, entries, given)
    ]


def _content(stat: Stat, entries: Mapping[int, str]) -> str:
    return entries.get(number_of_entry(stat.layout), f"layout {stat.layout}")


def _whole(
    stats: Iterable[Stat | Illegible], entries: Mapping[int, str], given: Mapping[str, Given]
) -> list[Stat | Illegible]:
    """Some players cut a play in two where the hour turns; the halves are together no longer than one play."""
    whole: list[Stat | Illegible] = []
    for one in stats:
        last = whole[-1] if whole else None
        if isinstance(last, Stat) and isinstance(one, Stat) and _goes_on(last, one, _most(one, entries, given)):
            whole[-1] = last._replace(until=one.until, seconds=last.seconds + one.seconds)
        else:
            whole.append(one)
    return whole


def _most(stat: Stat, entries: Mapping[int, str], given: Mapping[str, Given]) -> int:
    held = given.get(_content(stat, entries))
    return (held.duration_ms + 1999) // 1000 if held else 0


def _goes_on(first: Stat, then: Stat, most: int) -> bool:
    meet = first.layout == then.layout and first.until == then.start and then.start.minute == then.start.second == 0
    return meet and first.seconds + then.seconds <= most


def read_inventory(text: str) -> dict[str, int]:
    """How many files a player has of those it wants. Raises BadRequest."""
    marks = [one.get("complete") == "1" for one in read_xml(text).iter("file")]
    return {"have": sum(marks), "want": len(marks)}


class _Status(msgspec.Struct):
    """Players of different makes send numbers as such or as text."""

    currentLayoutId: Any = None
    availableSpace: Any = None
    totalSpace: Any = None
    timeZone: Any = None


def read_status(text: str) -> Condition:
    """What a status says; what is not understood of it is left out. Raises BadRequest."""
    try:
        told = msgspec.json.decode(text, type=_Status)
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        raise BadRequest("This status is not JSON") from None
    free, total = _amount(told.availableSpace), _amount(told.totalSpace)
    storage = {"used": max(0, total - free), "free": free} if free is not None and total is not None else None
    zone = told.timeZone if isinstance(told.timeZone, str) else ""
    return Condition(_amount(told.currentLayoutId), storage, zone[:64])


def _amount(value: object) -> int | None:
    try:
        number = int(value) if isinstance(value, (int, float, str)) else -1
    except (ValueError, OverflowError):
        return None
    return number if 0 <= number <= 2**53 else None


def wrong_zone(told: str, zone: ZoneInfo, now: datetime) -> bool:
    """Whether a player's clock, in the zone that it names, shows another time than the place's clocks do."""
    try:
        theirs = ZoneInfo(told)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return now.astimezone(theirs).utcoffset() != now.astimezone(zone).utcoffset()


def read_log(text: str, secrets: Sequence[str]) -> list[tuple[str, str]]:
    """Code and words of each error in a player's log, each once; the rest is chatter. Raises BadRequest."""
    found = dict.fromkeys(
        ("player", scrubbed(_words(one), secrets))
        for one in read_xml(text)
        if one.get("category", "").lower() == "error" or one.get("alertType")
    )
    return [one for one in found if one[1]][:MOST_TROUBLES]


def _words(entry: Element) -> str:
    return (entry.findtext("message") or entry.get("message") or "").strip()


def read_faults(text: str, secrets: Sequence[str]) -> list[tuple[str, str]]:
    """Code and words of each fault in a player's list, each once. Raises BadRequest."""
    try:
        told = msgspec.json.decode(text, type=list[dict[str, Any]])
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        raise BadRequest("These faults are not JSON") from None
    found = dict.fromkeys(
        (str(one.get("code", "fault")), scrubbed(str(one.get("reason", "")), secrets)) for one in told
    )
    return list(found)[:MOST_TROUBLES]


_PRIVATE = re.compile(
    r"\?[^\s\"'<>)]+"  # what follows an address
    r"|\b(?:\d{1,3}\.){3}\d{1,3}\b|\b(?:[0-9a-f]{2}[:-]){5}[0-9a-f]{2}\b"
    r"|Mozilla/[^\n\"|]*",
    re.IGNORECASE,
)


def scrubbed(words: str, secrets: Sequence[str]) -> str:
    """A player's words without its keys, network addresses, and its browser's name for itself."""
    for secret in filter(None, secrets):
        words = words.replace(secret, "…")
    return _PRIVATE.sub("…", words)[:300]


def read_photograph(text: str) -> bytes:
    """The picture in a player's base64. Raises BadRequest, TooLarge."""
    if len(text) > MOST_PHOTOGRAPH_BYTES * 4 // 3 + 100:
        raise TooLarge(f"A screenshot may have {MOST_PHOTOGRAPH_BYTES} bytes")
    try:
        return base64.b64decode(text)
    except (binascii.Error, ValueError):
        raise BadRequest("This screenshot is not base64") from None
