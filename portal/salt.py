"""A random salt for each day, shared by the processes of one data folder and destroyed when the day is over.

What was derived with it can be joined within the day, and leads back to nobody once the salt is gone.
"""

from __future__ import annotations

import os
from contextlib import suppress
from datetime import datetime, timedelta, timezone
from pathlib import Path

BYTES = 32
_HERE = timezone(timedelta(hours=7))  # the days of the deployment's country; only the change at night matters


class DailySalt:
    """Today's salt: from a file in the data folder, or from memory alone where the folder cannot be written."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder / "salt"
        self._held: tuple[str, bytes] = ("", b"")

    def today(self, now: datetime) -> bytes:
        """The salt of the local day that `now` lies in; yesterday's is removed."""
        day = now.astimezone(_HERE).date().isoformat()
        if self._held[0] != day:
            self._held = (day, self._of(day))
        return self._held[1]

    def _of(self, day: str) -> bytes:
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._forget_others(day)
            return self._shared(self._folder / day)
        except OSError:
            return os.urandom(BYTES)

    def _shared(self, file: Path) -> bytes:
        """The first process to come makes the file whole before it gets its name; the others read it."""
        made = file.with_name(f".{file.name}.{os.getpid()}")
        made.write_bytes(os.urandom(BYTES))
        made.chmod(0o600)
        with suppress(FileExistsError):
            os.link(made, file)
        made.unlink()
        return file.read_bytes()

    def _forget_others(self, day: str) -> None:
        for old in self._folder.iterdir():
            if day not in old.name:
                old.unlink(missing_ok=True)
