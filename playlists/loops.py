"""A loop: who plays, how often, in which order.

The order spreads each contender's plays evenly over the loop, keeps two plays of one campaign apart wherever anything
else may come between (also where the loop wraps round), and keeps capped plays their gap apart.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache
from hashlib import sha256
from typing import NamedTuple

from playlists.counts import LIMIT, Rotation, count
from playlists.programme import CreativeFacts, LoopEntry
from playlists.shares import Card, Contender, divide, heard


class Shortfall(NamedTuple):
    """What a loop could not give a placement: ``left_out``, ``share`` (missed by more than a play) or ``rotation``."""

    placement_id: str
    reason: str


class Loop(NamedTuple):
    """What plays in a segment, with what is due to each placement (millionths of air time) and what falls short."""

    entries: tuple[LoopEntry, ...]
    due: tuple[tuple[str, int], ...]
    short: tuple[Shortfall, ...]

    @property
    def length_ms(self) -> int:
        return sum(entry.duration_ms for entry in self.entries)


def deck(creatives: Sequence[CreativeFacts], languages: Sequence[str]) -> tuple[Card, ...]:
    """A rotation in which every creative comes equally often, each through the spot's languages in turn."""
    turns = len(languages) or 1
    cards = [
        Card(one.id, spoken(one, languages, turn + place), one.duration_ms)
        for turn in range(turns)
        for place, one in enumerate(creatives)
    ]
    size = len(creatives)
    while size < len(cards) and (len(cards) % size or cards != cards[:size] * (len(cards) // size)):
        size += len(creatives)
    return tuple(cards[:size])


def spoken(creative: CreativeFacts, languages: Sequence[str], turn: int) -> str:
    """The language of this turn if the creative has it, else the next in the spot's order, else its own first."""
    for step in range(len(languages)):
        language = languages[(turn + step) % len(languages)]
        if language in creative.languages:
            return language
    return creative.languages[0] if creative.languages else ""


class Weighed(NamedTuple):
    """Who is heard, what is due to each, and how many plays that makes: all that decides on a loop but caps."""

    playing: tuple[Contender, ...]
    shares: tuple[int, ...]
    plays: tuple[int, ...]


@lru_cache(maxsize=8192)
def weigh(contenders: tuple[Contender, ...]) -> Weighed:
    """Weighs contenders that are sorted by placement id."""
    playing = sorted(heard(contenders), key=lambda one: (-one.weight, one.placement_id))[:LIMIT]
    playing.sort(key=lambda one: one.placement_id)
    shares = divide(playing)
    return Weighed(tuple(playing), shares, count(playing, shares).plays)


@lru_cache(maxsize=4096)
def build(contenders: tuple[Contender, ...], fresh: frozenset[str] = frozenset()) -> Loop:
    """The loop of these contenders, sorted by placement id; ``fresh`` ones have not played in the hour before."""
    playing, shares, plays = weigh(contenders)
    entries = arrange(playing, plays, fresh)
    total = sum(shares)
    by_id = {one.placement_id: part for one, part in zip(playing, shares, strict=True)}
    due = tuple((name, part * 1_000_000 // total) for name, part in by_id.items())
    return Loop(entries, due, tuple(_shortfalls(heard(contenders), entries, by_id)))


def fingerprint(contenders: tuple[Contender, ...], fresh: frozenset[str] = frozenset()) -> str:
    """Equal for equal loops and for no others, and cheaper than a loop: the order follows from the numbers of plays.

    Where a cap has a say in the order, the loop itself is taken.
    """
    if any(one.cap for one in contenders):
        facts = repr(build(contenders, fresh).entries)
    else:
        playing, _, plays = weigh(contenders)
        facts = repr([(one.placement_id, one.campaign_id, one.deck, n) for one, n in zip(playing, plays, strict=True)])
    return sha256(facts.encode()).hexdigest()[:16]


def _shortfalls(
    wanted: Sequence[Contender], entries: tuple[LoopEntry, ...], shares: dict[str, int]
) -> Iterator[Shortfall]:
    loop, total = sum(entry.duration_ms for entry in entries), sum(shares.values())
    for one in wanted:
        plays = [entry for entry in entries if entry.placement_id == one.placement_id]
        miss = abs(sum(entry.duration_ms for entry in plays) * total - shares.get(one.placement_id, 0) * loop)
        if not plays:
            yield Shortfall(one.placement_id, "left_out")
        elif not one.cap and miss > one.longest_ms * total:
            yield Shortfall(one.placement_id, "share")
        elif len(plays) < len(one.deck):
            yield Shortfall(one.placement_id, "rotation")


def arrange(playing: Sequence[Contender], plays: Sequence[int], fresh: frozenset[str]) -> tuple[LoopEntry, ...]:
    """Puts the plays in order."""
    entries = tuple(_Arrangement(playing, plays, fresh).run())
    if fresh and not _wraps(playing, entries, fresh):
        return tuple(_Arrangement(playing, plays, frozenset()).run())
    return entries


def _wraps(playing: Sequence[Contender], entries: tuple[LoopEntry, ...], fresh: frozenset[str]) -> bool:
    """Whether those that may play at once also keep their gap from the loop's last round to its next."""
    gaps = {one.placement_id: one.gap_ms for one in playing if one.placement_id in fresh}
    at, first, last = 0, dict[str, int](), dict[str, int]()
    for entry in entries:
        first.setdefault(entry.placement_id, at)
        last[entry.placement_id] = at
        at += entry.duration_ms
    return all(at - last[name] + first[name] >= gap for name, gap in gaps.items() if name in first)


class _Queue:
    """One contender's plays that are still to be placed, and when the next is due (ms from the loop's start)."""

    __slots__ = ("due", "entries", "family", "gap", "left", "open_at", "plays", "step")

    def __init__(self, one: Contender, plays: int, loop: int, fresh: bool) -> None:
        self.entries = [
            LoopEntry(one.placement_id, one.campaign_id, card.creative_id, card.language, card.duration_ms)
            for card in one.deck
        ]
        self.family = one.campaign_id or one.placement_id
        self.plays = self.left = plays
        self.step = loop
        self.due = loop // (2 * plays)  # the middle of its turn, were its plays spread evenly
        self.gap = one.gap_ms
        self.open_at = 0 if fresh else self.gap

    def take(self, at: int) -> LoopEntry:
        """The next play, which begins at ``at``."""
        done = self.plays - self.left
        self.left -= 1
        self.due = (2 * done + 3) * self.step // (2 * self.plays)
        self.open_at = at + self.gap
        return self.entries[done % len(self.entries)]


class _Arrangement:
    """Puts plays in order, always the one that is due first among those that spoil nothing."""

    def __init__(self, playing: Sequence[Contender], plays: Sequence[int], fresh: frozenset[str]) -> None:
        loop = sum(Rotation(one, 1, 0).air(n) for one, n in zip(playing, plays, strict=True))
        self.queues = [
            _Queue(one, n, loop, one.placement_id in fresh) for one, n in zip(playing, plays, strict=True) if n
        ]
        self.slots = sum(plays)
        self.left = Counter[str]()
        for queue in self.queues:
            self.left[queue.family] += queue.left
        self.first = self.last = ""

    def run(self) -> list[LoopEntry]:
        """The entries; a capped play for which no room is left is dropped."""
        at, entries = 0, list[LoopEntry]()
        while (queue := self._next(at)) is not None:
            entry = queue.take(at)
            at += entry.duration_ms
            self.last = queue.family
            self.first = self.first or self.last
            self.left[self.last] -= 1
            self.slots -= 1
            entries.append(entry)
        return entries

    def _next(self, at: int) -> _Queue | None:
        """The next to play; None when no play is left that may still be placed."""
        if 2 * max(self.left.values()) + 4 >= self.slots:
            return self._squeezed(at)
        best = None
        for queue in self.queues:
            if (
                queue.left
                and queue.open_at <= at
                and queue.family != self.last
                and (best is None or queue.due < best.due)
            ):
                best = queue
        return best or self._squeezed(at)

    def _squeezed(self, at: int) -> _Queue | None:
        """Where one campaign has about half of what is left, it must be looked ahead."""
        waiting = sorted((one for one in self.queues if one.left and one.open_at <= at), key=lambda one: one.due)
        if not waiting:
            return None
        return next((one for one in waiting if self._fits(one.family)), None) or self._least_bad(waiting)

    def _fits(self, family: str) -> bool:
        """Whether, with this one next, all the rest can still be placed with no two of a campaign side by side."""
        if family == self.last:
            return False
        first, rest = self.first or family, self.slots - 1
        if rest == 0:
            return family != first
        return all(
            count - (name == family) <= (rest - (name == family) - (name == first) + 1) // 2
            for name, count in self.left.items()
        )

    def _least_bad(self, waiting: list[_Queue]) -> _Queue:
        """Side by side cannot be avoided altogether: the most numerous campaign comes after each play of another."""
        most = max(self.left, key=lambda name: (self.left[name], name))
        crowd = [queue for queue in waiting if queue.family == most]
        return crowd[0] if crowd and self.last != most else waiting[0]
