"""What it costs to take files in and to send them, beside a sink that keeps nothing and beside nginx: `make bench`."""

import http.client
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import psutil
import pytest

from media.shelf import FolderShelf, put_file
from tests.media.wires import PIECE, LongFilm, Wire, cpu, processes
from tests.support import needs as machine
from tests.support.live import ROOT, LiveServer
from tests.support.needs import needs
from tests.support.ports import free_port

pytestmark = [pytest.mark.bench, pytest.mark.timeout(0)]
MB, GB = 1_000_000, 1e9
ROUNDS = 5
UPLOAD, BODY, RANGE = 100 * MB, 50 * MB, MB
BODIES, RANGES = 8, 400  # in each round


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    with LiveServer(tmp_path_factory.mktemp("bench") / "data") as made:
        yield made


@contextmanager
def running(command: list[str], port: int, **more: object) -> Iterator[int]:
    """A program that listens on `port`; its process id."""
    process = subprocess.Popen(command, **more)  # type: ignore[call-overload]
    try:
        give_up = time.monotonic() + 60
        while not _listens(port):
            assert process.poll() is None, "it has ended"
            assert time.monotonic() < give_up, "it does not listen"
            time.sleep(0.1)
        yield process.pid
    finally:
        process.terminate()
        process.wait(30)


def _listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), 5).close()
    except OSError:
        return False
    return True


def seconds(work: Callable[[], object]) -> float:
    begun = time.monotonic()
    work()
    return time.monotonic() - begun


def in_turn(*ways: Callable[[], float]) -> list[float]:
    """The median of each over rounds in which they take turns."""
    rounds = [[way() for way in ways] for _ in range(ROUNDS)]
    return [statistics.median(column) for column in zip(*rounds, strict=True)]


def test_upload_beside_a_sink(server: LiveServer) -> None:
    port, film = free_port(), LongFilm(UPLOAD)
    wire = Wire(server.port, server.flask("api-key", "create", "films", "--role", "editor").strip())
    gunicorn = [sys.executable, "-m", "gunicorn", "-c", "gunicorn.conf.py", "bench.sink:app"]
    environ = server.environ | {"BANGTIN_LISTEN": f"127.0.0.1:{port}"}

    def sunk() -> float:
        return seconds(lambda: Wire(port, "").ask("PUT", "/", film.pieces(), Content_Length=str(film.length)))

    def kept(piece: int) -> float:
        path = wire.begin(film.length)
        starts = range(0, film.length, piece)
        took = seconds(lambda: [wire.send(path, film, at, min(at + piece, film.length)) for at in starts])
        wire.ask("DELETE", path, Tus_Resumable="1.0.0")
        return took

    with running(gunicorn, port, cwd=ROOT, env=environ):
        sink, whole, pieces = in_turn(sunk, lambda: kept(film.length), lambda: kept(8 << 20))
    rates = [UPLOAD / MB / each for each in (sink, whole, pieces)]
    print(f"\nupload of {UPLOAD // MB} MB, MB/s, medians of {ROUNDS}: sink {rates[0]:.0f},", end=" ")
    print(f"one durable piece {rates[1]:.0f} ({rates[1] / rates[0]:.2f} of it),", end=" ")
    print(f"durable pieces of 8 MiB {rates[2]:.0f} ({rates[2] / rates[0]:.2f})")


@needs("nginx")
def test_bodies_and_ranges_beside_nginx(server: LiveServer, tmp_path: Path) -> None:
    media, film = server.data_dir / "media", tmp_path / "film"
    film.write_bytes(b"".join(LongFilm(BODY).pieces()))
    shelf = FolderShelf(media / "public", 0o644)
    address = f"/media/{put_file(shelf, film, media / 'drafts').sha256}.mp4"
    link = media / "public" / address.removeprefix("/")
    link.parent.mkdir(exist_ok=True)
    link.symlink_to(shelf.path(link.stem))
    port = free_port()
    config = tmp_path / "nginx.conf"
    config.write_text(
        f"user root; worker_processes 1; daemon off; pid {tmp_path}/pid; error_log {tmp_path}/error.log;\n"
        f"events {{}} http {{ access_log off; sendfile on; keepalive_requests 100000;\n"
        f"client_body_temp_path {tmp_path}/b; server {{ listen 127.0.0.1:{port}; root {media}/public; }} }}\n"
    )
    nginx = [str(machine.nginx()), "-p", str(tmp_path), "-e", f"{tmp_path}/error.log", "-c", str(config)]
    ours = processes(server.pid, "gunicorn")
    with running(nginx, port) as pid:
        theirs = [psutil.Process(pid), *psutil.Process(pid).children()]
        for name, goal, ask in (("50 MB bodies", 1.5, bodies), ("1 MB ranges", 2.5, ranges)):
            mine, front = in_turn(
                partial(per_gigabyte, ask, server.port, address, ours),
                partial(per_gigabyte, ask, port, address, theirs),
            )
            said = f"ours {mine:.2f}, nginx {front:.2f}; ratio {mine / front:.2f}, goal at most {goal}"
            print(f"\n{name}, CPU-seconds a gigabyte, medians of {ROUNDS}: {said}:", end=" ")
            print("met" if mine <= goal * front else "NOT met")


def per_gigabyte(ask: Callable[[int, str], int], port: int, address: str, watched: list[psutil.Process]) -> float:
    """Seconds of the server's processor time."""
    before = cpu(watched)
    sent = ask(port, address)
    return (cpu(watched) - before) / (sent / GB)


def bodies(port: int, address: str) -> int:
    """Bytes of whole files, one connection."""
    return _fetched(port, address, BODIES, lambda _: {}, BODY)


def ranges(port: int, address: str) -> int:
    """Bytes of ranges that lie here and there, one connection."""
    at = [(number * 7 % 49) * MB for number in range(RANGES)]
    return _fetched(
        port, address, RANGES, lambda number: {"Range": f"bytes={at[number]}-{at[number] + RANGE - 1}"}, RANGE
    )


def _fetched(port: int, address: str, times: int, headers: Callable[[int], dict[str, str]], each: int) -> int:
    connection, room, got = http.client.HTTPConnection("127.0.0.1", port, timeout=60), bytearray(PIECE), 0
    for number in range(times):
        connection.request("GET", address, headers=headers(number))
        answer = connection.getresponse()
        here = 0
        while size := answer.readinto(room):
            here += size
        assert (answer.status, here) == (206 if headers(number) else 200, each)
        got += here
    connection.close()
    return got
