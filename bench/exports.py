"""What a file of a million plays costs the server that sends it.

    python -m bench.exports [--plays 1000000]

Memory is that of the web worker's process (the most it ever held), after a tenth of the file and after the whole.
"""

import argparse
import re
import time
from http.client import HTTPConnection
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.orm import Session

from bench.rig import Options, house, serving
from core.services import make_services
from core.settings import load_settings
from people.actions.keys import create_key
from people.roles import SYSTEM

SHOWN = 30  # creatives in a loop of eight seconds
_ACK = """INSERT INTO play_ack (stream, screen, location, area_path, epoch, ack)
    VALUES (1, 'scr_0', 'vt-0', :path, 'e', :n)"""
_SHOWING = """INSERT INTO showing (id, location, area_path, timezone, campaign, placement, creative, language, entry,
    sha256, revision) VALUES (:id, 'vt-0', :path, 'Asia/Ho_Chi_Minh', 'cmp', 'plc', :creative, 'vi', 'e', :sha, 'r')"""
_PLAYS = """WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < :n)
    INSERT INTO play (stream, seq, showing, at, delay_ms, duration_ms, expected_ms, ended, display, sure, late)
    SELECT 1, i, i % :shown, :first + i, 500, 8000, 8000, 0, 1, 1, 0 FROM n"""


def export(plays: int) -> None:
    """How fast the file comes, and what the worker held."""
    with house(Options(rounds=1, seconds=0, screens=10)) as filled:
        key = _fill(filled.folder, plays)
        with serving(filled.folder) as server:
            (worker,) = server.workers()
            connection = HTTPConnection("127.0.0.1", server.port, timeout=300)
            began = time.perf_counter()
            connection.request("GET", f"/api/v1/reports/plays?{_SPAN}", headers={"Authorization": f"Bearer {key}"})
            answer, rows, size, early = connection.getresponse(), 0, 0, 0.0
            before = _most_mib(worker.pid)
            while piece := answer.read(65_536):
                rows, size = rows + piece.count(b"\n"), size + len(piece)
                if rows > plays // 10 and not early:
                    early = _most_mib(worker.pid)
            took, late = time.perf_counter() - began, _most_mib(worker.pid)
    if rows != plays + 1:
        raise AssertionError(f"{answer.status}: {rows:,} rows")
    print(f"{plays:,} plays as CSV: {size / 1e6:.0f} MB in {took:.0f} s ({plays / took:,.0f} plays/s)", flush=True)
    print(
        f"  the worker's memory at its highest: {before:.0f} MiB before the first row, {early:.0f} MiB after a tenth,"
        f" {late:.0f} MiB at the end",
        flush=True,
    )


_SPAN = "from=2026-11-21&to=2026-11-23"
_FIRST_MS = 1_795_312_800_000


def _fill(folder: Path, plays: int) -> str:
    """A log of so many plays, a millisecond apart; a key that may read them."""
    services = make_services(load_settings({"BANGTIN_DATA_DIR": str(folder), "BANGTIN_DEMO": "0"}))

    def work(s: Session) -> str:
        s.execute(text(_ACK), {"path": "/93/", "n": plays})
        for n in range(SHOWN):
            s.execute(text(_SHOWING), {"id": n, "path": "/93/", "creative": f"crv_{n}", "sha": "a" * 64})
        s.execute(text(_PLAYS), {"n": plays, "shown": SHOWN, "first": _FIRST_MS})
        return create_key(s, name="bench", role="viewer", area_path="/", by=SYSTEM, now=services.clock.now())[1]

    key = services.db.write(work)
    services.db.close()
    return key


def _most_mib(pid: int) -> float:
    """The most memory that a process ever held (Linux)."""
    found = re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    assert found is not None
    return int(found[1]) / 1024


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--plays", type=int, default=1_000_000)
    export(words.parse_args().plays)


if __name__ == "__main__":
    main()
