"""Everything that one machine keeps, in one file: a tar that is unpacked into an empty data folder."""

import os
import tarfile
import tempfile
from contextlib import suppress
from pathlib import Path

from core.services import Services

NAME = "bangtin.db"
MEDIA = ("media/originals", "media/public")  # uploads that are under way are not yet anybody's


def back_up(services: Services, to: Path) -> int:
    """Writes the file and returns its size in bytes; what stood there before stays until the new one is whole.

    The server may run meanwhile. The database comes first: files never change and are there before a row names
    them, so that whatever the copy of the database names is among the files read after it.
    Raises LookupError where the database is PostgreSQL, which has its own way; OSError.
    """
    folder = services.settings.data_dir
    with tempfile.TemporaryDirectory(dir=to.parent, prefix=".backup-") as work:
        copy, draft = Path(work) / NAME, Path(work) / "all.tar"
        services.db.copy_to(copy)
        with tarfile.open(draft, "w") as tar:
            tar.add(copy, NAME)
            _add(tar, folder, folder / "secret.key")
            for part in MEDIA:
                for file in sorted((folder / part).rglob("*")):
                    _add(tar, folder, file)
        with draft.open("rb") as whole:
            os.fsync(whole.fileno())
        draft.chmod(0o600)  # it holds the secret key
        draft.replace(to)
    return to.stat().st_size


def _add(tar: tarfile.TarFile, folder: Path, file: Path) -> None:
    with suppress(FileNotFoundError):  # swept meanwhile: nothing names it any more
        tar.add(file, str(file.relative_to(folder)), recursive=False)
