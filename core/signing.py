"""Signatures: Ed25519 (RFC 8032) under keys that follow from the installation's secret, one for each purpose."""

import base64

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from core.security import Sealer

PLAYERS = "manifest-signing"  # manifests, and alerts of screens and wifi: GET /api/v1/alerts/key names its public half
REPORTS = "reports.signature"


class Signer:
    """Signs under the key of one purpose; ``public`` is the raw key that checks it, 32 bytes in base64."""

    def __init__(self, sealer: Sealer, purpose: str) -> None:
        self._key = Ed25519PrivateKey.from_private_bytes(sealer.key(purpose))
        self.public = base64.b64encode(self._key.public_key().public_bytes_raw()).decode()

    def sign(self, content: bytes) -> str:
        """The signature of exactly these bytes, 64 bytes in base64."""
        return base64.b64encode(self._key.sign(content)).decode()


def is_signed(content: bytes, signature: str, public: str) -> bool:
    """Whether the holder of that public key signed exactly this."""
    try:
        key = Ed25519PublicKey.from_public_bytes(base64.b64decode(public, validate=True))
        key.verify(base64.b64decode(signature, validate=True), content)
    except (InvalidSignature, ValueError):
        return False
    return True
