"""libresignage 0.9.0 (MIT), in an environment of its own, under the same kind of gunicorn as ours.

It is installed by the measurement that needs it and is no part of the product.
"""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from http.client import HTTPConnection
from pathlib import Path

from bench.rig import LOAD_CORE, SERVER_CORE, wait_for
from tests.support.ports import free_port

NAME = "libresignage 0.9.0"
WANTED = ("libresignage==0.9.0", "gunicorn==27.0.1", "gevent==26.9.0", "packaging")
APP = "libresignage:create_app(config_name='production')"
SEED = """
from libresignage import create_app
with create_app(config_name="production").app_context():
    from libresignage.dashboard.store import create_screen, get_screen_token
    print(get_screen_token(create_screen(name="Bench", slug="bench")))
"""
UPLOADERS = 16


@dataclass(frozen=True)
class Peer:
    """A running one, with one screen called ``bench``."""

    port: int
    token: str

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def upload(self, plays: int, seconds: float) -> float:
        """Plays a second from screens that send the next batch as soon as the last was acknowledged."""
        os.sched_setaffinity(0, {LOAD_CORE})
        began = time.monotonic()
        with ThreadPoolExecutor(UPLOADERS) as pool:
            taken = sum(pool.map(lambda _: self._press(plays, began + seconds), range(UPLOADERS)))
        return taken / (time.monotonic() - began)

    def _press(self, plays: int, until: float) -> int:
        taken = 0
        while time.monotonic() < until:
            taken += self._send([_event() for _ in range(plays)])
        return taken

    def _send(self, events: list[dict[str, object]]) -> int:
        line = HTTPConnection("127.0.0.1", self.port, timeout=60)
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json", "Connection": "close"}
        line.request("POST", "/dashboard/screens/bench/heartbeat", json.dumps({"playback_events": events}), headers)
        told = json.loads(line.getresponse().read())
        line.close()
        return len(told["acknowledged_playback_event_ids"])


def _event() -> dict[str, object]:
    now = datetime.now(UTC).isoformat()
    facts = {"content_item_id": 1, "revision": 1, "started_at": now, "ended_at": now, "outcome": "played"}
    return facts | {"event_id": str(uuid.uuid4())}


def installed() -> Path:
    """The interpreter of its environment, made at the first call and kept with other temporary files."""
    folder = Path(tempfile.gettempdir()) / "bangtin-bench-libresignage"
    python = folder / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
    subprocess.run([python, "-m", "pip", "install", "-q", "--disable-pip-version-check", *WANTED], check=True)
    return python


@contextmanager
def beside(folder: Path) -> Iterator[Peer]:
    """It, on the core of the server, its data below ``folder`` so that the disk is the same."""
    python, port, own = installed(), free_port(), folder / "peer"
    own.mkdir()
    environ = dict(os.environ) | {
        "LIBRESIGNAGE_SECRET_KEY": "known to the measurement alone",
        "LIBRESIGNAGE_DATABASE": str(own / "libresignage.sqlite"),
        "LIBRESIGNAGE_UPLOAD_FOLDER": str(own / "uploads"),
    }
    seeded = subprocess.run([python, "-c", SEED], env=environ, cwd=own, check=True, capture_output=True, text=True)
    command = [python, "-m", "gunicorn", "-k", "gevent", "-w", "1", "-b", f"127.0.0.1:{port}", APP]
    process = subprocess.Popen(
        ["taskset", "-c", str(SERVER_CORE), *command],
        cwd=own,
        env=environ,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        wait_for(port)
        yield Peer(port, seeded.stdout.split()[-1])
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(timeout=30)
