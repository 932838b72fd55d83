"""An imitated disk: slow, or forgetful at a power cut. See disk.c."""

import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path

SOURCE = Path(__file__).with_name("disk.c")


@cache
def _library() -> str:
    """Compiled once in a run; the folder goes with the run's other temporary files."""
    made = Path(tempfile.mkdtemp(prefix="bangtin-disk-")) / "disk.so"
    command = ["cc", "-shared", "-fPIC", "-O2", "-o", str(made), str(SOURCE), "-ldl", "-lpthread"]
    subprocess.run(command, check=True)
    return str(made)


def slow(name: str, sync_ms: int) -> dict[str, str]:
    """The environment of processes for which a sync of files of this name takes so much longer."""
    return {"LD_PRELOAD": _library(), "DISK_NAME": name, "DISK_SYNC_MS": str(sync_ms)}


class Forgetful:
    """The database files of a folder on a disk that keeps only what was synced, and some of the rest."""

    def __init__(self, folder: Path, platter: Path, name: str = "bangtin.db") -> None:
        self.folder, self.platter, self.name = folder, platter, name
        platter.mkdir()
        self._copy(folder, platter)

    @property
    def environ(self) -> dict[str, str]:
        """For the processes that write there."""
        return {
            "LD_PRELOAD": _library(),
            "DISK_NAME": self.name,
            "DISK_PLATTER": str(self.platter),
            "DISK_LEAKS": "1",
        }

    def after_the_cut(self) -> None:
        """Nobody writes any more: the folder holds what the disk has kept."""
        for file in self.folder.glob(f"{self.name}*"):
            file.unlink()
        self._copy(self.platter, self.folder)

    def _copy(self, source: Path, target: Path) -> None:
        for file in source.glob(f"{self.name}*"):
            if not file.name.endswith("-shm"):
                shutil.copy(file, target / file.name)
