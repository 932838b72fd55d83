"""A SMIL player of the tests' own, written from what real ones were seen to do on the wire.

It asks by HEAD first, sends the ETag without its quotes, resumes a file by Range, believes Content-Length, reads the
programme from the document alone, and puts its reports under a new random name at each try.
"""

import re
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from xml.etree import ElementTree

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

SMIL = "{http://www.w3.org/ns/SMIL}"
ADAPI = "{http://schemas.adfotain.org/adapi-1.0}"
UUID = "f1835d9f-be8f-4054-9e6c-000bab253b46"


@dataclass(frozen=True)
class Item:
    """Something to show: its address, how long, and the id to log it under."""

    src: str
    lasts: timedelta
    content: str


@dataclass(frozen=True)
class Loop:
    """A <seq> of a class: within its window, or always where it has none."""

    rank: int
    begin: datetime | None
    end: datetime | None
    items: tuple[Item, ...]

    def holds(self, at: datetime) -> bool:
        return self.begin is None or (self.end is not None and self.begin <= at < self.end)


@dataclass
class Played:
    """A line of the play log."""

    content: str
    start: datetime
    end: datetime

    def xml(self) -> str:
        times = f"<startTime>{_told(self.start)}</startTime><endTime>{_told(self.end)}</endTime>"
        return f"<contentPlayed><contentId>{self.content}</contentId>{times}</contentPlayed>"


@dataclass
class SmilPlayer:
    """One box, of which only the address of its index is known."""

    client: FlaskClient
    index: str
    etag: str = ""
    document: bytes = b""
    loops: list[Loop] = field(default_factory=list)
    files: dict[str, bytes] = field(default_factory=dict)
    log: list[Played] = field(default_factory=list)
    polls: list[int] = field(default_factory=list)
    running: tuple[Loop, int] | None = None

    # ---- what it fetches ----

    def poll(self) -> int:
        """HEAD, then GET where something is new; the status of the HEAD."""
        held = {"If-None-Match": self.etag} if self.etag else {}  # bare: the quotes are stripped
        head = self.client.head(self.index, headers=held)
        self.polls.append(head.status_code)
        if head.status_code == 200:
            got = self.client.get(self.index)
            assert int(head.headers["Content-Length"]) == len(got.data)
            assert head.headers["ETag"] == got.headers["ETag"]
            assert got.mimetype == "application/smil+xml"
            self.etag = got.headers["ETag"].strip('"')
            self.read(got.data)
            self.fetch()
        return head.status_code

    def read(self, body: bytes) -> None:
        self.document = body
        root = ElementTree.fromstring(body)
        self.loops = [
            loop for rank, each in enumerate(root.iter(f"{SMIL}priorityClass")) for loop in _loops(each, rank)
        ]

    def fetch(self) -> None:
        """Each medium by HEAD and in two pieces, as after a break."""
        for each in ElementTree.fromstring(self.document).iter(f"{SMIL}prefetch"):
            path = _path(each.attrib["src"])
            head = self.client.head(path)
            assert head.status_code == 200, path
            assert head.mimetype.startswith(("image/", "video/"))
            whole = int(head.headers["Content-Length"])
            first = self.client.get(path, headers={"Range": f"bytes=0-{whole // 2}"})
            rest = self.client.get(path, headers={"Range": f"bytes={whole // 2 + 1}-"})
            assert (first.status_code, rest.status_code) == (206, 206)
            self.files[path] = first.data + rest.data
            assert len(self.files[path]) == whole

    # ---- what it plays ----

    def due(self, at: datetime) -> Loop:
        """Of the loops whose time it is, the one of the highest class."""
        return min((loop for loop in self.loops if loop.holds(at)), key=lambda loop: loop.rank)

    def play(self, start: datetime, until: datetime) -> None:
        """Plays and logs from one moment to another. A class that gave way goes on where it was."""
        at = start
        while at < until:
            loop = self.due(at)
            place = self.running[1] if self.running and self.running[0] == loop else 0
            item = loop.items[place % len(loop.items)]
            ends = min([at + item.lasts, until, *self._changes(at)])
            self.log.append(Played(item.content, at, ends))
            self.running = (loop, place + 1)
            at = ends

    def _changes(self, after: datetime) -> Iterator[datetime]:
        for loop in self.loops:
            yield from (moment for moment in (loop.begin, loop.end) if moment and moment > after)

    # ---- what it reports ----

    def actions(self) -> dict[str, str]:
        """Where each kind of report goes."""
        root = ElementTree.fromstring(self.document)
        found = root.iter(f"{ADAPI}subscription")
        return {_text(one, "type"): _path(_text(one, "action")) for one in found}

    def put_playlog(self, played: list[Played]) -> TestResponse:
        inside = "".join(one.xml() for one in played)
        return self.put("PlaylogCollection", "playlog", f"<contentPlayLog>{inside}</contentPlayLog>")

    def put(self, kind: str, prefix: str, inside: str) -> TestResponse:
        """Always under a new name, also when tried again."""
        name = f"{prefix}-{secrets.token_hex(12)[:23]}{UUID[-12:]}.xml"
        body = (
            f'<?xml version="1.0" encoding="UTF-8"?><report xmlns="{ADAPI[1:-1]}"><date>2026-11-22T02:00:00Z</date>'
            f'<version>1.0</version><player id="{UUID}">{inside}</player></report>'
        )
        return self.client.put(f"{self.actions()[kind]}/{name}", data=body, content_type="application/xml")


def _loops(each: ElementTree.Element, rank: int) -> Iterator[Loop]:
    for seq in each.iter(f"{SMIL}seq"):
        items = tuple(
            Item(one.attrib["src"], _span(one.attrib["dur"]), _content(one))
            for one in seq
            if one.tag in (f"{SMIL}img", f"{SMIL}video")
        )
        yield Loop(rank, _clock(seq.get("begin")), _clock(seq.get("end")), items)


def _content(one: ElementTree.Element) -> str:
    (param,) = one.iter(f"{SMIL}param")
    assert param.attrib["name"] == "logContentId"
    return param.attrib["value"]


def _clock(text: str | None) -> datetime | None:
    found = re.fullmatch(r"wallclock\((.+)\)", text or "")
    return datetime.fromisoformat(found[1]) if found else None


def _span(text: str) -> timedelta:
    found = re.fullmatch(r"(\d+)(m?s)", text)
    assert found
    return timedelta(milliseconds=int(found[1]) * (1 if found[2] == "ms" else 1000))


def _path(address: str) -> str:
    return re.sub(r"^https?://[^/]+", "", address)


def _text(one: ElementTree.Element, name: str) -> str:
    return one.findtext(f"{ADAPI}{name}") or ""


def _told(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")
