"""Plays survive what happens to servers: each test prints what was sent, acknowledged and stored.

The server is the real one, under its supervisor; the screens are the simulator's, whose log keeps what was not
acknowledged. Nothing acknowledged may be lost, nothing may count twice.
"""

import os
import signal
import sqlite3
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

import psutil
import pytest

from tests.signage.town import SCREENS, Forgetful, Muddled, Stepping, Town
from tests.support.live import LiveServer

pytestmark = [pytest.mark.timeout(300), pytest.mark.xdist_group("signage_faults")]

ROOM_MB = 48


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A small disk of its own where root may make one, else a folder."""
    folder = tmp_path_factory.mktemp("faults") / "disk"
    folder.mkdir()
    mounted = mount(folder)
    yield folder
    if mounted:
        subprocess.run(["umount", "-l", folder], check=False)


def mount(folder: Path) -> bool:
    command = ["mount", "-t", "tmpfs", "-o", f"size={ROOM_MB}m", "tmpfs", str(folder)]
    return os.geteuid() == 0 and subprocess.run(command, capture_output=True).returncode == 0


@pytest.fixture(scope="module")
def town(room: Path) -> Iterator[Town]:
    with LiveServer(room / "data", BANGTIN_WORKERS="2") as server:
        yield Town(server)


def test_a_fleet_reports_and_nothing_is_lost(town: Town) -> None:
    screens = town.screens()
    fleet = town.fleet(screens)
    figures = fleet.run(4)
    fleet.drain()
    print(figures.line())
    assert figures.refused == figures.broken == 0
    town.balance(screens)


def test_answers_that_are_lost_and_batches_that_come_twice(town: Town) -> None:
    screens = town.screens()
    fleet = town.fleet(screens, deaf_every=4, twice_every=3)
    figures = fleet.run(4)
    assert figures.broken > 10
    fleet.drain()
    town.balance(screens)


def test_batches_in_disorder_that_overlap_and_come_again(town: Town) -> None:
    screens = list(town.of(Muddled))
    figures = town.fleet(screens, deaf_every=5).run(2)
    town.fleet(screens).drain()
    assert figures.refused == 0
    town.balance(screens)


def test_wall_clocks_that_step_by_a_year_at_every_report(town: Town) -> None:
    screens = list(town.of(Stepping))
    begin = time.time()
    fleet = town.fleet(screens)
    fleet.run(2)
    fleet.drain()
    town.balance(screens)
    assert begin - 60 <= min(town.times(screens)) <= max(town.times(screens)) <= time.time() + 60


def test_stores_that_are_wiped(town: Town) -> None:
    """Each screen's second log begins at one again; both count, each number of each once."""
    before = town.screens()
    fleet = town.fleet(before)
    fleet.run(1.5)
    fleet.drain()
    after = town.screens()
    fleet = town.fleet(after)
    fleet.run(1.5)
    fleet.drain()
    town.balance([*before, *after])


def test_two_boxes_with_one_token(town: Town) -> None:
    """A box that was cloned with its store's token: both report at once, each from a log of its own."""
    screens = [*town.screens(), *town.screens()]
    assert len({one.token for one in screens}) * 2 == len(screens)
    fleet = town.fleet(screens, report_s=1, twice_every=4)
    fleet.run(2)
    fleet.drain()
    town.balance(screens)


def test_a_log_without_room_declares_what_it_drops(town: Town) -> None:
    screens = list(town.of(Forgetful))
    fleet = town.fleet(screens, plays=5)
    fleet.run(2)
    fleet.drain()
    lost = sum(one.dropped for one in screens)
    assert lost > 0
    town.balance(screens, lost)


def test_a_worker_is_killed_while_plays_come_in(town: Town) -> None:
    screens = town.screens()
    fleet = town.fleet(screens)
    killed: list[psutil.Process] = []
    timer = threading.Timer(1.5, lambda: killed.extend(kill_workers(town)))
    timer.start()
    fleet.run(5)
    timer.join()
    assert len(killed) == 2
    fleet.drain()
    town.balance(screens)


def kill_workers(town: Town) -> list[psutil.Process]:
    """SIGKILL to every process that serves, not to those that look after them."""
    workers = [
        one
        for one in psutil.Process(town.server.pid).children(recursive=True)
        if is_gunicorn(one) and is_gunicorn(one.parent())
    ]
    for one in workers:
        one.send_signal(signal.SIGKILL)
    return workers


def is_gunicorn(process: psutil.Process | None) -> bool:
    """Workers and the master over them have the same command line."""
    return process is not None and "gunicorn" in " ".join(process.cmdline())


def test_the_whole_server_is_killed_while_plays_come_in(town: Town) -> None:
    screens = town.screens()
    fleet = town.fleet(screens)
    killed = threading.Timer(1.5, town.server.kill)
    killed.start()
    figures = fleet.run(3)
    killed.join()
    town.server.start()
    fleet.drain()
    assert figures.broken > 0
    town.balance(screens)


def test_the_database_is_locked_for_ten_seconds(town: Town) -> None:
    screens = town.screens()
    fleet = town.fleet(screens, report_s=2)
    locked = threading.Thread(target=lock, args=(town.file, 10.5))
    locked.start()
    fleet.run(6)
    locked.join()
    fleet.drain()
    town.balance(screens)


def lock(file: Path, seconds: float) -> None:
    with closing(sqlite3.connect(file, timeout=20, isolation_level=None)) as db:
        db.execute("BEGIN IMMEDIATE")
        time.sleep(seconds)
        db.execute("ROLLBACK")


def test_polls_are_answered_while_the_database_is_locked(town: Town) -> None:
    screens = town.screens()
    warm = town.fleet(screens, poll_s=1, report_s=1_000)
    warm.run(2)
    locked = threading.Thread(target=lock, args=(town.file, 3))
    locked.start()
    figures = town.fleet(screens, poll_s=1, report_s=1_000).run(2.5)
    locked.join()
    assert figures.refused == figures.broken == 0
    assert len(figures.polls_ms) >= 2 * SCREENS


@pytest.mark.skipif(os.geteuid() != 0, reason="a disk of its own is missing: run as root")
def test_the_disk_is_full_and_then_has_room_again(town: Town, room: Path) -> None:
    screens = town.screens()
    stone = room / "stone"
    fleet = town.fleet(screens, plays=20)
    try:
        fill_up(stone)
        figures = fleet.run(4)
    finally:
        stone.unlink()
    assert figures.refused > 0
    fleet.drain()
    town.balance(screens)
    assert after_all(town)


def fill_up(file: Path) -> None:
    """Every last byte, without a buffer that closing would have to write."""
    with file.open("wb", buffering=0) as out, suppress(OSError):
        while True:
            out.write(b"\0" * 65_536)


def after_all(town: Town) -> bool:
    """Every worker is well again: many requests, none refused."""
    figures = town.fleet(town.screens(), poll_s=0.5, report_s=0.5).run(2)
    return figures.refused == figures.broken == 0
