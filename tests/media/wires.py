"""Large files over real connections, made as they are sent, and what that costs the processes on the other side."""

import http.client
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil

from tests.media.films import film

PIECE = 1 << 20
TUS = {"Tus-Resumable": "1.0.0"}


@dataclass(frozen=True)
class LongFilm:
    """A real film of a second with a box of nothing behind it, as long as one wishes; never held whole."""

    length: int

    def pieces(self, start: int = 0, stop: int | None = None) -> Iterator[bytes]:
        """The bytes from `start` to `stop`."""
        head, at, stop = self._head(), start, self.length if stop is None else stop
        while at < stop:
            size = min(PIECE, stop - at)
            piece = head[at : at + size]
            yield piece + bytes(size - len(piece))
            at += size

    def _head(self) -> bytes:
        scene = _scene()
        return scene + (self.length - len(scene)).to_bytes(4, "big") + b"free"


_SCENES: list[bytes] = []


def _scene() -> bytes:
    if not _SCENES:
        _SCENES.append(film(seconds=1))
    return _SCENES[0]


@dataclass(frozen=True)
class Wire:
    """A script with a key at a real server's port."""

    port: int
    key: str

    def ask(self, method: str, path: str, body: object = None, **headers: str) -> tuple[int, dict[str, str], bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=300)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, path, body, {"Authorization": f"Bearer {self.key}", **named})  # type: ignore[arg-type]
        answer = connection.getresponse()
        told = answer.status, dict(answer.headers), answer.read()
        connection.close()
        return told

    def begin(self, length: int) -> str:
        """The path of a new upload."""
        status, headers, body = self.ask("POST", "/api/v1/uploads", **TUS, Upload_Length=str(length))
        assert status == 201, body
        return headers["Location"]

    def send(self, path: str, what: LongFilm, start: int = 0, stop: int | None = None) -> None:
        """One piece."""
        stop = what.length if stop is None else stop
        headers = {**TUS, "Upload_Offset": str(start), "Content_Length": str(stop - start)}
        kind = "application/offset+octet-stream"
        status, _, body = self.ask("PATCH", path, what.pieces(start, stop), Content_Type=kind, **headers)
        assert status == 204, body

    def asset(self, path: str) -> dict[str, object]:
        status, _, body = self.ask("POST", f"{path}/asset")
        assert status in (200, 201), body
        made: dict[str, object] = json.loads(body)
        return made

    def form(self, what: LongFilm) -> dict[str, object]:
        """The same in one multipart form."""
        head = b'--limit\r\nContent-Disposition: form-data; name="file"; filename="a.mp4"\r\n\r\n'
        tail = b"\r\n--limit--\r\n"

        def body() -> Iterator[bytes]:
            yield head
            yield from what.pieces()
            yield tail

        length = str(len(head) + what.length + len(tail))
        kind = "multipart/form-data; boundary=limit"
        status, _, told = self.ask("POST", "/api/v1/assets", body(), Content_Type=kind, Content_Length=length)
        assert status in (200, 201), told
        made: dict[str, object] = json.loads(told)
        return made


def processes(root: int, word: str) -> list[psutil.Process]:
    """Those that descend from `root` and whose command holds `word`."""
    found = [psutil.Process(root), *psutil.Process(root).children(recursive=True)]
    return [one for one in found if word in " ".join(one.cmdline())]


class Peak:
    """How much more memory processes have had at any moment than when one began to look, as the kernel counts it."""

    def __init__(self, watched: list[psutil.Process]) -> None:
        self._watched = watched
        for one in watched:
            Path(f"/proc/{one.pid}/clear_refs").write_text("5")  # the high-water mark begins anew here
        self._before = {one.pid: one.memory_info().rss for one in watched}

    def growth(self) -> int:
        """Bytes, of the process that grew most."""
        return max(_high(one.pid) - self._before[one.pid] for one in self._watched)


def _high(pid: int) -> int:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM:"))


def cpu(watched: list[psutil.Process]) -> float:
    """Seconds of processor time that these have spent."""
    return sum(times.user + times.system for times in (one.cpu_times() for one in watched))
