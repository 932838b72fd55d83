"""Manifests are signed, so that a hijacked network cannot put a picture on a public screen.

Ed25519 (RFC 8032) under a key derived from the installation's secret; screens are handed the public half when they
are enrolled. A manifest names every picture by its hash, so its signature covers what is shown.
"""

import base64

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from core.security import Sealer

PURPOSE = "manifest-signing"
MOST_KEPT = 10_000  # signatures, of some 300 bytes each in memory


class Signer:
    """Signs bodies; ``public`` is the raw key that checks them, in base64."""

    def __init__(self, sealer: Sealer) -> None:
        self._key = Ed25519PrivateKey.from_private_bytes(sealer.key(PURPOSE))
        self._kept: dict[str, str] = {}
        self.public = base64.b64encode(self._key.public_key().public_bytes_raw()).decode()

    def sign(self, body: bytes) -> str:
        """The signature of exactly these bytes, in base64."""
        return base64.b64encode(self._key.sign(body)).decode()

    def signature(self, etag: str, body: bytes) -> str:
        """The signature of the body of this ETag; signing costs more than building, so it is remembered."""
        kept = self._kept.get(etag)
        if kept is None:
            if len(self._kept) >= MOST_KEPT:
                self._kept.clear()
            kept = self._kept[etag] = self.sign(body)
        return kept
