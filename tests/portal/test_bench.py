"""What the splash costs, on a real server. Prints, and judges nothing but errors."""

import gc
import gzip
import os
import re
import signal
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from core.services import make_services
from core.settings import load_settings
from tests.gateway.house import counts_of
from tests.portal.station import draw, fas, make_campaign, make_hotspot, make_place
from tests.support.live import ROOT
from tests.support.ports import free_port

pytestmark = pytest.mark.bench
ROUNDS, SECONDS = 5, 2.0

CONSTANT = """
from flask import Flask, Response
app, BODY = Flask("constant"), b"x" * {size}
@app.get("/wifi/ST01")
def page():
    return Response(BODY, mimetype="text/html")
"""


class Served:
    """Gunicorn on one core, with one worker, as `make run` configures it."""

    def __init__(self, folder: Path, target: str, environ: dict[str, str], python_path: Path = ROOT) -> None:
        self.port = free_port()
        self.log = folder / f"{target.partition(':')[0]}.log"
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "gunicorn", "-c", str(ROOT / "gunicorn.conf.py"), target],
                cwd=ROOT,
                env=environ | {"BANGTIN_LISTEN": f"127.0.0.1:{self.port}", "PYTHONPATH": f"{python_path}:{ROOT}"},
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=lambda: os.sched_setaffinity(0, {0}),
            )
        while not self.answers():
            assert self.process.poll() is None, self.log.read_text()
            time.sleep(0.1)

    def answers(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def get(self, path: str) -> tuple[float, int, bytes]:
        """(seconds, status, answer) over a connection of its own."""
        start = time.perf_counter()
        with socket.create_connection(("127.0.0.1", self.port), 10) as line:
            line.sendall(
                f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: Mozilla/5.0 (Linux; Android 14; wv)\r\n"
                "Accept-Language: vi\r\nAccept-Encoding: gzip\r\nConnection: close\r\n\r\n".encode()
            )
            told = b"".join(iter(lambda: line.recv(65536), b""))
        return time.perf_counter() - start, int(told.split(b" ", 2)[1]), told

    def stop(self) -> None:
        os.killpg(self.process.pid, signal.SIGTERM)
        self.process.wait(30)


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    (tmp_path / "data").mkdir()
    return dict(os.environ) | {
        "BANGTIN_DATA_DIR": str(tmp_path / "data"),
        "BANGTIN_PUBLIC_URL": "http://127.0.0.1:9",
        "BANGTIN_SECRET_KEY": "a key that only the tests know, and that is long enough",
        "BANGTIN_DEMO": "0",
    }


@pytest.fixture
def ours(environ: dict[str, str], tmp_path: Path) -> Iterator[Served]:
    done = subprocess.run(
        [sys.executable, "-m", "flask", "--app", "wsgi", "prepare"], cwd=ROOT, env=environ, capture_output=True
    )
    assert done.returncode == 0, done.stderr
    services = make_services(load_settings(environ))
    services.db.write(lambda s: make_place(s, services))
    make_campaign(services)
    make_hotspot(services, dialect="generic", grant_base=None, settings={})
    draw(services)
    services.db.close()
    served = Served(tmp_path, "wsgi:app", environ)
    yield served
    served.stop()


def rate(served: Served, path: str) -> float:
    """Answers per second for SECONDS, four askers, a new connection each."""
    end = time.perf_counter() + SECONDS

    def ask() -> int:
        n = 0
        while time.perf_counter() < end:
            assert served.get(path)[1] == 200
            n += 1
        return n

    with ThreadPoolExecutor(4) as pool:
        return sum(pool.map(lambda _: ask(), range(4))) / SECONDS


def test_a_splash_beside_a_constant_of_its_size(ours: Served, environ: dict[str, str], tmp_path: Path) -> None:
    path = f"/wifi/ST01?{fas()}"
    ours.get(path)
    time.sleep(3)
    size = len(ours.get(path)[2].partition(b"\r\n\r\n")[2])
    (tmp_path / "constant_app.py").write_text(CONSTANT.format(size=size))
    constant = Served(tmp_path, "constant_app:app", environ, tmp_path)
    try:
        gc.disable()
        pairs = [(rate(ours, path), rate(constant, path)) for _ in range(ROUNDS)]
    finally:
        gc.enable()
        constant.stop()
    mine, theirs = (statistics.median(column) for column in zip(*pairs, strict=True))
    print(f"\nsplash with its view recorded: {mine:.0f}/s; a Flask constant of {size} bytes: {theirs:.0f}/s; ", end="")
    print(f"ratio {mine / theirs:.2f} (wanted: 0.75; the asker shares the machine)")


def test_a_wave(ours: Served, environ: dict[str, str]) -> None:
    """2,000 phones in 60 s, four requests each on new connections; a tenth of it in a tenth of the time by default."""
    phones = int(os.environ.get("WAVE", "200"))
    pause = 60.0 / 2000
    start = time.perf_counter()

    def phone(number: int) -> list[float]:
        time.sleep(max(0.0, start + number * pause - time.perf_counter()))
        took, status, told = ours.get(f"/wifi/ST01?n={number}")
        assert status == 200
        page = gzip.decompress(told.partition(b"\r\n\r\n")[2]).decode()
        found = re.search(r'name="visit" value="([^"]+)"', page)
        assert found
        steps = [took]
        for path, wanted in (("api", 200), (f"accept?visit={found[1]}", 302), (f"online?visit={found[1]}", 200)):
            took, status, _ = ours.get(f"/wifi/ST01/{path}")
            assert status == wanted
            steps.append(took)
        return steps

    with ThreadPoolExecutor(50) as pool:
        times = sorted(second for steps in pool.map(phone, range(phones)) for second in steps)
    time.sleep(2)
    assert counts_of(Path(environ["BANGTIN_DATA_DIR"]) / "bangtin.db", "ST01") == {
        "splash_view": phones,
        "grant": phones,
    }
    p99 = times[int(len(times) * 0.99)] * 1000
    print(f"\nwave of {phones} phones, {1 / pause:.0f} a second: no error, counts exact, ", end="")
    print(f"median {statistics.median(times) * 1000:.0f} ms, p99 {p99:.0f} ms (wanted: below 150)")
