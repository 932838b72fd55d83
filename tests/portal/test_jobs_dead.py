"""With the job process killed, or never started, travellers are greeted and let on line as ever, and it is counted."""

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.portal.served import Served, counted, environ_of, furnish, walk
from tests.portal.station import fas
from tests.support.live import ROOT

pytestmark = pytest.mark.timeout(180)
PATIENCE_S = 60


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    made = environ_of(tmp_path)
    furnish(made)
    return made


@pytest.fixture
def served(environ: dict[str, str], tmp_path: Path) -> Iterator[Served]:
    """The web server alone."""
    made = Served(tmp_path, "wsgi:app", environ)
    yield made
    made.stop()


@pytest.fixture
def jobs(environ: dict[str, str], tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    """The job process."""
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "jobs"]
    with (tmp_path / "jobs.log").open("wb") as log:
        process = subprocess.Popen(command, cwd=ROOT, env=environ, stdout=log, stderr=log)
    yield process
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


def test_it_works(served: Served, environ: dict[str, str], jobs: subprocess.Popen[bytes]) -> None:
    """A phone comes while the job process lives, and two when it has been killed."""
    wait_for(lambda: b'"jobs":"ok"' in jobs_state(served))
    walk(served, 1)
    jobs.send_signal(signal.SIGKILL)
    assert jobs.wait(10) == -signal.SIGKILL
    for number in (2, 3):
        walk(served, number)
    wait_for(lambda: counted(environ) == {"splash_view": 3, "grant": 3})


def test_where_it_was_never_started(served: Served, environ: dict[str, str]) -> None:
    """The campaign shows: what it needs was made before, and is in memory."""
    assert b"the job process has not been heard of" in jobs_state(served)
    walk(served, 1)
    wait_for(lambda: "Cài Bluezone" in served.page(f"/wifi/ST01?{fas(hid=f'{2:064x}')}"))
    wait_for(lambda: counted(environ).get("grant") == 1)
