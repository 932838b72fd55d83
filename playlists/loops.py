"""A loop: who plays, how often, in which order.

The order spreads each contender's plays evenly over the loop, keeps two plays of one campaign apart wherever anything
else may come between (also where the loop wraps round), and keeps capped plays their gap apart.
"""

from collections.abc import Iterator, Sequence
from functools import lru_cache
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


@lru_cache(maxsize=4096)
def build(contenders: tuple[Contender, ...], fresh: frozenset[str] = frozenset()) -> Loop:
    """The loop of these contenders, sorted by placement id; ``fresh`` ones have not played in the hour before."""
    playing = sorted(heard(contenders), key=lambda one: (-one.weight, one.placement_id))[:LIMIT]
    playing.sort(key=lambda one: one.placement_id)
    shares = divide(playing)
    tally = count(playing, shares)
    entries = arrange(playing, tally.plays, fresh)
    total = sum(shares)
    by_id = {one.placement_id: part for one, part in zip(playing, shares, strict=True)}
    due = tuple((name, part * 1_000_000 // total) for name, part in by_id.items())
    return Loop(entries, due, tuple(_shortfalls(heard(contenders), entries, by_id)))


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

    def __init__(self, one: Contender, plays: int, loop: int, fresh: bool) -> None:
        self.one, self.plays, self.left = one, plays, plays
        self.loop = loop
        self.open_at = 0 if fresh else one.gap_ms

    @property
    def due(self) -> int:
        """The middle of its turn, were its plays spread evenly."""
        return (2 * (self.plays - self.left) + 1) * self.loop // (2 * self.plays)

    def take(self, at: int) -> LoopEntry:
        card = self.one.deck[(self.plays - self.left) % len(self.one.deck)]
        self.left -= 1
        self.open_at = at + self.one.gap_ms
        return LoopEntry(self.one.placement_id, self.one.campaign_id, card.creative_id, card.language, card.duration_ms)


class _Arrangement:
    def __init__(self, playing: Sequence[Contender], plays: Sequence[int], fresh: frozenset[str]) -> None:
        loop = sum(Rotation(one, 0).air(n) for one, n in zip(playing, plays, strict=True))
        self.queues = [
            _Queue(one, n, loop, one.placement_id in fresh) for one, n in zip(playing, plays, strict=True) if n
        ]
        self.left: dict[str, int] = {}
        for queue in self.queues:
            self.left[_family(queue)] = self.left.get(_family(queue), 0) + queue.left
        self.first: str | None = None
        self.last: str | None = None

    def run(self) -> list[LoopEntry]:
        at, entries = 0, list[LoopEntry]()
        while (queue := self._next(at)) is not None:
            entry = queue.take(at)
            at += entry.duration_ms
            self.last = _family(queue)
            self.first = self.first or self.last
            self.left[self.last] -= 1
            entries.append(entry)
        return entries

    def _next(self, at: int) -> _Queue | None:
        """The one whose turn is due first among those that spoil nothing; None when no play is left to place."""
        waiting = sorted(
            (queue for queue in self.queues if queue.left and queue.open_at <= at),
            key=lambda queue: (queue.due, queue.one.placement_id),
        )
        if not waiting:
            return None
        slots = sum(self.left.values())
        if 2 * max(self.left.values()) + 4 < slots:  # far from any squeeze
            return next((queue for queue in waiting if _family(queue) != self.last), waiting[0])
        return next((queue for queue in waiting if self._fits(_family(queue), slots)), None) or self._least_bad(waiting)

    def _fits(self, family: str, slots: int) -> bool:
        """Whether, with this one next, all the rest can still be placed with no two of a campaign side by side."""
        if family == self.last:
            return False
        first, rest = self.first or family, slots - 1
        if rest == 0:
            return family != first
        return all(
            count - (name == family) <= (rest - (name == family) - (name == first) + 1) // 2
            for name, count in self.left.items()
        )

    def _least_bad(self, waiting: list[_Queue]) -> _Queue:
        """Side by side cannot be avoided altogether: the most numerous campaign comes after each play of another."""
        most = max(self.left, key=lambda name: (self.left[name], name))
        crowd = [queue for queue in waiting if _family(queue) == most]
        return crowd[0] if crowd and self.last != most else waiting[0]


def _family(queue: _Queue) -> str:
    return queue.one.campaign_id or queue.one.placement_id
