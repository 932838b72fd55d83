"""Signatures and digests of what is frozen."""

from __future__ import annotations

import hashlib

from core.security import Sealer
from core.signing import REPORTS, is_signed
from core.signing import Signer as Plain

__all__ = ["Signer", "is_signed", "sha256"]


class Signer(Plain):
    """Signs reports and proof packs."""

    def __init__(self, sealer: Sealer) -> None:
        super().__init__(sealer, REPORTS)


def sha256(content: bytes) -> str:
    """The digest in hex."""
    return hashlib.sha256(content).hexdigest()
