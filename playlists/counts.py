"""How many plays each contender has in a loop, so that air time comes out as divided.

A loop that is too short cannot show small differences, one that is too long is slow to carry: the shortest one is
taken that is within half a per cent of every share and shows every creative equally often; if there is none within
the limit, the best.
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import NamedTuple

from playlists.shares import Contender

LIMIT = 400
GOOD = 5_000  # a share missed by this many millionths of itself is good enough
MILLION = 1_000_000
TRIES = 48


class Tally(NamedTuple):
    """Plays of each contender, in their order, and how well that does; smaller is better."""

    plays: tuple[int, ...]
    starved: int
    beyond: bool
    uneven: int
    error: int
    length_ms: int

    @property
    def score(self) -> tuple[int, bool, int, int, int]:
        return (self.starved, self.beyond, self.uneven, self.error, self.length_ms)

    @property
    def good(self) -> bool:
        return not self.starved and not self.beyond and not self.uneven and self.error <= GOOD


class Rotation:
    """A contender's deck, as the air time of its first n plays."""

    def __init__(self, contender: Contender, slack_ms: int) -> None:
        self.contender, self.slack_ms = contender, slack_ms
        self.sums = [0, *accumulate(card.duration_ms for card in contender.deck)]
        self.size, self.total = len(contender.deck), self.sums[-1]
        self.longest = contender.longest_ms

    def air(self, plays: int) -> int:
        """ms of the first ``plays`` plays."""
        rounds, rest = divmod(plays, self.size)
        return rounds * self.total + self.sums[rest]

    def nearest(self, due: int, loop: int) -> int:
        """The number of plays whose air time comes closest to ``due``, at least one, within the cap."""
        rounds, rest = divmod(due, self.total)
        fewer = bisect_right(self.sums, rest) - 1
        more = rest - self.sums[fewer] > self.sums[min(fewer + 1, self.size)] - rest
        plays = max(1, rounds * self.size + fewer + more)
        return min(plays, self.most(loop))

    def most(self, loop: int) -> int:
        """The most plays a loop of that length can hold without breaking the cap, coming round and round."""
        gap = self.contender.gap_ms
        if not gap:
            return LIMIT
        free = loop - self.longest - gap
        return 0 if free < 0 else free // (gap + self.slack_ms) + 1


def count(contenders: Sequence[Contender], shares: Sequence[int]) -> Tally:
    """The plays of each in the best loop of at most LIMIT entries; there are at most LIMIT contenders."""
    slack = max(one.longest_ms for one in contenders)
    rotations = [Rotation(one, slack) for one in contenders]
    best: Tally | None = None
    for loop in _lengths(rotations, shares):
        tally = _tally(rotations, shares, loop)
        if tally is None:
            continue
        if best is None or tally.score < best.score:
            best = tally
        if tally.good:
            break
    return best or _one_each(rotations, shares)


def _lengths(rotations: list[Rotation], shares: Sequence[int]) -> Iterator[int]:
    """Loop lengths worth a try: whole rounds of the contender that needs most time for one, then finer steps."""
    total = sum(shares)
    whole = max(one.total * total // part for one, part in zip(rotations, shares, strict=True))
    longest = _longest(rotations, shares)
    rounds = max(1, longest // whole)
    for k in range(1, min(rounds, TRIES) + 1):
        yield k * whole
    for k in range(1, TRIES + 1):
        yield longest * k // TRIES


def _longest(rotations: list[Rotation], shares: Sequence[int]) -> int:
    """About as long as LIMIT entries last, in ms."""
    total = sum(shares)
    plays_a_day = sum(
        86_400_000 * part * one.size // (one.total * total) for one, part in zip(rotations, shares, strict=True)
    )
    return LIMIT * 86_400_000 // max(1, plays_a_day)


def _tally(rotations: list[Rotation], shares: Sequence[int], loop: int) -> Tally | None:
    total = sum(shares)
    plays = [one.nearest(loop * part // total, loop) for one, part in zip(rotations, shares, strict=True)]
    for _ in range(3):
        if not _mend(rotations, shares, plays):
            break
    if sum(plays) > LIMIT or not any(plays):
        return None
    return _judge(rotations, shares, plays)


def _mend(rotations: list[Rotation], shares: Sequence[int], plays: list[int]) -> bool:
    """Gives or takes one play where the loop as it came out misses a share by more than half a play."""
    total, loop = sum(shares), sum(one.air(n) for one, n in zip(rotations, plays, strict=True))
    changed = False
    for i, one in enumerate(rotations):
        if one.contender.cap:
            continue
        wanted = one.nearest(loop * shares[i] // total, loop)
        if wanted != plays[i]:
            plays[i] += 1 if wanted > plays[i] else -1
            changed = True
    return changed


def _judge(rotations: list[Rotation], shares: Sequence[int], plays: list[int]) -> Tally:
    total, airs = sum(shares), [one.air(n) for one, n in zip(rotations, plays, strict=True)]
    loop = sum(airs)
    misses = [abs(air * total - part * loop) for air, part in zip(airs, shares, strict=True)]
    free = [i for i, one in enumerate(rotations) if not one.contender.cap]
    return Tally(
        tuple(plays),
        starved=sum(n == 0 for n in plays),
        beyond=any(misses[i] > rotations[i].longest * total for i in free),
        uneven=sum(n % one.size != 0 for one, n in zip(rotations, plays, strict=True)),
        error=max((misses[i] * MILLION // (shares[i] * loop) for i in free), default=0),
        length_ms=loop,
    )


def _one_each(rotations: list[Rotation], shares: Sequence[int]) -> Tally:
    return _judge(rotations, shares, [0 if one.contender.cap else 1 for one in rotations])
