"""Compressed pages into which a visit is put without compressing anything.

What stands before a visit's first place is one deflate stream, the visit follows as it is (a stored block), and what
comes after was compressed once, against any visit of that length: where the visit stands again, it is a reference back
to its first place, whatever it holds (RFC 1951, sections 3.2.3 and 3.2.4; the member around it is RFC 1952's).
"""

from __future__ import annotations

import hashlib
import struct
import zlib
from dataclasses import dataclass
from functools import reduce
from operator import xor

WINDOW = 32_768
_IN_NO_PAGE = bytes(14 + byte % 18 for byte in range(256))  # control characters
_GZIP_HEAD = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff"


@dataclass(frozen=True, slots=True)
class Mould:
    """A page's gzip member without the visit: up to its first place, and from there to the end.

    `check` turns a visit's own checksum into its part of the page's: CRC-32 is linear, so what a visit changes
    in it is the sum over its places of its own, moved on by what follows each.
    """

    before: bytes
    after: bytes
    size: int
    bare: int  # the checksums of the page and of the visit, with zeros in the visit's places
    blank: int
    check: tuple[tuple[int, ...], ...]

    def cast(self, token: bytes) -> bytes:
        """The member with a visit in it."""
        crc, own = self.bare, zlib.crc32(token) ^ self.blank
        for place, table in enumerate(self.check):
            crc ^= table[own >> 4 * place & 15]
        stored = struct.pack("<BHH", 0, len(token), len(token) ^ 0xFFFF)
        return b"".join((self.before, stored, token, self.after, struct.pack("<II", crc, self.size)))


def mould(parts: tuple[bytes, ...], length: int) -> Mould | None:
    """The mould of a page for visits of this length; None where none can be made that fits every visit."""
    if len(parts) < 2 or not length:
        return None
    after, again = (_after(parts, _stand_in(length, number)) for number in (1, 2))
    if after != again:  # a visit's own letters have gone into the stream
        return None
    blank = bytes(length)
    bare = blank.join(parts)
    head = zlib.compressobj(9, zlib.DEFLATED, -15)
    before = _GZIP_HEAD + head.compress(parts[0]) + head.flush(zlib.Z_SYNC_FLUSH)
    return Mould(before, after, len(bare), zlib.crc32(bare), zlib.crc32(blank), _check(parts, length))


def _check(parts: tuple[bytes, ...], length: int) -> tuple[tuple[int, ...], ...]:
    """For each four bits of a visit's checksum, what they change in the page's."""
    behind = [len(part) for part in parts[1:]]
    zeros = [bytes(sum(behind[place:]) + length * (len(behind) - place - 1)) for place in range(len(behind))]

    def moved(own: int) -> int:
        return reduce(xor, (zlib.crc32(run, own) ^ zlib.crc32(run) for run in zeros))

    bits = [moved(1 << bit) for bit in range(32)]
    return tuple(
        tuple(reduce(xor, (bits[first + bit] for bit in range(4) if four >> bit & 1), 0) for four in range(16))
        for first in range(0, 32, 4)
    )


def _after(parts: tuple[bytes, ...], token: bytes) -> bytes:
    known = (parts[0] + token)[-WINDOW:]
    squeeze = zlib.compressobj(9, zlib.DEFLATED, -15, zdict=known)
    return squeeze.compress(token.join(parts[1:])) + squeeze.flush()


def _stand_in(length: int, number: int) -> bytes:
    """In the place of a visit of that length: of letters that stand in no page, so that nothing else refers to it."""
    told = b"".join(hashlib.sha512(b"%d %d" % (number, block)).digest() for block in range(length // 64 + 1))
    return told.translate(_IN_NO_PAGE)[:length]
