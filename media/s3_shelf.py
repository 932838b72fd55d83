"""A shelf in an S3-compatible store: the same promises as a folder, kept by the store."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, cast
from urllib.parse import parse_qs, urlsplit

from core.errors import Busy
from core.later import later
from core.threads import offload

if TYPE_CHECKING:
    import obstore
    from obstore import exceptions, store
else:  # most installations keep their media in a folder
    obstore, exceptions, store = (later(name) for name in ("obstore", "obstore.exceptions", "obstore.store"))

_CHUNK = 1 << 20


def connect(url: str, prefix: str) -> store.S3Store:
    """The store of `s3://bucket?endpoint=…&region=…`; the keys come from AWS_ACCESS_KEY_ID and
    AWS_SECRET_ACCESS_KEY. A store that hangs is given up after seconds, not minutes."""
    parts = urlsplit(url)
    options = {name: values[0] for name, values in parse_qs(parts.query).items()}
    endpoint = options.get("endpoint")
    return store.S3Store(
        parts.netloc,
        prefix=prefix,
        endpoint=endpoint,
        region=options.get("region", "us-east-1"),
        virtual_hosted_style_request=False,
        client_options={
            "timeout": "20s",
            "connect_timeout": "2s",
            "allow_http": bool(endpoint and endpoint.startswith("http://")),
        },
        retry_config={"max_retries": 2},
    )


class S3Shelf:
    """Files named by their hash below a prefix. `cache` holds local copies for decoders."""

    def __init__(self, bucket: store.S3Store, cache: Path) -> None:
        self._store, self._cache = bucket, cache

    def put(self, file: Path, sha256: str) -> None:
        """The store answers when the object is durable; only then is the temporary file given up."""
        try:
            offload(obstore.put, self._store, _key(sha256), file)
        except exceptions.BaseError as error:
            raise Busy("The media store does not take files at this moment") from error
        file.unlink(missing_ok=True)

    def has(self, sha256: str) -> bool:
        try:
            self.size(sha256)
        except FileNotFoundError:
            return False
        return True

    def size(self, sha256: str) -> int:
        try:
            return int(offload(obstore.head, self._store, _key(sha256))["size"])
        except FileNotFoundError:
            raise
        except exceptions.BaseError as error:
            raise Busy("The media store does not answer") from error

    def open(self, sha256: str, start: int = 0) -> BinaryIO:
        reader = _Reader(self._store, _key(sha256), self.size(sha256))
        reader.seek(start)
        return cast(BinaryIO, reader)

    def remove(self, sha256: str) -> None:
        obstore.delete(self._store, _key(sha256))
        (self._cache / sha256).unlink(missing_ok=True)

    def hashes(self) -> Iterator[str]:
        for page in obstore.list(self._store):
            for found in page:
                name = found["path"].rpartition("/")[2]
                if len(name) == 64:
                    yield name

    def local(self, sha256: str) -> Path:
        """A copy on this machine, fetched once."""
        copy = self._cache / sha256
        if not copy.exists():
            self._cache.mkdir(parents=True, exist_ok=True)
            partial = copy.with_suffix(".part")
            with self.open(sha256) as source, partial.open("wb") as target:
                while piece := source.read(_CHUNK):
                    target.write(piece)
            partial.replace(copy)
        return copy


def _key(sha256: str) -> str:
    return f"{sha256[:2]}/{sha256}"


class _Reader(io.RawIOBase):
    """An object read in pieces, each fetched off the event loop."""

    def __init__(self, bucket: store.S3Store, key: str, size: int) -> None:
        self._store, self._key, self._size, self._at = bucket, key, size, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        self._at = max(0, base + offset)
        return self._at

    def read(self, size: int = -1) -> bytes:
        left = max(0, self._size - self._at)
        wanted = left if size < 0 else min(size, left)
        if not wanted:
            return b""
        piece = bytes(offload(obstore.get_range, self._store, self._key, start=self._at, length=wanted))
        self._at += len(piece)
        return piece

    def readall(self) -> bytes:
        return self.read()

    def readinto(self, buffer: object) -> int:
        view = memoryview(buffer).cast("B")  # type: ignore[arg-type]
        piece = self.read(len(view))
        view[: len(piece)] = piece
        return len(piece)
