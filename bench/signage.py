"""What the player doors can bear, beside what it is measured against, in turns within one run.

    python -m bench.signage [--rounds 5] [--seconds 3] [--screens 2000] [row …]

The server runs on one core and the load on another; each figure is the median of the rounds. The rows print as they
are done, with the goal and whether it was met. Other work on the machine bends all figures, so ratios count.
"""

import argparse
import math
import os
import random
import sqlite3
import statistics
import time
from collections.abc import Callable
from pathlib import Path

from bench.exchange import SimScreen, of_tokens
from bench.fleet import Figures, Fleet, part
from bench.peer import NAME, Peer, beside
from bench.rig import LOAD_CORE, SERVER_CORE, Address, Options, house, in_turns, met, serving, verdict, wrk
from tests.support.disk import slow

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


def peer(options: Options) -> None:
    """Another signage server, on the same gunicorn and the same core."""
    with house(options) as filled, serving(filled.folder) as ours, beside(filled.folder) as theirs:
        closers(ours, filled.tokens[:32], 10, 0)
        etag, _ = etag_of(ours, filled.tokens[0])
        known = (f"Authorization: Bearer {filled.tokens[0]}", f"If-None-Match: {etag}")
        polls = in_turns(
            options,
            lambda: wrk(f"{ours.url}/api/v1/player/manifest", options.seconds, *known),
            lambda: wrk(f"{theirs.url}/dashboard/screens/bench/status", options.seconds),
        )
        verdict(f"unchanged poll beside {NAME}'s status poll", *polls, 3, "requests/s")
        for size, goal in ((10, 20), (60, 20)):
            uploads = in_turns(options, *hammers(ours, filled.tokens, theirs, size, options.seconds))
            verdict(f"plays, batches of {size}, beside {NAME}'s upload", *uploads, goal, "plays/s")


def hammers(
    ours: Address, tokens: list[str], theirs: Peer, size: int, seconds: float
) -> tuple[Callable[[], float], Callable[[], float]]:
    return lambda: hammer(ours, tokens, size, seconds), lambda: theirs.upload(size, seconds)


def fsync(options: Options) -> None:
    """On a disk whose fsync takes 10 ms longer; the same server with groups of one is what stands beside."""
    disk = slow("bangtin.db", 10)
    with (
        house(options) as filled,
        house(options) as other,
        serving(filled.folder, **disk) as ours,
        serving(other.folder, "bench.single:app", **disk) as single,
    ):
        for server, tokens in ((ours, filled.tokens), (single, other.tokens)):
            closers(server, tokens[:32], 10, 0)
        rates = in_turns(
            options,
            lambda: hammer(ours, filled.tokens, 60, options.seconds),
            lambda: hammer(single, other.tokens, 60, options.seconds),
        )
        verdict("plays on an fsync of 10 ms, batches of 60, beside a commit for each request", *rates, 7, "plays/s")


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
        polls = sum(poll_once(ours, filled.tokens[n : n + 100]) for n in range(0, 20_000, 100))
        after = max(one.memory_info().rss for one in ours.workers())
        print(
            f"memory of a worker with 20,000 screens: {after / 1e6:.0f} MB ({before / 1e6:.0f} MB before; "
            f"goal 200 MB: {met(after <= 200e6)}); {polls:,} polls answered"
        )


def poll_once(server: Address, tokens: list[str]) -> int:
    """Every screen polls at least once; how many polls were answered."""
    return len(Fleet(("127.0.0.1", server.port), of_tokens(tokens)).press(0.01, kind="poll").polls_ms)


def cold(options: Options) -> None:
    """A server that has just started, and 20,000 screens that ask for what they do not know yet: one every 1.5 ms, in
    no order. Who is refused or not answered within 10 s asks again 30 s later, as a player would."""
    for programmes in (1, 100):
        with house(Options(1, 1, 20_000, programmes)) as filled:
            os.sched_setaffinity(0, {LOAD_CORE})
            began = time.monotonic()
            with serving(filled.folder) as ours:
                screens = of_tokens(random.Random(programmes).sample(filled.tokens, len(filled.tokens)))
                simulated = Fleet(("127.0.0.1", ours.port), screens, report_s=10_000, fresh_every=0)
                figures = simulated.run(30)
                answered = sum(one.first_at is not None for one in screens)
                while any(one.first_at is None for one in screens) and time.monotonic() - began < 200:
                    simulated.run(30)
                last = max(one.first_at or math.inf for one in screens)
                spent = sum(sum(one.cpu_times()[:2]) for one in ours.workers())
                print(
                    f"cold start, 20,000 screens, {programmes} programme(s): {answered:,} answered at once, all "
                    f"{last - began:.1f} s after the start, by {spent:.1f} s of processor time; "
                    f"{figures.line()}",
                    flush=True,
                )


def fleet(options: Options) -> None:
    """Fleets of growing size, the server and the load sharing both cores, until one is not held."""
    for screens in FLEETS:
        if not holds(screens, options.seconds * 10):
            break


def holds(screens: int, seconds: float) -> bool:
    """Whether the figures of a fleet of this size are within their limits, with a worker for each of the two cores.

    Before, the screens poll until both workers know what to tell them: how the server starts is what `cold` is about.
    """
    with house(Options(1, 1, screens)) as filled, serving(filled.folder, pinned=False, BANGTIN_WORKERS="2") as ours:
        simulated = Fleet(("127.0.0.1", ours.port), of_tokens(filled.tokens))
        for _ in range(6):
            simulated.figures = Figures()
            warm = simulated.run(30)
            if warm.refused == warm.broken == 0 and warm.unchanged > 0.6 * len(warm.polls_ms):
                break
        simulated.figures = Figures()
        figures = simulated.run(seconds)
        simulated.drain()
        good = (
            part(figures.polls_ms, 99) <= 100
            and part(figures.reports_ms, 99) <= 250
            and figures.refused == figures.broken == 0
        )
        print(f"fleet of {screens:,} (goal 60,000): {'held' if good else 'NOT held'}; {figures.line()}")
        sent = sum(one.next - 1 for one in simulated.screens)
        acknowledged = sum(one.acknowledged for one in simulated.screens)
        with sqlite3.connect(filled.folder / "bangtin.db") as db:
            stored = db.execute("SELECT count(*) FROM play").fetchone()[0]
        db.close()
        print(f"plays sent {sent:,}, acknowledged {acknowledged:,}, stored {stored:,}", flush=True)
        assert sent == acknowledged == stored
        return good


FLEETS = (20_000, 40_000, 60_000, 80_000, 100_000)
ROWS: dict[str, Callable[[Options], None]] = {
    "poll": poll,
    "plays": plays,
    "peer": peer,
    "fsync": fsync,
    "late": late,
    "memory": memory,
    "cold": cold,
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
