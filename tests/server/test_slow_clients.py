"""The default start keeps answering while very many clients trickle their request a byte at a time.

A splash page on open wifi meets exactly this. A worker per connection would be starved by two hundred of them.
"""

import socket
import statistics
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from tests.support.live import LiveServer

pytestmark = pytest.mark.xdist_group("live")
PROBES = 40


class Tricklers:
    """So many connections, each sending one byte of a request's head every second and never its end."""

    def __init__(self, port: int, count: int) -> None:
        self.sockets = [socket.create_connection(("127.0.0.1", port), timeout=10) for _ in range(count)]
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._trickle, daemon=True)

    def _trickle(self) -> None:
        head = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nX-Slow: "
        at = 0
        while not self._stop.wait(1):
            byte = head[at : at + 1] or b"x"
            at += 1
            for each in self.sockets:
                with suppress(OSError):
                    each.send(byte)

    def open(self) -> int:
        """How many the server still listens to."""
        return sum(1 for each in self.sockets if still_open(each))

    @contextmanager
    def at_work(self) -> Iterator[None]:
        self._thread.start()
        try:
            yield
        finally:
            self._stop.set()
            self._thread.join()
            for each in self.sockets:
                each.close()


def still_open(connection: socket.socket) -> bool:
    connection.setblocking(False)
    try:
        return connection.recv(1) != b""
    except BlockingIOError:
        return True
    except OSError:
        return False


def answered_in(url: str) -> float:
    """Seconds until a request on a connection of its own is answered."""
    start = time.monotonic()
    with urllib.request.urlopen(url, timeout=60) as answer:
        assert answer.status == 200
    return time.monotonic() - start


def hold(tmp_path: Path, count: int) -> None:
    with LiveServer(tmp_path / "var") as server:
        slow = Tricklers(server.port, count)
        with slow.at_work():
            time.sleep(2)
            times = [answered_in(f"{server.url}/healthz") for _ in range(PROBES)]
            assert slow.open() > count * 0.9, "the clients must still be trickling while we ask"
        assert statistics.median(times) < 0.5
        assert max(times) < 5
        print(
            f"{count} slow clients: median {statistics.median(times) * 1000:.1f} ms, worst {max(times) * 1000:.0f} ms"
        )


def test_it_works(tmp_path: Path) -> None:
    hold(tmp_path, 400)


@pytest.mark.full
def test_two_thousand(tmp_path: Path) -> None:
    hold(tmp_path, 2_000)


def test_a_head_that_never_ends_is_given_up(tmp_path: Path) -> None:
    """Within the time that gunicorn.conf.py allows for a head; so slow clients do not pile up."""
    with LiveServer(tmp_path / "var") as server:
        slow = Tricklers(server.port, 5)
        with slow.at_work():
            until = time.monotonic() + 40
            while slow.open() and time.monotonic() < until:
                time.sleep(0.5)
            assert slow.open() == 0
