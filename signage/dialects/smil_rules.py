"""What a SMIL document must be to do no harm to a player: checked on every document before it is sent. Pure.

Players in the field hang on a window that is empty or runs backwards, ask for ever for a file whose address they
cannot read, and go black on a loop of nothing. So a document with such a fault is not sent; the player keeps the one
that it has.
"""

import re
from collections.abc import Iterator
from datetime import datetime
from itertools import pairwise

from signage.dialects.xml import read_elements

_WALLCLOCK = re.compile(r"wallclock\((\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d)\)")
_SPAN = re.compile(r"[1-9]\d*m?s")
_MEDIA = ("img", "video")
Attributes = dict[str, str]
Window = tuple[datetime, datetime]


class _Seen:
    """What a document holds, as far as the rules ask."""

    def __init__(self) -> None:
        self.ids: list[str] = []
        self.loops: list[tuple[Attributes, int, str]] = []  # of each <seq> in a class: timing, media in it, its class
        self.media: list[Attributes] = []
        self.logged = 0
        self.prefetched: set[str] = set()
        self.refresh = ""
        self.classes = 0
        self._within = 0

    def element(self, path: tuple[str, ...], attributes: Attributes, _: str) -> None:
        name = path[-1]
        if ref := attributes.get("http://www.w3.org/XML/1998/namespace id"):
            self.ids.append(ref)
        if name in _MEDIA:
            self.media.append(attributes)
            self._within += 1
        elif name == "param":
            self.logged += attributes.get("name") == "logContentId" and bool(attributes.get("value"))
        elif name == "prefetch":
            self.prefetched.add(attributes.get("src", ""))
        elif name == "meta" and attributes.get("http-equiv") == "Refresh":
            self.refresh = attributes.get("content", "")
        elif name == "seq":
            if "priorityClass" in path:
                self.loops.append((attributes, self._within, str(self.classes)))
            self._within = 0
        elif name == "priorityClass":
            self.classes += 1


def faults(document: bytes) -> list[str]:
    """What is wrong with a document, in words; nothing for one that may be sent. Raises BadXml for what is no XML."""
    seen = _Seen()
    read_elements(document, seen.element)
    return list(_faults(seen))


def _faults(seen: _Seen) -> Iterator[str]:
    if not seen.refresh.isdigit() or int(seen.refresh) < 60:
        yield "it names no interval at which to ask again, or one that players do not keep"
    if len(set(seen.ids)) != len(seen.ids):
        yield "an id stands twice"
    for attributes, media, _ in seen.loops:
        if not media:
            yield "a loop plays nothing"
        yield from _faults_of_timing(attributes)
    yield from _faults_between(seen)
    for attributes in seen.media:
        if not _SPAN.fullmatch(attributes.get("dur", "")):
            yield f"something is to be shown for {attributes.get('dur')!r}"
        if attributes.get("src") not in seen.prefetched:
            yield "something is to be shown that is not fetched before"
        if not attributes.get("src", "").startswith(("http://", "https://")):
            yield "an address is not absolute"
    if seen.logged != len(seen.media):
        yield "something would be shown and not logged"


def _faults_of_timing(attributes: Attributes) -> Iterator[str]:
    if attributes.get("repeatCount") != "indefinite":
        yield "a loop ends by itself"
    if attributes.get("begin") == "0s" and "end" not in attributes:
        return
    window = _window(attributes)
    if window is None:
        yield f"a window cannot be read: {attributes.get('begin')} to {attributes.get('end')}"
    elif window[0] >= window[1]:
        yield f"a window is empty or runs backwards: {attributes['begin']} to {attributes['end']}"


def _faults_between(seen: _Seen) -> Iterator[str]:
    """Within a class only one thing plays at a time, so its windows follow each other."""
    for name in {where for _, _, where in seen.loops}:
        windows = [window for attributes, _, where in seen.loops if where == name and (window := _window(attributes))]
        if any(before[1] > after[0] for before, after in pairwise(windows)):
            yield "two windows of a class overlap"


def _window(attributes: Attributes) -> Window | None:
    begin, end = (_WALLCLOCK.fullmatch(attributes.get(name, "")) for name in ("begin", "end"))
    return (datetime.fromisoformat(begin[1]), datetime.fromisoformat(end[1])) if begin and end else None
