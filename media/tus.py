"""The words of the tus resumable upload protocol 1.0.0 (https://tus.io/protocols/resumable-upload), read and written.

Nothing here knows of files or of the web framework: headers come as text and leave as text.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime

from core.errors import BadRequest, Invalid, Problem, WrongType

VERSION = "1.0.0"
EXTENSIONS = ("creation", "expiration", "checksum", "termination")
ALGORITHMS = ("sha256", "sha1", "md5")
PIECE_TYPE = "application/offset+octet-stream"
MOST_TOLD = 4096  # characters of Upload-Metadata that are kept


class OtherVersion(Problem):
    """The asker speaks another version of the protocol, or none."""

    status, slug, title = 412, "tus-version", "This version of the tus protocol is not spoken here"


class Mismatch(Problem):
    """The piece is not what its checksum says; nothing of it has been kept."""

    status, slug, title = 460, "checksum-mismatch", "The piece has changed on its way"


@dataclass(frozen=True, slots=True)
class Checksum:
    """What the digest of a piece must be."""

    algorithm: str
    digest: bytes

    def verify(self, found: bytes) -> None:
        """Raises Mismatch."""
        if found != self.digest:
            raise Mismatch(f"Its {self.algorithm} differs from the one that was sent; send it again")


@dataclass(frozen=True, slots=True)
class Wish:
    """An upload as it was asked for: bytes in all, and what was told of the file."""

    length: int
    told: str
    facts: Mapping[str, str]

    @property
    def name(self) -> str:
        return self.facts.get("filename") or self.facts.get("name", "")


def check_version(header: str | None) -> None:
    """Raises OtherVersion."""
    if header != VERSION:
        raise OtherVersion(f"Send the header Tus-Resumable: {VERSION}")


def number(header: str | None, name: str) -> int:
    """A header that counts bytes. Raises BadRequest."""
    if header is None or not header.isascii() or not header.isdigit() or len(header) > 15:
        raise BadRequest(f"Send {name}: a number of bytes")
    return int(header)


def wish(length: str | None, told: str | None) -> Wish:
    """From Upload-Length and Upload-Metadata. Raises BadRequest or Invalid."""
    found = number(length, "Upload-Length")
    if not found:
        raise Invalid("The file is empty")
    return Wish(found, told or "", metadata(told or ""))


def metadata(header: str) -> dict[str, str]:
    """Upload-Metadata: pairs of a key and a value in base64, between commas. Raises BadRequest."""
    if len(header) > MOST_TOLD:
        raise BadRequest(f"Upload-Metadata may have {MOST_TOLD} characters")
    pairs = [part.split() for part in header.split(",") if part.strip()]
    if any(len(pair) not in (1, 2) for pair in pairs) or len({pair[0] for pair in pairs}) != len(pairs):
        raise BadRequest("Upload-Metadata must be pairs of a key and a value in base64, each key once")
    return {pair[0]: _plain(pair[1]) if len(pair) == 2 else "" for pair in pairs}


def _plain(value: str) -> str:
    try:
        return base64.b64decode(value, validate=True).decode()
    except (binascii.Error, ValueError):
        raise BadRequest("Upload-Metadata holds a value that is not text in base64") from None


def checksum(header: str | None) -> Checksum | None:
    """Upload-Checksum: an algorithm and the digest in base64. Raises BadRequest."""
    if header is None:
        return None
    algorithm, _, digest = header.strip().partition(" ")
    if algorithm not in ALGORITHMS:
        raise BadRequest(f"Upload-Checksum must be of one of {', '.join(ALGORITHMS)}")
    try:
        found = base64.b64decode(digest, validate=True)
    except (binascii.Error, ValueError):
        found = b""
    if len(found) != hashlib.new(algorithm, usedforsecurity=False).digest_size:
        raise BadRequest(f"Upload-Checksum must hold a whole {algorithm} in base64")
    return Checksum(algorithm, found)


def check_type(mimetype: str) -> None:
    """Raises WrongType for a piece that is not declared as one."""
    if mimetype != PIECE_TYPE:
        raise WrongType(f"Send the piece as {PIECE_TYPE}")


def abilities(most_bytes: int) -> dict[str, str]:
    """What the server can do, as headers."""
    return {
        "Tus-Version": VERSION,
        "Tus-Extension": ",".join(EXTENSIONS),
        "Tus-Max-Size": str(most_bytes),
        "Tus-Checksum-Algorithm": ",".join(ALGORITHMS),
    }


def state(*, offset: int, length: int, told: str, expires_at: datetime) -> dict[str, str]:
    """Where an upload stands, as headers."""
    said = {"Upload-Metadata": told} if told else {}
    expires = format_datetime(expires_at, usegmt=True)
    return {"Upload-Offset": str(offset), "Upload-Length": str(length), "Upload-Expires": expires, **said}
