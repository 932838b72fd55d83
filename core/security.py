"""Digests of secrets, and sealed texts that outsiders can neither read nor make.

Sealing is AES-256-GCM (NIST SP 800-38D) under keys derived by HKDF (RFC 5869), one for each purpose.
"""

import base64
import binascii
import hashlib
import hmac
import os
from datetime import datetime
from functools import lru_cache

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_NONCE_BYTES = 12


class BadSeal(Exception):
    """Not made here, or not for this purpose, or damaged."""


class ExpiredSeal(BadSeal):
    """Made here, and too old; ``payload`` is what it said."""

    def __init__(self, payload: dict[str, object]) -> None:
        super().__init__("expired")
        self.payload = payload


def digest(secret: str) -> str:
    """SHA-256 in hex. Enough for secrets of 128 random bits and more; never for passwords."""
    return hashlib.sha256(secret.encode()).hexdigest()


def same(a: str, b: str) -> bool:
    """Compares in constant time."""
    return hmac.compare_digest(a.encode(), b.encode())


class Sealer:
    """Seals small payloads into URL-safe text, each for one purpose."""

    def __init__(self, secret_key: str) -> None:
        self._secret = secret_key.encode()
        self._cipher = lru_cache(maxsize=64)(self._make_cipher)

    def seal(self, payload: object, purpose: str, ttl_s: float, now: datetime, *, step: int = 1) -> str:
        """Seals a JSON-able payload that can be opened until ``ttl_s`` seconds from ``now``.

        Filled up to a multiple of ``step`` bytes, so that the text's length tells less and there are few lengths.
        """
        plain = msgspec.json.encode((int(now.timestamp() + ttl_s), payload))
        return self._encrypt(plain.ljust(-(-len(plain) // step) * step), purpose)

    def open(self, token: str, purpose: str, now: datetime) -> dict[str, object]:
        """The payload. Raises ExpiredSeal or BadSeal."""
        until, payload = msgspec.json.decode(self._decrypt(token, purpose), type=tuple[int, dict[str, object]])
        if now.timestamp() > until:
            raise ExpiredSeal(payload)
        return payload

    def encrypt(self, text: str, purpose: str = "at-rest") -> str:
        """For secrets that must be kept and read again, such as a gateway's key."""
        return self._encrypt(text.encode(), purpose)

    def decrypt(self, token: str, purpose: str = "at-rest") -> str:
        """The text. Raises BadSeal."""
        return self._decrypt(token, purpose).decode()

    def key(self, purpose: str) -> bytes:
        """32 bytes of key material that belong to this purpose alone."""
        return HKDF(SHA256(), 32, salt=None, info=purpose.encode()).derive(self._secret)

    def _make_cipher(self, purpose: str) -> AESGCM:
        return AESGCM(self.key(purpose))

    def _encrypt(self, plain: bytes, purpose: str) -> str:
        nonce = os.urandom(_NONCE_BYTES)
        sealed = nonce + self._cipher(purpose).encrypt(nonce, plain, purpose.encode())
        return base64.urlsafe_b64encode(sealed).decode().rstrip("=")

    def _decrypt(self, token: str, purpose: str) -> bytes:
        try:
            raw = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
            return self._cipher(purpose).decrypt(raw[:_NONCE_BYTES], raw[_NONCE_BYTES:], purpose.encode())
        except (binascii.Error, ValueError, InvalidTag) as error:
            raise BadSeal("not sealed here for this purpose") from error
