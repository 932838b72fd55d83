"""What a simulated screen sends and what it is told: one request on one connection, and the log behind it."""

import json
import socket
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import NamedTuple

MOST_PLAYS = 500
LOOP = 6  # different entries, in turn
ROW = (
    '{"seq":%d,"entry":"0123456789a%d-vi","creative":"crv_%d","placement":"plc_bench",'
    '"sha256":"' + "a" * 64 + '","boot":"b","mono_ms":%d,"wall":"%s","duration_ms":8000,"expected_ms":8000,'
    '"end":"complete","display":"on","revision":"r"}'
)
BATCH = '{"epoch":"%s","first":%d,"now":{"wall":"%s","mono_ms":%d,"boot":"b"},"plays":[%s]}'


@dataclass
class SimScreen:
    """One screen of the fleet, and its log."""

    token: str
    epoch: str
    etag: str = ""
    next: int = 1
    waiting: list[int] = field(default_factory=list)
    acknowledged: int = 0
    reporting: bool = False
    first_at: float | None = None  # when a poll was answered for the first time, on the monotonic clock
    born: float = field(default_factory=time.monotonic)

    def play(self, plays: int) -> None:
        """So many more plays are in the log."""
        self.waiting.extend(range(self.next, self.next + plays))
        self.next += plays

    def batch(self) -> bytes:
        """What is waiting, oldest first, as it goes over the wire."""
        now_ms = round((time.monotonic() - self.born) * 1000)
        wall = datetime.now(UTC).isoformat(timespec="milliseconds")
        rows = ",".join(ROW % (seq, seq % LOOP, seq % LOOP, now_ms, wall) for seq in self.waiting[:MOST_PLAYS])
        return (BATCH % (self.epoch, self.waiting[0] if self.waiting else self.next, wall, now_ms, rows)).encode()

    def answered(self, status: int, body: bytes) -> None:
        """Takes the answer to a report into account."""
        told = json.loads(body) if status in (200, 409) and body else {}
        ack = told.get("ack", told.get("expect", 0) - 1 if "expect" in told else None)
        if ack is not None:
            self.waiting = [seq for seq in self.waiting if seq > ack]
            self.acknowledged = max(self.acknowledged, ack)


class Told(NamedTuple):
    """An answer, or as much of it as has come."""

    status: int
    headers: dict[str, str]
    body: bytes


class Exchange:
    """One request and its answer on a connection of its own."""

    __slots__ = ("answer", "due", "kind", "out", "screen", "sock", "started", "told")

    def __init__(self, sock: socket.socket, screen: SimScreen, kind: str, out: bytes, due: float) -> None:
        self.sock, self.screen, self.kind, self.out = sock, screen, kind, out
        self.due, self.started = due, time.monotonic()
        self.answer = b""
        self.told: Told | None = None

    def take(self, piece: bytes) -> bool:
        """Whether all of the answer is here; its last piece is empty where the server closed."""
        self.answer += piece
        told = parse(self.answer) if b"\r\n\r\n" in self.answer else None
        self.told = told if told and is_whole(told) else None
        return self.told is not None or not piece


def parse(answer: bytes) -> Told:
    """Status, headers in lower case, body; status 0 of what is no answer."""
    head, _, body = answer.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    words = first.split(" ")
    if len(words) < 2 or not words[1].isdigit():
        return Told(0, {}, b"")
    pairs = (line.partition(":") for line in lines)
    return Told(int(words[1]), {name.lower(): value.strip() for name, _, value in pairs}, body)


def is_whole(told: Told) -> bool:
    """Whether all that was announced has come."""
    return told.status == 304 or (told.status > 0 and len(told.body) >= int(told.headers.get("content-length", "0")))


def of_tokens(tokens: Iterable[str]) -> list[SimScreen]:
    """Screens with these tokens, each with a log of its own."""
    return [SimScreen(token, f"{number:012x}") for number, token in enumerate(tokens)]
