"""The whole product as ``make run`` starts it, on a data folder and a port of the test's own."""

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import suppress
from pathlib import Path

from tests.support.ports import free_port

ROOT = Path(__file__).resolve().parents[2]


class LiveServer:
    """Gunicorn and the job process under the supervisor. Use as a context, or start, kill and start again."""

    def __init__(self, data_dir: Path, *, demo: bool = False, port: int | None = None, **environ: str) -> None:
        self.port = port or free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.data_dir = data_dir
        self.log = data_dir.parent / f"{data_dir.name}.log"
        self.environ = os.environ | {
            "BANGTIN_BIND": f"127.0.0.1:{self.port}",
            "BANGTIN_PUBLIC_URL": self.url,
            "BANGTIN_DATA_DIR": str(data_dir),
            "BANGTIN_DEMO": "1" if demo else "0",
            **environ,
        }
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> "LiveServer":
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self, patience_s: float = 100) -> None:
        """Returns when /readyz answers 200. Raises AssertionError with the log otherwise."""
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "server.supervise"],
                cwd=ROOT,
                env=self.environ,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        give_up = time.monotonic() + patience_s
        while not self.ready():
            dead = self._process.poll() is not None
            if dead or time.monotonic() > give_up:
                self.stop()
                raise AssertionError(f"the server did not start:\n{self.log.read_text()[-4000:]}")
            time.sleep(0.1)

    def ready(self) -> bool:
        """Whether /readyz says 200 now."""
        try:
            with urllib.request.urlopen(f"{self.url}/readyz", timeout=5) as response:
                return bool(response.status == 200)
        except (urllib.error.URLError, OSError):
            return False

    @property
    def pid(self) -> int:
        """Of the supervisor; all else descends from it."""
        assert self._process is not None
        return self._process.pid

    def kill(self) -> None:
        """As a power cut would: SIGKILL to everything at once."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """As an administrator would: SIGTERM, and SIGKILL to what is left after a minute."""
        self._end(signal.SIGTERM)

    def flask(self, *words: str, stdin: str = "") -> str:
        """Runs ``flask --app wsgi …`` on the same data; returns its standard output."""
        command = [sys.executable, "-m", "flask", "--app", "wsgi", *words]
        done = subprocess.run(command, cwd=ROOT, env=self.environ, input=stdin, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def _end(self, how: signal.Signals) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        _signal_group(process.pid, how)
        with suppress(subprocess.TimeoutExpired):
            process.wait(timeout=60)
        _signal_group(process.pid, signal.SIGKILL)
        process.wait(timeout=10)


def _signal_group(group: int, how: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        os.killpg(group, how)
