"""Counters shared by several web workers; with one worker there is nothing to share.

The files are mapped into the workers' memory and have holes: on a disk that fills up, the first touch of a hole ends a
worker with SIGBUS. So they are kept in memory where the system has a place for that.
"""

import hashlib
import os
import shutil
from pathlib import Path

from core.settings import Settings

FOLDER = "PROMETHEUS_MULTIPROC_DIR"
MEMORY = Path("/dev/shm")


def prepare(settings: Settings) -> None:
    """Makes an empty folder for the workers' counters and names it in the environment that they inherit."""
    if settings.workers == 1:
        return
    folder = _folder(settings)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700, parents=True)
    os.environ[FOLDER] = str(folder)


def _folder(settings: Settings) -> Path:
    """The same at every start, so that one that was killed leaves nothing behind for good."""
    if not MEMORY.is_dir():
        return settings.data_dir / "metrics"
    return MEMORY / f"bangtin-{hashlib.sha256(bytes(settings.data_dir.resolve())).hexdigest()[:16]}"


def clear() -> None:
    """Removes the folder after the last worker."""
    if FOLDER in os.environ:
        shutil.rmtree(os.environ[FOLDER], ignore_errors=True)


def forget(pid: int) -> None:
    """Drops the gauges of a worker that has ended."""
    if FOLDER in os.environ:
        from prometheus_client.multiprocess import mark_process_dead

        mark_process_dead(pid)  # type: ignore[no-untyped-call]
