"""Counters shared by several web workers; with one worker there is nothing to share."""

import os
import shutil

from core.settings import Settings

FOLDER = "PROMETHEUS_MULTIPROC_DIR"


def prepare(settings: Settings) -> None:
    """Makes an empty folder for the workers' counters and names it in the environment that they inherit."""
    if settings.workers == 1:
        return
    folder = settings.data_dir / "metrics"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    os.environ[FOLDER] = str(folder)


def forget(pid: int) -> None:
    """Drops the gauges of a worker that has ended."""
    if FOLDER in os.environ:
        from prometheus_client.multiprocess import mark_process_dead

        mark_process_dead(pid)  # type: ignore[no-untyped-call]
