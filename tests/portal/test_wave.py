"""Phones that come all at once, as when a train stops: everyone is let on line, and every count is exact."""

import contextlib
import sqlite3
import time
from pathlib import Path

from tests.portal.served import Served, Wave, counted, walk
from tests.portal.station import fas

PHONES = 60


def wait_for(environ: dict[str, str], expected: dict[str, int]) -> None:
    """What was seen is written soon; on a busy machine a little later."""
    for _ in range(200):
        if counted(environ) == expected:
            return
        time.sleep(0.1)
    assert counted(environ) == expected


def test_it_works(served: Served, environ: dict[str, str]) -> None:
    assert len(Wave(PHONES).roll(served)) == 4 * PHONES
    wait_for(environ, {"splash_view": PHONES, "grant": PHONES})


def test_who_comes_twice_counts_once(served: Served, environ: dict[str, str]) -> None:
    for _ in range(3):
        walk(served, 7)
    wait_for(environ, {"splash_view": 1, "grant": 1})


def test_what_was_seen_last_is_written_before_the_server_ends(served: Served, environ: dict[str, str]) -> None:
    for number in range(5):
        served.get(f"/wifi/ST01?{fas(hid=f'{number:064x}')}")
    served.stop()
    assert counted(environ) == {"splash_view": 5}


def test_what_a_crash_loses_appears_as_a_gap(served: Served, environ: dict[str, str], tmp_path: Path) -> None:
    """The worker is killed with its database locked, so with a view in memory; whoever comes next finds the mark."""
    served.get(f"/wifi/ST01?{fas()}")
    wait_for(environ, {"splash_view": 1})
    with contextlib.closing(sqlite3.connect(Path(environ["BANGTIN_DATA_DIR"]) / "bangtin.db", timeout=60)) as lock:
        lock.execute("BEGIN IMMEDIATE")
        served.get(f"/wifi/ST01?{fas(hid=f'{9:064x}')}")
        served.kill()
        lock.rollback()
        again = Served(tmp_path, "wsgi:app", environ)
        try:
            again.get(f"/wifi/ST01?{fas()}")
            assert counted(environ) == {"splash_view": 1}
            for _ in range(200):
                if gaps := lock.execute("SELECT since, until FROM view_gap").fetchall():
                    break
                time.sleep(0.1)
        finally:
            again.stop()
    ((since, until),) = gaps
    assert since < until
