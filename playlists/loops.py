"""A loop: who plays, how often, in which order.

The order spreads each contender's plays evenly over the loop, keeps two plays of one campaign apart wherever anything
else may come between (also where the loop wraps round), and keeps capped plays their gap apart.
"""

from array import array
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache
from hashlib import sha256
from operator import attrgetter
from typing import NamedTuple

from playlists.counts import LIMIT, count
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
    entries, _ = arrange(playing, plays, fresh)
    total = sum(shares)
    by_id = {one.placement_id: part for one, part in zip(playing, shares, strict=True)}
    due = tuple((name, part * 1_000_000 // total) for name, part in by_id.items())
    return Loop(entries, due, tuple(_shortfalls(heard(contenders), entries, by_id)))


def fingerprint(contenders: tuple[Contender, ...], fresh: frozenset[str] = frozenset()) -> str:
    """Equal for equal loops and for no others, and cheaper than a loop: the order follows from the numbers of plays.

    Where a cap has a say in the order, the order itself is taken.
    """
    playing, _, plays = weigh(contenders)
    capped = any(one.cap for one in playing)
    order = arrange(playing, plays, fresh)[1].hex() if capped else repr(plays)
    facts = order + "".join(f"{one.placement_id} {one.campaign_id} {one.deck}\n" for one in playing)
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


@lru_cache(maxsize=4096)
def arrange(
    playing: tuple[Contender, ...], plays: tuple[int, ...], fresh: frozenset[str]
) -> tuple[tuple[LoopEntry, ...], bytes]:
    """Puts the plays in order: the entries, and whose they are by number in ``playing``."""
    entries, order = _Arrangement(playing, plays, fresh).run()
    if fresh and not _wraps(playing, entries, fresh):
        return _Arrangement(playing, plays, frozenset()).run()
    return entries, order


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

    __slots__ = ("due", "entries", "family", "gap", "left", "length", "number", "open_at", "plays", "size")

    def __init__(self, number: int, one: Contender, plays: int, fresh: bool) -> None:
        self.number = number
        self.entries = [
            LoopEntry(one.placement_id, one.campaign_id, card.creative_id, card.language, card.duration_ms)
            for card in one.deck
        ]
        self.family = one.campaign_id or one.placement_id
        self.size = len(self.entries)
        self.plays = self.left = plays
        self.gap = one.gap_ms
        self.open_at = 0 if fresh else self.gap
        self.due = self.length = 0

    def begin(self, length: int) -> None:
        """The loop is that long: the first play is due in the middle of its turn, were all spread evenly."""
        self.length, self.due = length, length // (2 * self.plays)

    @property
    def air(self) -> int:
        """ms of all its plays."""
        rounds, rest = divmod(self.plays, self.size)
        return sum(one.duration_ms for one in self.entries * rounds + self.entries[:rest])

    def take(self, at: int) -> LoopEntry:
        """The next play, which begins at ``at``."""
        done = self.plays - self.left
        self.left -= 1
        self.due = (2 * done + 3) * self.length // (2 * self.plays)
        self.open_at = at + self.gap
        return self.entries[done % self.size]


class _Arrangement:
    """Puts plays in order, always the one that is due first among those that spoil nothing."""

    def __init__(self, playing: Sequence[Contender], plays: Sequence[int], fresh: frozenset[str]) -> None:
        self.queues = [
            _Queue(number, one, n, one.placement_id in fresh)
            for number, (one, n) in enumerate(zip(playing, plays, strict=True))
            if n
        ]
        length = sum(queue.air for queue in self.queues)
        self.left = Counter[str]()
        for queue in self.queues:
            queue.begin(length)
            self.left[queue.family] += queue.left
        self.slots = sum(plays)
        self.first = self.last = ""

    def run(self) -> tuple[tuple[LoopEntry, ...], bytes]:
        """The entries, and whose they are by number; a capped play for which no room is left is dropped."""
        at, room, entries, order = 0, 0, list[LoopEntry](), list[int]()
        while self.slots:
            if room <= 0:  # no campaign can come to have half of what is left before as many steps are done
                room = self.slots - 2 * max(self.left.values()) - 4
            queue = (self._due(at) if room > 0 else None) or self._squeezed(at)
            if queue is None:
                break
            entry = queue.take(at)
            at += entry.duration_ms
            self._placed(queue.family)
            room -= 1
            entries.append(entry)
            order.append(queue.number)
        return tuple(entries), array("H", order).tobytes()

    def _placed(self, family: str) -> None:
        self.last = family
        self.first = self.first or family
        self.left[family] -= 1
        self.slots -= 1

    def _due(self, at: int) -> _Queue | None:
        """The first one due of another campaign than the last."""
        best, least = None, 1 << 62
        for queue in self.queues:
            if queue.due < least and queue.left and queue.open_at <= at and queue.family != self.last:
                best, least = queue, queue.due
        return best

    def _squeezed(self, at: int) -> _Queue | None:
        """Where one campaign has about half of what is left, it must be looked ahead."""
        waiting = [queue for queue in self.queues if queue.left and queue.open_at <= at]
        waiting.sort(key=_by_due)
        crowds = [(name, left) for name, left in self.left.items() if 2 * left >= self.slots - 4]
        for queue in waiting:
            if self._fits(queue.family, crowds):
                return queue
        return self._least_bad(waiting) if waiting else None

    def _fits(self, family: str, crowds: list[tuple[str, int]]) -> bool:
        """Whether, with this one next, all the rest can still be placed with no two of a campaign side by side."""
        if family == self.last:
            return False
        first, rest = self.first or family, self.slots - 1
        if rest == 0:
            return family != first
        for name, left in crowds:
            mine = name == family
            if left - mine > (rest - mine - (name == first) + 1) // 2:
                return False
        return True

    def _least_bad(self, waiting: list[_Queue]) -> _Queue:
        """Side by side cannot be avoided altogether: the most numerous campaign comes after each play of another."""
        most = max(self.left, key=lambda name: (self.left[name], name))
        crowd = [queue for queue in waiting if queue.family == most]
        return crowd[0] if crowd and self.last != most else waiting[0]


_by_due = attrgetter("due")
