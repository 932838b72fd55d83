"""What the player doors can bear, beside what it is measured against, in turns within one run.

    python -m bench.signage [--rounds 5] [--seconds 3] [--screens 2000] [row …]

The server runs on one core and the load on another; each figure is the median of the rounds. The rows print as they
are done, with the goal and whether it was met. Other work on the machine bends all figures, so ratios count.
"""

import argparse
import os
import shutil
import signal
import socket
import sqlite3
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
from bench.fleet import Fleet, SimScreen, of_tokens, part
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
    tokens = fill(services, options.screens)
    services.db.close()
    yield House(folder, tokens)
    shutil.rmtree(folder)


@contextmanager
def serving(folder: Path, app: str = "wsgi:app", **more: str) -> Iterator[Address]:
    """The application, or another one, under the same gunicorn configuration, on its own core."""
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", "-c", "gunicorn.conf.py", app]
    process = subprocess.Popen(
        ["taskset", "-c", str(SERVER_CORE), *command],
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
    word = "met" if ratio >= goal else "NOT met"
    print(f"{row}: {ours:,.0f} beside {theirs:,.0f} {unit} = {ratio:.2f} (goal {goal}: {word})", flush=True)


# ---- rows ----


def poll(options: Options) -> None:
    with (
        house(options) as filled,
        serving(filled.folder) as ours,
        serving(filled.folder, "bench.constant:app") as floor,
    ):
        bearer = f"Authorization: Bearer {filled.tokens[0]}"
        manifest = f"{ours.url}/api/v1/player/manifest"
        closers(ours, filled.tokens[:32], 10, 0)
        etag, size = etag_of(ours, filled.tokens[0])
        unchanged = in_turns(
            options,
            lambda: wrk(manifest, options.seconds, bearer, f"If-None-Match: {etag}"),
            lambda: wrk(f"{floor.url}/304", options.seconds, bearer),
        )
        verdict("unchanged poll (304, new connection each) beside Flask's constant 304", *unchanged, 0.9, "requests/s")
        changed = in_turns(
            options,
            lambda: wrk(manifest, options.seconds, bearer),
            lambda: wrk(f"{floor.url}/bytes/{size}", options.seconds, bearer),
        )
        verdict(f"changed poll ({size:,} bytes) beside Flask's constant bytes", *changed, 0.8, "requests/s")


def etag_of(server: Address, token: str) -> tuple[str, int]:
    screen = SimScreen(token, "0" * 12)
    fleet = Fleet(("127.0.0.1", server.port), [screen], poll_s=1_000, report_s=1_000)
    fleet.keep = True
    fleet.run(0.1)
    return screen.etag, len(fleet.kept)


def plays(options: Options) -> None:
    with house(options) as filled, serving(filled.folder) as ours:
        closers(ours, filled.tokens[:32], 10, 0)
        for size in (10, 60):
            rates = [hammer(ours, filled.tokens, size, options.seconds) for _ in range(options.rounds)]
            rate = statistics.median(rates)
            print(f"plays, batches of {size}, durable: {rate:,.0f} plays/s ({rate / size:,.0f} batches/s)", flush=True)
        bare = statistics.median(executemany(filled.folder, options.seconds) for _ in range(options.rounds))
        verdict("plays, batches of 60, beside executemany without HTTP", rate, bare, 0.35, "plays/s")


def hammer(server: Address, tokens: list[str], plays: int, seconds: float) -> float:
    """Plays a second from 64 screens that send the next batch as soon as the last was acknowledged."""
    os.sched_setaffinity(0, {LOAD_CORE})
    screens = of_tokens(tokens[:64])
    for number, one in enumerate(screens):
        one.epoch = f"{time.monotonic_ns() % 2**40:x}{number:02x}".rjust(12, "0")[-12:]
    fleet = Fleet(("127.0.0.1", server.port), screens, plays=plays)
    began = time.monotonic()
    fleet.press(seconds)
    return sum(one.acknowledged for one in screens) / (time.monotonic() - began)


def executemany(folder: Path, seconds: float) -> float:
    """Rows a second of the same width, 60 to a transaction, on one connection with the same durability."""
    os.sched_setaffinity(0, {SERVER_CORE})
    file = folder / "bare.db"
    with sqlite3.connect(file, isolation_level=None) as db:
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA synchronous = FULL")
        columns = "stream, seq, showing, at, delay_ms, duration_ms, expected_ms, ended, display, sure, late"
        db.execute(f"CREATE TABLE play ({columns}, PRIMARY KEY (stream, seq)) WITHOUT ROWID")
        seq, until = 0, time.monotonic() + seconds
        while time.monotonic() < until:
            rows = [(1, seq + n, 7**20, 1_790_000_000_000, 900, 8_000, 8_000, 0, 1, 1, 0) for n in range(60)]
            db.execute("BEGIN IMMEDIATE")
            db.executemany(f"INSERT INTO play ({columns}) VALUES (?,?,?,?,?,?,?,?,?,?,?)", rows)
            db.execute("COMMIT")
            seq += 60
    for left in folder.glob("bare.db*"):
        left.unlink()
    return seq / seconds


def late(options: Options) -> None:
    """Clients that close 50 ms after they were answered: 32 at once can ask 32 / 0.05 times a second at the best."""
    with house(options) as filled, serving(filled.folder) as ours:
        os.sched_setaffinity(0, {LOAD_CORE})
        tokens = filled.tokens[:32]
        closers(ours, tokens, 10, 0)  # the worker has come up, its memory is warm
        rates = in_turns(
            options,
            lambda: closers(ours, tokens, options.seconds, 0.05),
            lambda: min(32 / 0.05, closers(ours, tokens, options.seconds, 0)),
        )
        verdict("polls from 32 clients that close 50 ms late beside the ideal", *rates, 0.9, "requests/s")


def closers(server: Address, tokens: list[str], seconds: float, linger_s: float) -> float:
    fleet = Fleet(("127.0.0.1", server.port), of_tokens(tokens), linger_s=linger_s)
    figures = fleet.press(seconds, kind="poll")
    return len(figures.polls_ms) / figures.seconds


def memory(options: Options) -> None:
    with house(Options(1, 1, 20_000)) as filled, serving(filled.folder) as ours:
        before = max(one.memory_info().rss for one in ours.workers())
        fleet = Fleet(("127.0.0.1", ours.port), of_tokens(filled.tokens), poll_s=30, report_s=10_000)
        figures = fleet.run(30)
        after = max(one.memory_info().rss for one in ours.workers())
        word = "met" if after <= 200e6 else "NOT met"
        print(
            f"memory of a worker with 20,000 screens: {after / 1e6:.0f} MB ({before / 1e6:.0f} MB before; "
            f"goal 200 MB: {word}); {figures.line()}"
        )


def fleet(options: Options) -> None:
    """One size of the fleet, the server and the load sharing both cores."""
    with house(options) as filled, serving(filled.folder) as ours:
        simulated = Fleet(("127.0.0.1", ours.port), of_tokens(filled.tokens))
        simulated.run(30)  # every screen once: what follows is the steady state
        simulated.figures = type(simulated.figures)()
        figures = simulated.run(60)
        simulated.drain()
        good = (
            part(figures.polls_ms, 99) <= 100
            and part(figures.reports_ms, 99) <= 250
            and figures.refused == figures.broken == 0
        )
        print(f"fleet of {options.screens:,}: {'held' if good else 'NOT held'}; {figures.line()}")
        sent = sum(one.next - 1 for one in simulated.screens)
        acknowledged = sum(one.acknowledged for one in simulated.screens)
        with sqlite3.connect(filled.folder / "bangtin.db") as db:
            stored = db.execute("SELECT count(*) FROM play").fetchone()[0]
        print(f"plays sent {sent:,}, acknowledged {acknowledged:,}, stored {stored:,}")


ROWS: dict[str, Callable[[Options], None]] = {
    "poll": poll,
    "plays": plays,
    "late": late,
    "memory": memory,
    "fleet": fleet,
}


def main(words: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.signage")
    parser.add_argument("rows", nargs="*", metavar="row", help=", ".join(ROWS))
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=3)
    parser.add_argument("--screens", type=int, default=2_000)
    found = parser.parse_args(words)
    for row in found.rows or ROWS:
        ROWS[row](Options(found.rounds, found.seconds, found.screens))


if __name__ == "__main__":
    main()
