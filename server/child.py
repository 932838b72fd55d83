"""A process that is started again when it ends, after a while that grows while it keeps ending."""

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

HOUSE = Path(__file__).resolve().parent.parent
FIRST_PAUSE_S = 1.0
LONGEST_PAUSE_S = 30.0
WELL_AFTER_S = 60.0
PR_SET_PDEATHSIG = 1


class Child:
    """One supervised process. `mono` is a clock in seconds that never steps."""

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        mono: Callable[[], float],
        environ: Mapping[str, str] | None = None,
        descriptors: Sequence[int] = (),
    ) -> None:
        self.name = name
        self._command, self._mono = list(command), mono
        self._environ = os.environ | dict(environ or {})
        self._descriptors = tuple(descriptors)
        self._process: subprocess.Popen[bytes] | None = None
        self._started_at = 0.0
        self._start_after = 0.0
        self._pause_s = FIRST_PAUSE_S

    def keep(self) -> str | None:
        """Starts the process when it is time to; returns a line to show when it has ended by itself."""
        if self._process is not None and self._process.poll() is not None:
            return self._ended(self._process.returncode)
        if self._process is None and self._mono() >= self._start_after:
            self._start()
        return None

    def ask_to_stop(self) -> None:
        """SIGTERM, if it runs."""
        self._signal(signal.SIGTERM)

    def wait(self, patience_s: float) -> None:
        """Until it has ended; SIGKILL when patience does."""
        if self._process is None:
            return
        try:
            self._process.wait(timeout=max(0.0, patience_s))
        except subprocess.TimeoutExpired:
            self._signal(signal.SIGKILL)
            self._process.wait()

    def _start(self) -> None:
        self._started_at = self._mono()
        self._process = subprocess.Popen(
            self._command, cwd=HOUSE, env=self._environ, pass_fds=self._descriptors, preexec_fn=end_with_parent()
        )

    def _ended(self, status: int) -> str:
        if self._mono() - self._started_at > WELL_AFTER_S:
            self._pause_s = FIRST_PAUSE_S
        pause, self._pause_s = self._pause_s, min(self._pause_s * 2, LONGEST_PAUSE_S)
        self._process, self._start_after = None, self._mono() + pause
        return f"the {self.name} ended ({_how(status)}); it is started again in {pause:.0f} s"

    def _signal(self, number: signal.Signals) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(number)


def end_with_parent() -> Callable[[], None] | None:
    """For Popen's preexec_fn: the kernel ends the child when its parent is gone, however that came about."""
    if sys.platform != "linux":
        return None
    prctl = ctypes.CDLL(None).prctl
    return lambda: prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def _how(status: int) -> str:
    return f"killed by {signal.Signals(-status).name}" if status < 0 else f"status {status}"
