"""A file that grows at its end: what has been acknowledged is durable, and its size is all there is to know of it.

Two who write at once (an old connection that nobody has noticed is dead, and the one that came after it) cannot mix
their bytes: each piece is appended only where its writer believes the end to be.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from werkzeug.exceptions import ClientDisconnected

from core.errors import BadRequest, Conflict, StorageFull, TooLarge
from core.threads import offload
from media.shelf import sync_folder
from media.tus import Checksum

PIECE = 1 << 18
SYNC_EVERY = 1 << 24
MOST_CHECKED = 1 << 27  # a piece with a checksum is kept apart until it is known to be right


def size(file: Path) -> int:
    """Bytes that are here; 0 before the first."""
    with suppress(FileNotFoundError):
        return file.stat().st_size
    return 0


def append(
    file: Path, stream: IO[bytes], at: int, whole: int, *, looked_at: Callable[[int, int], None] = lambda *_: None
) -> int:
    """Appends what `stream` brings from the offset `at` on, and returns the new offset once it is durable.

    `looked_at(before, after)` is told of every step and may refuse. Raises Conflict where the file does not end at
    `at`, TooLarge past `whole` bytes, BadRequest where the connection is cut and StorageFull: what came until then
    stays.
    """
    with _opened(file) as handle:
        _sync_name(file, at)
        try:
            for piece in _pieces(stream):
                _check_room(at + len(piece), whole)
                before, at = at, _append(handle, piece, at)
                looked_at(before, at)
                _breathe(handle, before, at)
        finally:
            offload(os.fdatasync, handle)
    return at


def append_checked(file: Path, stream: IO[bytes], at: int, whole: int, checksum: Checksum) -> int:
    """Appends one piece if it is what `checksum` says, else nothing. Raises Mismatch, and what `append` raises."""
    apart = file.with_name(f"{file.name}.{os.urandom(4).hex()}.piece")
    digest = hashlib.new(checksum.algorithm, usedforsecurity=False)
    try:
        with apart.open("w+b") as piece:
            for part in _pieces(stream):
                _check_room(at + piece.tell() + len(part), min(whole, at + MOST_CHECKED))
                digest.update(part)
                piece.write(part)
                time.sleep(0)
            checksum.verify(digest.digest())
            piece.seek(0)
            return append(file, piece, at, whole)
    except OSError as error:
        raise StorageFull(f"The piece could not be kept: {error.strerror}") from error
    finally:
        apart.unlink(missing_ok=True)


def _pieces(stream: IO[bytes]) -> Iterator[bytes]:
    try:
        while piece := stream.read(PIECE):
            yield piece
    except (ClientDisconnected, OSError):
        raise BadRequest("The connection was cut; ask how much has come, and go on from there") from None


def _check_room(at: int, whole: int) -> None:
    if at > whole:
        raise TooLarge(f"This is more than the {whole} bytes that fit here")


@contextmanager
def _opened(file: Path) -> Iterator[int]:
    file.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        yield handle
    finally:
        os.close(handle)


def _append(handle: int, piece: bytes, at: int) -> int:
    """Between the look and the write nobody else writes: the lock is held for that long and no longer."""
    fcntl.flock(handle, fcntl.LOCK_EX)
    try:
        there = os.fstat(handle).st_size
        if there != at:
            raise Conflict(f"The upload stands at {there}, not at {at}", offset=there)
        return at + _written(handle, piece)
    finally:
        fcntl.flock(handle, fcntl.LOCK_UN)


def _written(handle: int, piece: bytes) -> int:
    left = memoryview(piece)
    try:
        while left:
            left = left[os.write(handle, left) :]
    except OSError as error:
        raise StorageFull(f"The file could not be kept: {error.strerror}") from error
    return len(piece)


def _breathe(handle: int, before: int, at: int) -> None:
    """Others go on meanwhile, and the disk keeps up: a fast upload leaves no gigabyte to be written at its end."""
    if before // SYNC_EVERY != at // SYNC_EVERY:
        offload(os.fdatasync, handle)
    else:
        time.sleep(0)


def _sync_name(file: Path, at: int) -> None:
    if at == 0:
        offload(sync_folder, file.parent)
