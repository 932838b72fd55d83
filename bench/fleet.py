"""A fleet of screens in one thread: an open-loop load that keeps its own appointments, and says when it could not.

Each screen polls and reports at steady intervals of its own, whatever the server does: a slow answer delays nobody
else, and what is due is sent when it is due. Every request takes a new connection, as players do over real links.
The log of each screen behaves as a player's: numbered plays, kept until acknowledged, sent again after any failure.

One process on one core manages some thousands of requests a second (see ``Figures.lag_ms``: by how much sending fell
behind the timetable; a figure taken while the load itself was late is worth nothing).
"""

import errno
import heapq
import selectors
import socket
import time
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count

from bench.exchange import Exchange, SimScreen, Told

PATIENCE_S = 10.0
MOST_OPEN = 4_000
OK = (200, 304)


@dataclass
class Figures:
    """What came of a run; times in milliseconds."""

    polls_ms: list[float] = field(default_factory=list)
    reports_ms: list[float] = field(default_factory=list)
    lag_ms: list[float] = field(default_factory=list)
    unchanged: int = 0
    refused: int = 0
    broken: int = 0
    seconds: float = 0.0

    def line(self) -> str:
        """One line for people."""
        return (
            f"{len(self.polls_ms)} polls ({self.unchanged} unchanged) p50 {part(self.polls_ms, 50):.1f} "
            f"p99 {part(self.polls_ms, 99):.1f} ms; {len(self.reports_ms)} reports p50 "
            f"{part(self.reports_ms, 50):.1f} p99 {part(self.reports_ms, 99):.1f} ms; "
            f"refused {self.refused}, broken {self.broken}; own lag p99 {part(self.lag_ms, 99):.1f} ms"
        )


def part(values: Sequence[float], percent: float) -> float:
    """A percentile by rank; 0 of nothing."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))] if ordered else 0.0


class Fleet:
    """Runs the timetable of many screens against one server."""

    def __init__(
        self,
        address: tuple[str, int],
        screens: Sequence[SimScreen],
        *,
        poll_s: float = 30,
        report_s: float = 60,
        plays: int = 6,
        fresh_every: int = 3,
        deaf_every: int = 0,
        twice_every: int = 0,
        linger_s: float = 0,
    ) -> None:
        """``deaf_every``: of so many reports one's answer is lost; ``twice_every``: one is sent twice at once.
        ``linger_s``: clients close their connection so long after the answer."""
        self.address, self.screens = address, screens
        self.poll_s, self.report_s, self.plays, self.fresh_every = poll_s, report_s, plays, fresh_every
        self.figures = Figures()
        self._selector = selectors.DefaultSelector()
        self._open: dict[socket.socket, Exchange] = {}
        self._polls = count()
        self._reports = count(1)
        self._deaf, self._twice, self._linger_s = deaf_every, twice_every, linger_s
        self._lingering: deque[tuple[float, Exchange]] = deque()
        self.keep, self.kept = False, b""

    def run(self, seconds: float) -> Figures:
        """Keeps the timetable for so long, then waits for what is still under way."""
        begin = time.monotonic()
        timetable = list(self._timetable(begin, seconds))
        heapq.heapify(timetable)
        while timetable or self._open:
            self._send_due(timetable)
            pause = min(timetable[0][0] - time.monotonic(), 0.05) if timetable else 0.05
            self._turn(max(0.0, pause))
        self.figures.seconds = time.monotonic() - begin
        return self.figures

    def press(self, seconds: float, kind: str = "report") -> Figures:
        """A closed loop: every screen asks again as soon as it was answered."""
        begin = time.monotonic()
        while time.monotonic() - begin < seconds:
            busy = {id(one.screen) for one in self._open.values()} | {id(one.screen) for _, one in self._lingering}
            for one in self.screens:
                if id(one) not in busy:
                    self._press(one, kind)
            self._turn(self._until_next_close(0.01))
        while self._open or self._lingering:
            self._turn(0.01)
        self.figures.seconds = time.monotonic() - begin
        return self.figures

    def _until_next_close(self, most: float) -> float:
        """So long may be waited, lest a client that closes late closes later still: that would be the load's fault."""
        return max(0.0, min(most, self._lingering[0][0] - time.monotonic())) if self._lingering else most

    def _press(self, one: SimScreen, kind: str) -> None:
        if kind == "report" and not one.waiting:
            one.play(self.plays)
        self._start(one, kind, time.monotonic())

    def drain(self, seconds: float = 60) -> None:
        """Reports until every log is acknowledged. Raises TimeoutError."""
        give_up = time.monotonic() + seconds
        while left := [one for one in self.screens if one.waiting]:
            if time.monotonic() > give_up:
                raise TimeoutError(f"{len(left)} screens still hold plays")
            for one in left[:200]:
                self._start(one, "report", time.monotonic())
            while self._open:
                self._turn(0.05)

    def _timetable(self, begin: float, seconds: float) -> Iterator[tuple[float, int, str]]:
        for number in range(len(self.screens)):
            place = number / len(self.screens)
            yield from ((begin + at, number, "poll") for at in steps(place * self.poll_s, self.poll_s, seconds))
            yield from ((begin + at, number, "report") for at in steps(place * self.report_s, self.report_s, seconds))

    def _send_due(self, timetable: list[tuple[float, int, str]]) -> None:
        now = time.monotonic()
        while timetable and timetable[0][0] <= now:
            due, number, kind = heapq.heappop(timetable)
            screen = self.screens[number]
            if kind == "report":
                screen.play(self.plays)
                if screen.reporting:
                    continue  # the last report is still under way; these plays go with the next
            self.figures.lag_ms.append((now - due) * 1000)
            self._start(screen, kind, due)
            if kind == "report" and self._twice and next(self._reports) % self._twice == 0:
                self._start(screen, kind, due)

    def _start(self, screen: SimScreen, kind: str, due: float) -> None:
        if len(self._open) >= MOST_OPEN:
            self.figures.refused += 1
            return
        sock = socket.socket()
        sock.setblocking(False)
        out = self._report(screen) if kind == "report" else self._poll(screen)
        screen.reporting = screen.reporting or kind == "report"
        exchange = Exchange(sock, screen, kind, out, due)
        self._open[sock] = exchange
        trouble = sock.connect_ex(self.address)
        if trouble not in (0, errno.EINPROGRESS):
            self._end(exchange, broken=True)
            return
        self._selector.register(sock, selectors.EVENT_WRITE, exchange)

    def _poll(self, screen: SimScreen) -> bytes:
        fresh = self.fresh_every and next(self._polls) % self.fresh_every == 0
        known = f"If-None-Match: {screen.etag}\r\n" if screen.etag and not fresh else ""
        return f"GET /api/v1/player/manifest HTTP/1.1\r\n{self._head(screen)}{known}\r\n".encode()

    def _report(self, screen: SimScreen) -> bytes:
        body = screen.batch()
        length = f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n"
        return f"POST /api/v1/player/plays HTTP/1.1\r\n{self._head(screen)}{length}\r\n".encode() + body

    def _head(self, screen: SimScreen) -> str:
        host = f"{self.address[0]}:{self.address[1]}"
        return f"Host: {host}\r\nConnection: close\r\nAuthorization: Bearer {screen.token}\r\n"

    def _turn(self, pause: float) -> None:
        for key, _ in self._selector.select(pause):
            self._move(key.data)
        self._give_up_on_the_slow()
        while self._lingering and self._lingering[0][0] <= time.monotonic():
            self._end(self._lingering.popleft()[1])

    def _move(self, exchange: Exchange) -> None:
        try:
            if exchange.out:
                sent = exchange.sock.send(exchange.out)
                exchange.out = exchange.out[sent:]
                if (
                    not exchange.out
                    and exchange.kind == "report"
                    and self._deaf
                    and next(self._polls) % self._deaf == 0
                ):
                    self._end(exchange, broken=True)
                elif not exchange.out:
                    self._selector.modify(exchange.sock, selectors.EVENT_READ, exchange)
                return
            if exchange.take(exchange.sock.recv(65_536)):
                self._finish(exchange)
        except BlockingIOError:
            return
        except OSError:
            self._end(exchange, broken=True)

    def _finish(self, exchange: Exchange) -> None:
        if not self._linger_s:
            self._end(exchange)
            return
        self._open.pop(exchange.sock, None)
        self._selector.unregister(exchange.sock)
        self._lingering.append((time.monotonic() + self._linger_s, exchange))

    def _give_up_on_the_slow(self) -> None:
        if len(self._open) and (late := next(iter(self._open.values()))).started < time.monotonic() - PATIENCE_S:
            self._end(late, broken=True)

    def _end(self, exchange: Exchange, *, broken: bool = False) -> None:
        self._open.pop(exchange.sock, None)
        if exchange.sock in self._selector.get_map():
            self._selector.unregister(exchange.sock)
        exchange.sock.close()
        if exchange.kind == "report":
            exchange.screen.reporting = False
        if broken or exchange.told is None:
            self.figures.broken += 1
        elif exchange.told.status not in (*OK, 409):
            self.figures.refused += 1
        else:
            self._note(exchange, exchange.told)

    def _note(self, exchange: Exchange, told: Told) -> None:
        status, headers, body = told
        took = (time.monotonic() - exchange.due) * 1000
        if exchange.kind == "report":
            self.figures.reports_ms.append(took)
            exchange.screen.answered(status, body)
            return
        exchange.screen.first_at = exchange.screen.first_at or time.monotonic()
        self.figures.polls_ms.append(took)
        self.kept = body if self.keep else b""
        self.figures.unchanged += status == 304
        exchange.screen.etag = headers.get("etag", exchange.screen.etag)


def steps(first: float, every: float, until: float) -> Iterator[float]:
    """first, first + every … below until."""
    at = first
    while at < until:
        yield at
        at += every
