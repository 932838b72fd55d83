"""Identifiers, short codes and secrets: all random, none can be guessed by counting."""

import base64
import os
import secrets

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_LENGTH = 8
_ID_BYTES = 10
_TO_CROCKFORD = bytes.maketrans(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", CROCKFORD.lower().encode())
_READ_AS = str.maketrans("OIL", "011")


def new_id(prefix: str) -> str:
    """An opaque id of 80 random bits, such as ``scr_1q9z0w6k3m8c5t2x``."""
    return f"{prefix}_{base64.b32encode(os.urandom(_ID_BYTES)).translate(_TO_CROCKFORD).decode()}"


def new_code(length: int = CODE_LENGTH) -> str:
    """A code of Crockford base32 characters (5 random bits each), upper case."""
    return "".join(CROCKFORD[byte & 31] for byte in os.urandom(length))  # 32 divides 256: every character is as likely


def parse_code(text: str, length: int = CODE_LENGTH) -> str | None:
    """The code a person or a camera meant: any case, O for 0, I and L for 1; None if it cannot be one."""
    code = text.strip().upper().translate(_READ_AS)
    return code if len(code) == length and all(c in CROCKFORD for c in code) else None


def new_secret() -> str:
    """A secret of 256 random bits, safe in URLs and headers."""
    return secrets.token_urlsafe(32)
