"""Identifiers, short codes and secrets: all random, none can be guessed by counting."""

import base64
import os
import secrets

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_LENGTH = 8
_ID_BYTES = 10
_TIME_BYTES, _REST_BYTES = 6, 9
_TO_CROCKFORD = bytes.maketrans(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", CROCKFORD.encode())
_READ_AS = str.maketrans("OIL", "011")


def new_id(prefix: str) -> str:
    """An opaque id of 80 random bits, such as ``scr_1q9z0w6k3m8c5t2x``."""
    return f"{prefix}_{_text_of(os.urandom(_ID_BYTES)).lower()}"


def new_id_at(prefix: str, at_ms: int) -> str:
    """An id of 72 random bits that stands behind those of earlier moments (ms since 1970).

    Rows whose key it is lie one after the other, so that a commit writes few pages.
    """
    return f"{prefix}_{_text_of(at_ms.to_bytes(_TIME_BYTES) + os.urandom(_REST_BYTES)).lower()}"


def _text_of(data: bytes) -> str:
    """Five bits a character; texts stand in the order of the bytes."""
    return base64.b32encode(data).translate(_TO_CROCKFORD).decode()


def new_code(length: int = CODE_LENGTH) -> str:
    """A code of Crockford base32 characters (5 random bits each), upper case."""
    return _text_of(os.urandom((5 * length + 7) // 8))[:length]


def parse_code(text: str, length: int = CODE_LENGTH) -> str | None:
    """The code a person or a camera meant: any case, O for 0, I and L for 1; None if it cannot be one."""
    code = text.strip().upper().translate(_READ_AS)
    return code if len(code) == length and not code.strip(CROCKFORD) else None  # nothing is left but strangers


def new_secret() -> str:
    """A secret of 256 random bits, safe in URLs and headers."""
    return secrets.token_urlsafe(32)
