"""How air time is divided: weights within a level, levels one above the other, caps per hour.

Only the highest level present plays; what its caps leave free falls to the next one, in the end to the fallback.
Exact: whole numbers and fractions, never floats, so that every machine comes to the same division.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property, lru_cache
from hashlib import sha256
from itertools import accumulate
from math import gcd, lcm

from playlists.programme import LoopEntry
from playlists.zones import HOUR_MS

LAST_RESORT = 99
LEAST = Fraction(1, 400)  # of air time, for who is heard though caps above leave nothing over: he fills the gaps


@dataclass(frozen=True, slots=True)
class Card:
    """One play as it comes round in a placement's rotation."""

    creative_id: str
    language: str
    duration_ms: int


@dataclass(frozen=True, eq=False)
class Contender:
    """A placement as it stands in for air time on one spot: ``level`` 0 is the highest.

    What follows from the rest is worked out once: a contender stands in for hundreds of loops. It is known by
    identity, for it is looked up thousands of times a second; `contender_of` makes each but once.
    """

    placement_id: str
    campaign_id: str | None
    weight: int
    level: int
    cap: int | None
    deck: tuple[Card, ...]

    @cached_property
    def family(self) -> str:
        """Those that should not follow each other: of one campaign, else itself."""
        return self.campaign_id or self.placement_id

    @cached_property
    def longest_ms(self) -> int:
        """Its longest play."""
        return max(card.duration_ms for card in self.deck)

    @cached_property
    def even(self) -> bool:
        """Whether all its plays are of one length."""
        return all(card.duration_ms == self.longest_ms for card in self.deck)

    @cached_property
    def sums(self) -> tuple[int, ...]:
        """ms of the first 0, 1, 2 … plays, up to one round of the deck."""
        return tuple(accumulate((card.duration_ms for card in self.deck), initial=0))

    @cached_property
    def gap_ms(self) -> int:
        """The least time from start to start of its plays, so that no hour holds more than the cap."""
        return -(-HOUR_MS // self.cap) if self.cap else 0

    @cached_property
    def entries(self) -> tuple[LoopEntry, ...]:
        """The deck as entries of a loop."""
        return tuple(
            LoopEntry(self.placement_id, self.campaign_id, card.creative_id, card.language, card.duration_ms)
            for card in self.deck
        )

    @cached_property
    def mark(self) -> str:
        """Equal for those that show the same, whatever their weight: 16 hex digits."""
        return sha256(f"{self.placement_id} {self.campaign_id} {self.deck}".encode()).hexdigest()[:16]

    @cached_property
    def uncapped(self) -> Contender:
        """The same without a cap."""
        return contender_of(self.placement_id, self.campaign_id, self.weight, self.level, None, self.deck)

    def air(self, plays: int) -> int:
        """ms of the first ``plays`` plays."""
        rounds, rest = divmod(plays, len(self.deck))
        return rounds * self.sums[-1] + self.sums[rest]

    def ceiling(self, slack_ms: int) -> Fraction:
        """The part of air time that the cap leaves it, each play coming up to ``slack_ms`` later than it could."""
        return Fraction(self.sums[-1], len(self.deck) * (self.gap_ms + slack_ms)) if self.cap else Fraction(1)


@lru_cache(maxsize=16_384)
def contender_of(
    placement_id: str, campaign_id: str | None, weight: int, level: int, cap: int | None, deck: tuple[Card, ...]
) -> Contender:
    """The same object for the same facts: what was worked out for it outlives the world in which it was."""
    return Contender(placement_id, campaign_id, weight, level, cap, deck)


def heard(contenders: Sequence[Contender]) -> tuple[Contender, ...]:
    """Those who play: the highest level, and below it as long as caps may leave time free.

    Somebody without a cap is always among them, if there is one: at a moment when all others must wait, he plays.
    """
    chosen = list[Contender]()
    for level in sorted({one.level for one in contenders}):
        members = [one for one in contenders if one.level == level]
        chosen += members
        if not all(one.cap for one in members):
            break
    return tuple(chosen)


def divide(contenders: Sequence[Contender]) -> tuple[int, ...]:
    """Whole numbers in proportion to the air time that is due to each, in the order given."""
    if len({one.level for one in contenders}) == 1 and not any(one.cap for one in contenders):
        common = gcd(*(one.weight for one in contenders))
        return tuple(one.weight // common for one in contenders)
    room, due = Fraction(1), dict[str, Fraction]()
    slack = max((one.longest_ms for one in contenders), default=0)
    for level in sorted({one.level for one in contenders}):
        room -= _fill([one for one in contenders if one.level == level], max(room, LEAST), slack, due)
    scale = lcm(*(part.denominator for part in due.values()))
    return tuple(int(due[one.placement_id] * scale) for one in contenders)


def _fill(members: list[Contender], room: Fraction, slack: int, due: dict[str, Fraction]) -> Fraction:
    """Divides ``room`` among one level by weight; who meets a ceiling leaves the rest to the others."""
    left, waiting = room, members
    while waiting:
        total = sum(one.weight for one in waiting)
        held = [one for one in waiting if one.cap and one.ceiling(slack) < left * one.weight / total]
        if not held:
            due |= {one.placement_id: left * one.weight / total for one in waiting}
            return room
        for one in held:
            due[one.placement_id] = one.ceiling(slack)
            left -= due[one.placement_id]
        waiting = [one for one in waiting if one not in held]
    return room - left
