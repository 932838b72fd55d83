"""How long travellers and gateways wait while something is broken. Prints figures; judges nothing but the counts."""

import os
import re
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from base64 import b64encode
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import psycopg
import pytest
from sqlalchemy import text

from core.services import make_services
from core.settings import load_settings
from tests.portal.served import Served, environ_of, furnish, read
from tests.portal.station import fas, make_hotspot
from tests.portal.test_bench import met
from tests.support.engines import postgres, system_programs
from tests.support.live import ROOT

pytestmark = pytest.mark.bench
PHONES = 150
PAGE_MS, POLL_MS = 100, 20
QUEUE = "0" * 64
TOKEN = re.compile(r'name="visit" value="([^"]+)"')
AUTHMON = "auth_get=view&gatewayhash=" + QUEUE + "&payload=" + b64encode(b"none").decode()


@dataclass
class Times:
    """Milliseconds of each kind of answer."""

    splash: list[float] = field(default_factory=list)
    grant: list[float] = field(default_factory=list)
    authmon: list[float] = field(default_factory=list)
    ping: list[float] = field(default_factory=list)
    auth: list[float] = field(default_factory=list)

    def told(self, state: str) -> None:
        for name, limit in {
            "splash": PAGE_MS,
            "grant": PAGE_MS,
            **dict.fromkeys(("authmon", "ping", "auth"), POLL_MS),
        }.items():
            took = sorted(getattr(self, name))
            p99 = took[int(len(took) * 0.99)]
            print(
                f"{state}: {name} p50 {statistics.median(took):.1f} ms, p99 {p99:.1f} ms, "
                f"slowest {took[-1]:.1f} ms of {len(took)} (goal p99 below {limit}: {met(p99 < limit)})",
                flush=True,
            )


@pytest.fixture
def folder() -> Iterator[Path]:
    """Open to other users: PostgreSQL is nobody's, and pytest's own folders are root's."""
    with tempfile.TemporaryDirectory(prefix="bangtin-broken-") as made:
        yield Path(made)


class Station:
    """A real server with three gateways before it, and the phones that have gone through."""

    def __init__(self, folder: Path, **more: str) -> None:
        (folder / "data").mkdir(exist_ok=True)
        self.environ = environ_of(folder / "data") | more
        furnish(self.environ)
        services = make_services(load_settings(self.environ))
        make_hotspot(services, "W1", dialect="wifidog", grant_base="http://10.0.0.1:2060", settings={})
        make_hotspot(services, "L3", grant_base=None, settings={"level": 3, "faskey": "k"})
        services.db.close()
        self.served, self.phones = Served(folder, "wsgi:app", self.environ), 0
        self.served.warm(f"/wifi/ST01?{fas()}")

    def measure(self, state: str) -> None:
        """PHONES phones one after the other, each with the polls that its gateway makes meanwhile."""
        times = Times()
        for _ in range(PHONES):
            self.phones += 1
            self._one(times, self.phones)
        times.told(state)

    def _one(self, times: Times, number: int) -> None:
        token = self._page(times, number)
        times.grant.append(self._ms(f"/wifi/ST01/accept?visit={token}", 302))
        self._ms(f"/wifi/ST01/online?visit={token}", 200)
        times.authmon.append(self._ms(f"/wifi/L3?{AUTHMON}", 200))
        times.ping.append(self._ms("/wifidog/W1/ping/?gw_id=W1&sys_uptime=1", 200))
        times.auth.append(self._ms(f"/wifidog/W1/auth/?stage=counters&incoming=1&outgoing=1&token={token}", 200))

    def _page(self, times: Times, number: int) -> str:
        took, status, told = self.served.get(f"/wifi/ST01?{fas(hid=f'{number:064x}')}")
        times.splash.append(took * 1000)
        found = TOKEN.search(read(told))
        assert status == 200
        assert found
        return found[1]

    def _ms(self, path: str, wanted: int) -> float:
        took, status, told = self.served.get(path)
        assert status == wanted, told
        return took * 1000

    def exact(self, state: str) -> None:
        """Once all is well again, everything that was seen is in the ledger, once."""
        services = make_services(load_settings(self.environ))
        wanted = {"splash_view": self.phones + 1, "grant": self.phones}
        for _ in range(300):
            with services.db.read() as s:
                rows = s.execute(text("SELECT kind FROM visit_event WHERE hotspot = 'ST01'"))
                found = dict(Counter(row.kind for row in rows))
            if found == wanted:
                break
            time.sleep(0.2)
        services.db.close()
        assert found == wanted
        print(f"{state}: {found}, as many as came", flush=True)


@contextmanager
def station(folder: Path, **more: str) -> Iterator[Station]:
    made = Station(folder, **more)
    try:
        yield made
    finally:
        made.served.stop()


def test_without_a_job_process(folder: Path) -> None:
    with station(folder) as made:
        made.measure("job process never started")
        command = [sys.executable, "-m", "flask", "--app", "wsgi", "jobs"]
        jobs = subprocess.Popen(
            command, cwd=ROOT, env=made.environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        wait_for(lambda: b'"jobs":"ok"' in made.served.get("/readyz")[2])
        made.measure("all is well")
        jobs.send_signal(signal.SIGKILL)
        jobs.wait()
        made.measure("job process killed")
        made.exact("job process killed")


@pytest.mark.skipif(os.geteuid() != 0, reason="a disk of its own needs root")
def test_with_the_disk_full(folder: Path) -> None:
    (folder / "data").mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=48m", "tmpfs", folder / "data"], check=True)
    try:
        with station(folder) as made:
            filler = folder / "data" / "filler"
            subprocess.run(["dd", "if=/dev/zero", f"of={filler}", "bs=64k"], capture_output=True)
            assert shutil.disk_usage(folder / "data").free < 64 * 1024
            made.measure("disk full")
            filler.unlink()
            made.exact("disk full")
    finally:
        subprocess.run(["umount", folder / "data"], check=True)


@pytest.mark.skipif(system_programs() is None, reason="needs the system's PostgreSQL")
def test_with_the_database_down_and_hanging(folder: Path) -> None:
    with (
        tempfile.TemporaryDirectory(prefix="bangtin-pg-") as home,
        postgres(Path(home)) as server,
        server.bare_database() as url,
        station(folder, BANGTIN_DATABASE_URL=url) as made,
    ):
        made.measure("PostgreSQL, all is well")
        with stopped(Path(home)):
            made.measure("database hangs")
        made.exact("database hangs")
        with refused(url):
            made.measure("database down")
        made.exact("database down")


@contextmanager
def stopped(home: Path) -> Iterator[None]:
    """All of PostgreSQL's processes stand still: whoever asks waits."""
    main = psutil.Process(int((home / "pg" / "postmaster.pid").read_text().split()[0]))
    held = [main, *main.children(recursive=True)]
    for process in held:
        process.suspend()
    try:
        yield
    finally:
        for process in held:
            process.resume()


@contextmanager
def refused(url: str) -> Iterator[None]:
    """The database lets nobody in, and those who were in are sent away."""
    name = url.rpartition("/")[2]
    admin = psycopg.connect(url.replace("+psycopg", "").replace(f"/{name}", "/postgres"), autocommit=True)
    admin.execute(f'ALTER DATABASE "{name}" WITH ALLOW_CONNECTIONS false')
    admin.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (name,))
    try:
        yield
    finally:
        admin.execute(f'ALTER DATABASE "{name}" WITH ALLOW_CONNECTIONS true')
        admin.close()


def wait_for(condition: Callable[[], bool]) -> None:
    until = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < until, "it did not come about"
        time.sleep(0.1)
