"""The shelf: files by the hash of their bytes. A file that stands on it is whole and never changes.

Public files are served to anybody who knows the hash; originals, as operators brought them, never are.
"""

from __future__ import annotations

import hashlib
import io
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol

from core.errors import StorageFull, TooLarge
from core.threads import offload

_YIELD_EVERY = 1 << 20
_READ = 1 << 20
EXTENSIONS = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/webp": "webp",
    "image/gif": "gif",
    "video/mp4": "mp4",
    "application/pdf": "pdf",
}
MIMES = {extension: mime for mime, extension in EXTENSIONS.items()}


@dataclass(frozen=True, slots=True)
class Stored:
    """A file on the shelf."""

    sha256: str
    bytes: int


class Shelf(Protocol):
    """Where files stand, by hash. Both kinds of shelf keep these promises."""

    def put(self, file: Path, sha256: str) -> None:
        """Takes over a closed temporary file, durably, before returning. The same hash again is no harm."""

    def has(self, sha256: str) -> bool: ...

    def size(self, sha256: str) -> int:
        """Bytes of the file; FileNotFoundError where there is none."""

    def open(self, sha256: str, start: int = 0) -> BinaryIO:
        """The file for reading from `start`; FileNotFoundError where there is none."""

    def remove(self, sha256: str) -> None: ...

    def hashes(self) -> Iterator[str]:
        """Every file that stands here."""

    def local(self, sha256: str) -> Path:
        """A path under which decoders can read the file."""


class FolderShelf:
    """A shelf in a folder: 256 subfolders, each file named by its hash."""

    def __init__(self, root: Path, mode: int = 0o600) -> None:
        """`mode`: the rights of its files; a front server that sends them itself must be able to read them."""
        self.root, self._mode = root, mode

    def path(self, sha256: str) -> Path:
        return self.root / sha256[:2] / sha256

    local = path

    def put(self, file: Path, sha256: str) -> None:
        target = self.path(sha256)
        target.parent.mkdir(parents=True, exist_ok=True)
        file.chmod(self._mode)
        file.replace(target)
        sync_folder(target.parent)

    def has(self, sha256: str) -> bool:
        return self.path(sha256).is_file()

    def size(self, sha256: str) -> int:
        return self.path(sha256).stat().st_size

    def open(self, sha256: str, start: int = 0) -> BinaryIO:
        file = self.path(sha256).open("rb", buffering=0)  # so that sendfile finds the position it was given
        file.seek(start)
        return file

    def remove(self, sha256: str) -> None:
        self.path(sha256).unlink(missing_ok=True)

    def hashes(self) -> Iterator[str]:
        for file in self.root.glob("??/*"):
            if len(file.name) == 64:
                yield file.name


def sync_folder(folder: Path) -> None:
    """Makes the names in a folder durable."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


class Draft:
    """A file on its way to a shelf: written piece by piece, hashed as it comes, gone if nobody adopts it."""

    def __init__(self, folder: Path, most_bytes: int | None = None) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=folder, prefix="draft-")
        self.path = Path(name)
        self.bytes = 0
        self._file: BinaryIO = os.fdopen(handle, "w+b")
        self._hash = hashlib.sha256()
        self._most = most_bytes
        self._since_yield = 0

    def write(self, piece: bytes) -> int:
        if self._most is not None and self.bytes + len(piece) > self._most:
            raise TooLarge(f"A file may have up to {self._most // 1_000_000} MB")
        try:
            self._file.write(piece)
        except OSError as error:
            raise StorageFull(f"The file could not be kept: {error.strerror}") from error
        self._hash.update(piece)
        self.bytes += len(piece)
        self._breathe(len(piece))
        return len(piece)

    def _breathe(self, written: int) -> None:
        """Lets other requests go on: a fast upload must not keep an event loop to itself."""
        self._since_yield += written
        if self._since_yield >= _YIELD_EVERY:
            self._since_yield = 0
            time.sleep(0)

    def read(self, size: int = -1) -> bytes:
        return self._file.read(size)

    def readline(self, size: int = -1) -> bytes:
        return self._file.readline(size)

    def seek(self, offset: int, whence: int = 0) -> int:
        return self._file.seek(offset, whence)

    @property
    def sha256(self) -> str:
        return self._hash.hexdigest()

    def close(self) -> None:
        """Makes the bytes durable and closes the file."""
        if self._file.closed:
            return
        self._file.flush()
        offload(os.fsync, self._file.fileno())
        self._file.close()

    def adopt(self, shelf: Shelf) -> Stored:
        """Puts the file on `shelf`."""
        self.close()
        shelf.put(self.path, self.sha256)
        return Stored(self.sha256, self.bytes)

    def discard(self) -> None:
        """Leaves nothing behind; no harm where the file has been adopted."""
        with suppress(OSError):
            self._file.close()
        self.path.unlink(missing_ok=True)


class Arrived(Draft):
    """A file that came in pieces and is whole, under a second name of its own: what becomes of that name leaves the
    first as it is, so that whoever is interrupted can begin again."""

    def __init__(self, file: Path, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.path = folder / f"draft-{os.urandom(8).hex()}"
        os.link(file, self.path)
        self.bytes = self.path.stat().st_size
        self._file = self.path.open("rb")
        self._digest = offload(_digest, self.path)

    @property
    def sha256(self) -> str:
        return self._digest


def _digest(file: Path) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def put_bytes(shelf: Shelf, content: bytes, folder: Path) -> Stored:
    """Puts `content` on `shelf` by way of `folder`, which must lie on the same file system."""
    draft = Draft(folder)
    try:
        draft.write(content)
        return draft.adopt(shelf)
    finally:
        draft.discard()


def put_file(shelf: Shelf, file: Path, folder: Path) -> Stored:
    """Copies `file` onto `shelf`."""
    draft = Draft(folder)
    try:
        with file.open("rb") as source:
            while piece := source.read(_READ):
                draft.write(piece)
        return draft.adopt(shelf)
    finally:
        draft.discard()


class Part:
    """An open file that ends after `length` bytes more.

    A server that can hand a file to the kernel asks for its number first, and then does not read it.
    """

    def __init__(self, file: BinaryIO, length: int) -> None:
        self._file, self._left = file, length
        self.close = file.close
        if not length:
            file.close()

    def fileno(self) -> int:
        """Of the file, which stands where the part begins. Raises UnsupportedOperation where the kernel has no file."""
        if self._file.closed:
            raise io.UnsupportedOperation("fileno")
        return self._file.fileno()

    def read(self, size: int = -1) -> bytes:
        """The next bytes; at the end the file closes itself, for servers that forget to."""
        wanted = self._left if size < 0 else min(size, self._left)
        piece = self._file.read(wanted) if wanted else b""
        self._left -= len(piece)
        if not self._left or not piece:
            self._file.close()
        return piece
