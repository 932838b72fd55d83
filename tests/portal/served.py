"""The splash on a real server, and phones that come in a wave: for the figures, and small for every run of tests."""

from __future__ import annotations

import gzip
import os
import re
import signal
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from core.services import Services, make_services
from core.settings import load_settings
from tests.gateway.house import counts_of
from tests.portal.station import BASE, draw, fas, make_campaign, make_hotspot, make_place
from tests.support.live import ROOT
from tests.support.ports import free_port

SERVER_CORE, LOAD_CORE = 0, 1
HEADERS = (
    "User-Agent: Mozilla/5.0 (Linux; Android 14; wv)",
    "Accept-Language: vi",
    "Accept-Encoding: gzip",
    "Connection: close",
)


def environ_of(folder: Path) -> dict[str, str]:
    """Settings of a server whose data lie in this folder."""
    own = {
        "BANGTIN_DATA_DIR": str(folder),
        "BANGTIN_PUBLIC_URL": "http://127.0.0.1:9",
        "BANGTIN_SECRET_KEY": "a key that only the tests know, and that is long enough",
        "BANGTIN_DEMO": "0",
    }
    return {name: value for name, value in os.environ.items() if not name.startswith("BANGTIN_")} | own


def furnish(environ: dict[str, str]) -> None:
    """The station with openNDS level 1 and a campaign on its splash."""
    done = subprocess.run(
        [sys.executable, "-m", "flask", "--app", "wsgi", "prepare"], cwd=ROOT, env=environ, capture_output=True
    )
    assert done.returncode == 0, done.stderr
    services: Services = make_services(load_settings(environ))
    services.db.write(lambda s: make_place(s, services))
    make_campaign(services)
    make_hotspot(services)
    draw(services)
    services.db.close()


class Served:
    """Gunicorn on one core, with one worker, as `make run` configures it."""

    def __init__(self, folder: Path, target: str, environ: dict[str, str], python_path: Path = ROOT) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = folder / f"{target.partition(':')[0]}.log"
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "gunicorn", "-c", str(ROOT / "gunicorn.conf.py"), target],
                cwd=ROOT,
                env=environ | {"BANGTIN_LISTEN": f"127.0.0.1:{self.port}", "PYTHONPATH": f"{python_path}:{ROOT}"},
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=lambda: os.sched_setaffinity(0, {SERVER_CORE}),
            )
        while not self.listens():
            assert self.process.poll() is None, self.log.read_text()
            time.sleep(0.1)

    def listens(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def get(self, path: str, host: str = "127.0.0.1") -> tuple[float, int, bytes]:
        """(seconds, status, head and body) over a connection of its own."""
        start = time.perf_counter()
        with socket.create_connection(("127.0.0.1", self.port), 60) as line:
            line.sendall("\r\n".join((f"GET {path} HTTP/1.1", f"Host: {host}", *HEADERS, "", "")).encode())
            told = b"".join(iter(lambda: line.recv(65536), b""))
        return time.perf_counter() - start, int(told.split(b" ", 2)[1]), told

    def page(self, path: str) -> str:
        """A page as a phone reads it."""
        return read(self.get(path)[2])

    def warm(self, path: str) -> bytes:
        """The answer that the server has settled on: with its campaign and its picture."""
        for _ in range(3):
            answer = self.get(path)[2]
            time.sleep(2.5)
        return answer.partition(b"\r\n\r\n")[2]

    def kill(self) -> None:
        """As a crash would end it: the worker, and whoever would start another."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(60)

    def stop(self) -> None:
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGTERM)
            self.process.wait(60)


def read(told: bytes) -> str:
    """The page in an answer."""
    return gzip.decompress(told.partition(b"\r\n\r\n")[2]).decode()


@dataclass(frozen=True)
class Wave:
    """So many phones, one every `pause_s`; each probes, sees the splash, accepts, and comes to the online page."""

    phones: int
    pause_s: float = 60.0 / 2_000

    def roll(self, served: Served) -> list[float]:
        """Seconds of each of the four answers to each phone, sorted. A wrong answer fails."""
        start = time.perf_counter()

        def come(number: int) -> list[float]:
            time.sleep(max(0.0, start + number * self.pause_s - time.perf_counter()))
            return walk(served, number)

        with ThreadPoolExecutor(50) as pool:
            return sorted(second for steps in pool.map(come, range(self.phones)) for second in steps)


def walk(served: Served, number: int) -> list[float]:
    """One phone's way on line."""
    probed, status, told = served.get("/generate_204", "connectivitycheck.gstatic.com")
    assert (status, b"/wifi/ST01" in told) == (302, True)
    seen, status, told = served.get(f"/wifi/ST01?{fas(hid=f'{number:064x}')}")
    assert status == 200
    found = re.search(r'name="visit" value="([^"]+)"', read(told))
    assert found
    accepted, status, told = served.get(f"/wifi/ST01/accept?visit={found[1]}")
    assert (status, f"Location: {BASE}/opennds_auth/" in told.decode()) == (302, True)
    through, status, _ = served.get(f"/wifi/ST01/online?visit={found[1]}")
    assert status == 200
    return [probed, seen, accepted, through]


def counted(environ: dict[str, str]) -> dict[str, int]:
    """What the ledger holds for the station."""
    return counts_of(Path(environ["BANGTIN_DATA_DIR"]) / "bangtin.db", "ST01")
