"""`make run`: both processes stay alive, and a start that cannot be says why in one line."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.support.live import ROOT, LiveServer

pytestmark = pytest.mark.xdist_group("live")


def start(**environ: str) -> subprocess.CompletedProcess[str]:
    """Runs the supervisor until it gives up."""
    command = [sys.executable, "-m", "server.supervise"]
    return subprocess.run(command, cwd=ROOT, env=os.environ | environ, capture_output=True, text=True, timeout=60)


def processes(part: str, server: LiveServer) -> list[int]:
    """Those of this server's group whose command line holds `part`."""
    assert server._process is not None
    found = []
    for entry in Path("/proc").iterdir():
        try:
            ours = entry.name.isdigit() and os.getpgid(int(entry.name)) == server._process.pid
            if ours and part in (entry / "cmdline").read_text().replace("\0", " "):
                found.append(int(entry.name))
        except (ProcessLookupError, FileNotFoundError):
            continue
    return sorted(found)


def wait_for(condition, seconds: float = 30) -> None:
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "it did not come about"
        time.sleep(0.1)


def test_it_works(tmp_path: Path) -> None:
    with LiveServer(tmp_path / "var") as server:
        assert server.ready()
        wait_for(lambda: "/console" in server.log.read_text())
        group = server._process
        assert group is not None
    assert group.returncode == 0
    assert "Traceback" not in server.log.read_text()


def test_whatever_is_killed_comes_back(tmp_path: Path) -> None:
    with LiveServer(tmp_path / "var") as server:
        os.kill(processes("flask --app wsgi jobs", server)[0], signal.SIGKILL)
        for pid in processes("gunicorn", server):
            os.kill(pid, signal.SIGKILL)
        wait_for(lambda: processes("flask --app wsgi jobs", server) and processes("gunicorn", server))
        wait_for(server.ready)
        assert "(killed by SIGKILL); it is started again in 1 s" in server.log.read_text()


def test_nothing_is_left_when_the_supervisor_is_killed(tmp_path: Path) -> None:
    with LiveServer(tmp_path / "var") as server:
        assert server._process is not None
        os.kill(server._process.pid, signal.SIGKILL)
        wait_for(lambda: not processes("gunicorn", server) and not processes("jobs", server))


def test_a_second_start_keeps_the_data(tmp_path: Path) -> None:
    server = LiveServer(tmp_path / "var")
    server.start()
    server.stop()
    key = (tmp_path / "var" / "secret.key").read_text()
    server.start()
    server.stop()
    assert (tmp_path / "var" / "secret.key").read_text() == key


def test_a_taken_port_is_named(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        done = start(BANGTIN_BIND=f"127.0.0.1:{port}", BANGTIN_DATA_DIR=str(tmp_path))
    assert done.returncode == 1
    assert done.stderr == f"BANGTIN_BIND: port {port} is taken; stop what uses it, or set BANGTIN_BIND=HOST:PORT\n"


def test_a_data_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    done = start(BANGTIN_DATA_DIR=str(tmp_path / "file" / "var"), BANGTIN_SECRET_KEY="k" * 40)
    assert done.returncode == 1
    assert done.stderr.startswith("BANGTIN_DATA_DIR: cannot write to")
    assert done.stderr.count("\n") == 1


def test_every_wrong_setting_is_named_at_once(tmp_path: Path) -> None:
    done = start(BANGTIN_DATA_DIR=str(tmp_path), BANGTIN_BIND="here", BANGTIN_WORKERS="many")
    assert done.returncode == 2
    assert [line.split(":")[0] for line in done.stderr.splitlines()] == ["BANGTIN_BIND", "BANGTIN_WORKERS"]


def test_two_supervisors_do_not_share_a_folder(tmp_path: Path) -> None:
    with LiveServer(tmp_path / "var"):
        done = start(BANGTIN_DATA_DIR=str(tmp_path / "var"), BANGTIN_BIND="127.0.0.1:0")
    assert done.returncode == 1
    assert "another `make run` is using" in done.stderr
