"""What the measurements of the player doors stand on: a filled house, a server on one core, a load on the other."""

import os
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from bench.fill import fill
from core.services import make_services
from core.settings import load_settings
from server.schema import upgrade
from tests.support.ports import free_port

ROOT = Path(__file__).resolve().parent.parent
SERVER_CORE, LOAD_CORE = 0, 1
WRK = ["wrk", "-t1", "-c32"]


@dataclass(frozen=True)
class Options:
    rounds: int
    seconds: float
    screens: int
    programmes: int = 1


@dataclass(frozen=True)
class House:
    """A data folder with a fleet in it."""

    folder: Path
    tokens: list[str]


@dataclass(frozen=True)
class Address:
    """Where a server listens, and its processes."""

    port: int
    process: subprocess.Popen[bytes]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def workers(self) -> list[psutil.Process]:
        return psutil.Process(self.process.pid).children(recursive=True)


def environ(folder: Path, port: int) -> dict[str, str]:
    own = {
        "BANGTIN_BIND": f"127.0.0.1:{port}",
        "BANGTIN_PUBLIC_URL": f"http://127.0.0.1:{port}",
        "BANGTIN_DATA_DIR": str(folder),
        "BANGTIN_DEMO": "0",
    }
    return {name: value for name, value in os.environ.items() if not name.startswith("BANGTIN_")} | own


@contextmanager
def house(options: Options) -> Iterator[House]:
    folder = Path(tempfile.mkdtemp(prefix="bench"))
    services = make_services(load_settings(environ(folder, 8000)))
    upgrade(services.settings.database_url)
    tokens = fill(services, options.screens, programmes=options.programmes)
    services.db.close()
    yield House(folder, tokens)
    shutil.rmtree(folder)


@contextmanager
def serving(folder: Path, app: str = "wsgi:app", *, pinned: bool = True, **more: str) -> Iterator[Address]:
    """The application, or another one, under the same gunicorn configuration, on its own core."""
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", "-c", "gunicorn.conf.py", app]
    process = subprocess.Popen(
        ["taskset", "-c", str(SERVER_CORE) if pinned else f"{SERVER_CORE},{LOAD_CORE}", *command],
        cwd=ROOT,
        env=environ(folder, port) | more,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    wait_for(port)
    try:
        yield Address(port, process)
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(timeout=30)


def wait_for(port: int) -> None:
    for _ in range(400):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise TimeoutError("the server did not start")


def wrk(url: str, seconds: float, *headers: str) -> float:
    """Requests a second, a new connection for each, from the core of the load."""
    named = [word for header in ("Connection: close", *headers) for word in ("-H", header)]
    command = ["taskset", "-c", str(LOAD_CORE), *WRK, f"-d{seconds:g}s", *named, url]
    text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    if "Non-2xx or 3xx" in text:
        raise AssertionError(text)
    return float(next(line.split()[1] for line in text.splitlines() if line.startswith("Requests/sec")))


def in_turns(options: Options, ours: Callable[[], float], theirs: Callable[[], float]) -> tuple[float, float]:
    """The medians of both, measured alternately."""
    pairs = [(ours(), theirs()) for _ in range(options.rounds)]
    return statistics.median(a for a, _ in pairs), statistics.median(b for _, b in pairs)


def verdict(row: str, ours: float, theirs: float, goal: float, unit: str) -> None:
    ratio = ours / theirs if theirs else 0.0
    print(
        f"{row}: {ours:,.0f} beside {theirs:,.0f} {unit} = {ratio:.2f} (goal {goal}: {met(ratio >= goal)})", flush=True
    )


def met(good: bool) -> str:
    """In words."""
    return "met" if good else "NOT met"
