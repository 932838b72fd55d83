"""How many plays each contender has in a loop, so that air time comes out as divided.

A loop that is too short cannot show small differences, one that is too long is slow to carry: the shortest one is
taken that is within one per cent of every share and shows every creative equally often; if there is none within the
limit, the best of those tried. Whole numbers only; this is what resolving spends most of its time on, hence the plain
loops.
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from playlists.shares import Contender

LIMIT = 400
GOOD = 10_000  # a share missed by this many millionths of itself is good enough
MILLION = 1_000_000
ROUNDS = 16
STEPS = 10
DAY_MS = 86_400_000


class Tally(NamedTuple):
    """Plays of each contender, in their order; and how well that does, best first: the smaller, the better.

    ``starved`` play not at all, ``beyond`` miss their share by more than one play, ``uneven`` end within a rotation;
    ``error`` is the largest miss in millionths of a share.
    """

    starved: int
    beyond: int
    uneven: int
    error: int
    length_ms: int
    plays: tuple[int, ...]

    @property
    def good(self) -> bool:
        return not (self.starved or self.beyond or self.uneven) and self.error <= GOOD


class Rotation(NamedTuple):
    """A contender's deck against its part of the air time: ``sums`` are ms of the first n plays, ``total`` of all."""

    part: int
    size: int
    total: int
    longest: int
    gap: int
    slack: int
    sums: tuple[int, ...]

    def most(self, loop: int) -> int:
        """The most plays a loop of that length can hold without breaking the cap, coming round and round."""
        free = loop - self.longest - self.gap
        return 0 if free < 0 else free // (self.gap + self.slack) + 1


def count(contenders: Sequence[Contender], shares: Sequence[int]) -> tuple[int, ...]:
    """The plays of each in the best loop of at most LIMIT entries; there are at most LIMIT contenders."""
    slack = max(one.longest_ms for one in contenders)
    rotations = [
        Rotation(part, len(one.deck), one.sums[-1], one.longest_ms, one.gap_ms, slack, one.sums)
        for one, part in zip(contenders, shares, strict=True)
    ]
    lengths, total = list(_lengths(rotations, sum(shares))), sum(shares)
    for loop in lengths:
        plays = _in_whole_rounds(rotations, total, loop)
        if plays is not None:
            return plays
    return _best(rotations, total, lengths).plays


def _in_whole_rounds(rotations: list[Rotation], total: int, loop: int) -> tuple[int, ...] | None:
    """The plays of a loop of about this length in which every rotation ends as it began, if it does well by all."""
    rounds = list[int]()
    length = 0
    for one in rotations:
        n = (2 * loop * one.part // total + one.total) // (2 * one.total) or 1
        if one.gap:
            n = min(n, one.most(loop) // one.size)
        if not n:
            return None
        rounds.append(n)
        length += n * one.total
    for (part, _, whole, longest, gap, _, _), n in zip(rotations, rounds, strict=True):
        due = part * length
        miss = abs(n * whole * total - due)
        if not gap and (miss * MILLION > GOOD * due or miss > longest * total):
            return None
    plays = tuple([n * one.size for n, one in zip(rounds, rotations, strict=True)])
    return plays if sum(plays) <= LIMIT else None


def _best(rotations: list[Rotation], total: int, lengths: list[int]) -> Tally:
    best: Tally | None = None
    for loop in lengths:
        tally = _tally(rotations, total, loop)
        if tally is not None and (best is None or tally < best):
            best = tally
            if tally.good:
                break
    return best or _judge(rotations, total, [0 if one.gap else 1 for one in rotations])


def _lengths(rotations: list[Rotation], total: int) -> Iterator[int]:
    """Loop lengths worth a try: whole rounds of the contender that needs most time for one, then finer steps."""
    whole = max(-(-one.total * total // one.part) for one in rotations)
    plays_a_day = sum(DAY_MS * one.part * one.size // (one.total * total) for one in rotations)
    longest = LIMIT * DAY_MS // max(1, plays_a_day)  # about as long as LIMIT entries last
    for rounds in range(1, min(max(1, longest // whole), ROUNDS) + 1):
        yield rounds * whole
    for step in range(1, STEPS + 1):
        yield longest * step // STEPS


def _tally(rotations: list[Rotation], total: int, loop: int) -> Tally | None:
    plays = _nearest(rotations, total, loop)
    if sum(plays) > LIMIT or not any(plays):
        return None
    found = _judge(rotations, total, plays)
    return found if not found.beyond else _mended(rotations, total, found)


def _nearest(rotations: list[Rotation], total: int, loop: int) -> list[int]:
    """The plays whose air time comes closest to what is due of a loop, at least one of each, within the caps."""
    found = list[int]()
    for one in rotations:
        part, size, whole, _, gap, _, sums = one
        rounds, rest = divmod(loop * part // total, whole)
        fewer = bisect_right(sums, rest) - 1
        plays = rounds * size + fewer + (2 * rest > sums[fewer] + sums[fewer + 1]) or 1
        found.append(min(plays, one.most(loop)) if gap else plays)
    return found


def _mended(rotations: list[Rotation], total: int, found: Tally) -> Tally | None:
    """Gives or takes a play where the loop, as long as it came out, misses a share: it may miss less then."""
    plays = [
        held + (wanted > held) - (wanted < held) if not one.gap else held
        for one, held, wanted in zip(rotations, found.plays, _nearest(rotations, total, found.length_ms), strict=True)
    ]
    return min(found, _judge(rotations, total, plays)) if sum(plays) <= LIMIT else found


def _judge(rotations: list[Rotation], total: int, plays: list[int]) -> Tally:
    airs = list[int]()
    uneven = 0
    for (_, size, whole, _, _, _, sums), n in zip(rotations, plays, strict=True):
        rounds, rest = divmod(n, size)
        uneven += rest != 0
        airs.append(rounds * whole + sums[rest])
    loop = sum(airs)
    beyond = error = 0
    for (part, _, _, longest, gap, _, _), air in zip(rotations, airs, strict=True):
        if not gap:
            miss = abs(air * total - part * loop)
            beyond += miss > longest * total
            error = max(error, miss * MILLION // (part * loop))
    return Tally(plays.count(0), beyond, uneven, error, loop, tuple(plays))
