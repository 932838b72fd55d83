"""With the job process killed, or never started, travellers are greeted and let on line as ever, and it is counted."""

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.portal.served import Served, counted, walk
from tests.portal.station import fas
from tests.support.live import ROOT

pytestmark = pytest.mark.timeout(180)
PATIENCE_S = 60


@contextmanager
def job_process(environ: dict[str, str], log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """As `make run` starts it."""
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "jobs"]
    with log.open("wb") as lines:
        process = subprocess.Popen(command, cwd=ROOT, env=environ, stdout=lines, stderr=lines)
    try:
        yield process
    finally:
        process.kill()
        process.wait(10)


def wait_for(condition: Callable[[], bool]) -> None:
    until = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < until, "it did not come about"
        time.sleep(0.1)


def jobs_state(served: Served) -> bytes:
    """What the server says of its job process."""
    return served.get("/readyz")[2]


def test_it_works(served: Served, environ: dict[str, str], tmp_path: Path) -> None:
    """A phone comes before the job process was ever started, one while it lives, and two when it has been killed."""
    assert b"the job process has not been heard of" in jobs_state(served)
    walk(served, 1)
    wait_for(lambda: "Cài Bluezone" in served.page(f"/wifi/ST01?{fas(hid=f'{1:064x}')}"))
    wait_for(lambda: counted(environ) == {"splash_view": 1, "grant": 1})
    with job_process(environ, tmp_path / "jobs.log") as jobs:
        wait_for(lambda: b'"jobs":"ok"' in jobs_state(served))
        walk(served, 2)
        jobs.send_signal(signal.SIGKILL)
        assert jobs.wait(10) == -signal.SIGKILL
        for number in (3, 4):
            walk(served, number)
        assert "Cài Bluezone" in served.page(f"/wifi/ST01?{fas(hid=f'{4:064x}')}")
        wait_for(lambda: counted(environ) == {"splash_view": 4, "grant": 4})
