"""The newcomer's first command, on a clone that holds nothing but the commit."""

import os
import signal
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from tests.support.live import ROOT
from tests.support.ports import free_port

TWO_MINUTES_S = 120


@pytest.mark.full
@pytest.mark.timeout(300)
def test_a_fresh_clone_serves_the_demo_within_two_minutes(tmp_path: Path) -> None:
    clone, port = tmp_path / "clone", free_port()
    subprocess.run(["git", "clone", "-q", ROOT, clone], check=True)
    environ = {name: value for name, value in os.environ.items() if not name.startswith(("BANGTIN_", "VIRTUAL_ENV"))}
    environ |= {"BANGTIN_BIND": f"127.0.0.1:{port}"}
    started = time.monotonic()
    with (tmp_path / "log").open("wb") as log:
        run = subprocess.Popen(["make", "run"], cwd=clone, env=environ, stdout=log, stderr=log, start_new_session=True)
    try:
        ready = 0.0
        while not (ready and "/wifi/" in (tmp_path / "log").read_text()):
            assert run.poll() is None, (tmp_path / "log").read_text()
            passed = time.monotonic() - started
            assert passed < TWO_MINUTES_S, (tmp_path / "log").read_text()
            ready = ready or (passed if answers(f"http://127.0.0.1:{port}/readyz") else 0.0)
            time.sleep(0.5)
        print(f"\nfrom a fresh clone to /readyz 200: {ready:.0f} s")
    finally:
        os.killpg(run.pid, signal.SIGTERM)
        run.wait(30)


def answers(url: str) -> bool:
    """Whether it says 200 now."""
    try:
        with urllib.request.urlopen(url, timeout=5) as response:
            return bool(response.status == 200)
    except (urllib.error.URLError, OSError):
        return False
