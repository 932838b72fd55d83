"""Manifests are signed, so that a hijacked network cannot put a picture on a public screen.

Screens are handed the public key when they are enrolled. A manifest names every picture by its hash, so its signature
covers what is shown.
"""

from core.security import Sealer
from core.signing import PLAYERS
from core.signing import Signer as Plain

MOST_KEPT = 10_000  # signatures, of some 300 bytes each in memory


class Signer(Plain):
    """Signs manifests and alerts, and remembers signatures of manifests."""

    def __init__(self, sealer: Sealer) -> None:
        super().__init__(sealer, PLAYERS)
        self._kept: dict[str, str] = {}

    def signature(self, etag: str, body: bytes) -> str:
        """The signature of the body of this ETag; signing costs more than building, so it is remembered."""
        kept = self._kept.get(etag)
        if kept is None:
            if len(self._kept) >= MOST_KEPT:
                self._kept.clear()
            kept = self._kept[etag] = self.sign(body)
        return kept
