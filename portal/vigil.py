"""Whether a process ended with views that it had seen and not written: a mark in a file that it holds while it lives.

The mark is the moment of the first view that is not written yet, or nothing. It outlives the process, not a power cut.
The next process to start finds the marks of those that are gone; a process that ended in peace has left none.
"""

from __future__ import annotations

import fcntl
import os
import weakref
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from core.ids import new_id

_WIDTH = 20  # bytes of a mark: a later one covers the whole of an earlier one
_IN_PEACE = b"-".ljust(_WIDTH)


class Vigil:
    """The mark of one process, and those that others left. A folder that cannot be written costs the mark alone."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._fd: int | None = None
        with suppress(OSError):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._fd = os.open(folder / new_id("vgl"), os.O_CREAT | os.O_RDWR, 0o600)
            weakref.finalize(self, os.close, self._fd)
            fcntl.flock(self._fd, fcntl.LOCK_EX)
            self.rest()

    def hold(self, moment: datetime) -> None:
        """From this moment on something is not written."""
        self._mark(str(int(moment.timestamp() * 1000)).encode().ljust(_WIDTH))

    def rest(self) -> None:
        """Everything is written."""
        self._mark(_IN_PEACE)

    def left_behind(self) -> list[datetime]:
        """Since when each process that is gone had something unwritten; each is told of once."""
        with suppress(OSError):
            return [moment for file in sorted(self._folder.iterdir()) for moment in _taken(file)]
        return []

    def _mark(self, mark: bytes) -> None:
        if self._fd is not None:
            with suppress(OSError):
                os.pwrite(self._fd, mark, 0)


def _taken(file: Path) -> Iterator[datetime]:
    """The moment in a file whose process is gone; the file goes as well. One that is being made has no mark yet."""
    with suppress(OSError), file.open("rb") as held:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)  # raises where its process lives
        mark = held.read(_WIDTH).strip()
        if mark:
            file.unlink(missing_ok=True)
        if mark.isdigit():
            yield datetime.fromtimestamp(int(mark) / 1000, UTC)
