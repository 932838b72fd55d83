"""Who is heard at the same time on a spot, and the mark by which one is told from another.

A mark is equal for those of whom the same is seen, and for no others. That costs the arithmetic of a loop, hence all
spots share them, and one publication leaves them to the next.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from playlists.loops import NONE_FRESH, fingerprint, turns
from playlists.shares import Contender


class Sight(NamedTuple):
    """What is seen of a voice, ``fresh`` ones having not played for as long as their cap asks.

    After ``turns`` turns all its decks begin with their first card again.
    """

    mark: bytes
    voice: Voice
    fresh: frozenset[str]
    turns: int


class Voice:
    """Who is heard at the same time: some contenders, or a takeover."""

    def __init__(self, contenders: tuple[Contender, ...], takeover_id: str | None = None) -> None:
        self.contenders, self.takeover_id = contenders, takeover_id
        self.capped = {one.placement_id: one.gap_ms for one in contenders if one.cap}
        self._sights: dict[frozenset[str], Sight] = {}

    def sight(self, fresh: frozenset[str] = NONE_FRESH) -> Sight:
        """What is seen of it."""
        found = self._sights.get(fresh)
        if found is None:
            mark = f"{self.takeover_id or ''} {fingerprint(self.contenders, fresh)};".encode()
            found = self._sights[fresh] = Sight(mark, self, fresh, self._turns(fresh))
        return found

    def _turns(self, fresh: frozenset[str]) -> int:
        return turns(self.contenders, fresh) if self.takeover_id is None else 1

    def fresh(self, start: int, ended: dict[str, int]) -> frozenset[str]:
        """Those whose cap lets them play at once: they have not been heard for as long as it asks.

        ``ended`` is when each was last heard, in ms since 1970; who is not in it never was.
        """
        return frozenset([name for name, gap in self.capped.items() if name not in ended or start - ended[name] >= gap])


@lru_cache(maxsize=16_384)
def voice_of(contenders: tuple[Contender, ...], takeover_id: str | None = None) -> Voice:
    """The voice of these, the same object whenever they are heard, also in the world after the next publication."""
    return Voice(contenders, takeover_id)
