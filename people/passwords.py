"""Passwords: which ones are accepted, and how they are kept (argon2id, RFC 9106)."""

import unicodedata
from functools import cache
from itertools import pairwise
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from core.threads import offload

SHORTEST, LONGEST = 12, 256
# Above the least that OWASP's password storage cheat sheet asks for; about 60 ms on a small server.
_HASHER = PasswordHasher(time_cost=3, memory_cost=32 * 1024, parallelism=1)
_COMMON = Path(__file__).with_name("common_passwords.txt")


def weakness(password: str, *, about: str = "") -> str | None:
    """Why this password is refused, or None. `about` is the account's address, which it must not contain."""
    text = _normal(password)
    if not SHORTEST <= len(text) <= LONGEST:
        return f"must have {SHORTEST} to {LONGEST} characters"
    plain = text.casefold()
    if plain in _common() or _is_pattern(plain):
        return "is one of the first that are tried; take something longer that only you would think of"
    name = about.split("@")[0].casefold()
    return "must not contain your e-mail name" if len(name) >= 4 and name in plain else None


def hash_password(password: str) -> str:
    """The hash to keep. Works in a native thread; at most two hash at once."""
    return offload(_HASHER.hash, _normal(password))


def verify_password(kept: str | None, password: str) -> bool:
    """Is this the password of the hash? For no hash it takes as long, and is False."""
    return offload(_verify, kept, _normal(password)[:LONGEST]) and kept is not None


def needs_rehash(kept: str) -> bool:
    """Was this hash made with other parameters than today's?"""
    return _HASHER.check_needs_rehash(kept)


def _verify(kept: str | None, password: str) -> bool:
    try:
        return _HASHER.verify(kept or _nobody(), password)
    except (VerificationError, InvalidHashError):
        return False


@cache
def _nobody() -> str:
    return _HASHER.hash("nobody's password")


@cache
def _common() -> frozenset[str]:
    return frozenset(_COMMON.read_text("utf-8").split())


def _is_pattern(text: str) -> bool:
    """A short piece repeated, or a run along the alphabet or the digits."""
    repeated = any(text == (text[:n] * len(text))[: len(text)] for n in range(1, 5))
    steps = {_step(a, b) for a, b in pairwise(text)}
    return repeated or steps in ({1}, {-1}, {9})


def _step(a: str, b: str) -> int:
    """From one character to the next; after 9 comes 0."""
    step = ord(b) - ord(a)
    return step % 10 if a.isdigit() and b.isdigit() else step


def _normal(password: str) -> str:
    return unicodedata.normalize("NFC", password)
