"""A loop: who plays, how often, in which order, and which of its creatives.

The numbers come from `counts`, the order from `order`; here they become entries.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from hashlib import sha256
from math import lcm
from typing import NamedTuple

from playlists.counts import LIMIT, count
from playlists.order import Order, arrange, ordered
from playlists.programme import CreativeFacts, LoopEntry
from playlists.shares import Card, Contender, divide, heard

NONE_FRESH: frozenset[str] = frozenset()


class Shortfall(NamedTuple):
    """What a loop could not give a placement: ``left_out``, ``share`` (missed by more than a play) or ``rotation``."""

    placement_id: str
    reason: str


@dataclass(frozen=True)
class Loop:
    """What plays in a segment; ``wanted`` had their hours, ``playing`` are heard, ``shares`` is their due."""

    entries: tuple[LoopEntry, ...]
    wanted: tuple[Contender, ...]
    playing: tuple[Contender, ...]
    shares: tuple[int, ...]

    @property
    def length_ms(self) -> int:
        return sum(entry.duration_ms for entry in self.entries)

    @cached_property
    def due(self) -> tuple[tuple[str, int], ...]:
        """What is due to each placement, in millionths of air time."""
        total = sum(self.shares)
        parts = zip(self.playing, self.shares, strict=True)
        return tuple((one.placement_id, part * 1_000_000 // total) for one, part in parts)

    @cached_property
    def short(self) -> tuple[Shortfall, ...]:
        """What falls short."""
        return tuple(_shortfalls(self))


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
    playing = heard(contenders)
    if len(playing) > LIMIT:
        strongest = sorted(playing, key=lambda one: (-one.weight, one.placement_id))[:LIMIT]
        playing = tuple(sorted(strongest, key=lambda one: one.placement_id))
    shares = divide(playing)
    return Weighed(playing, shares, count(playing, shares))


@lru_cache(maxsize=4096)
def build(contenders: tuple[Contender, ...], fresh: frozenset[str] = NONE_FRESH, turn: int = 0) -> Loop:
    """The loop of these contenders, sorted by placement id; ``fresh`` ones have not played in the hour before.

    ``turn`` is the card with which each deck begins: a stretch that ends before a deck is through would else show its
    first creatives again and again.
    """
    playing, shares, plays = weigh(contenders)
    entries = _spelt(playing, arrange(playing, plays, fresh), _first_cards(playing, plays, turn))
    return Loop(entries, contenders, playing, shares)


def turns(contenders: tuple[Contender, ...], fresh: frozenset[str] = NONE_FRESH) -> int:
    """After how many turns all decks begin with their first card again."""
    playing, _, plays = weigh(contenders)
    turning = _turning(playing, plays)
    if any(one.cap for one in turning):  # one of them may have found no room
        order = set(arrange(playing, plays, fresh))
        turning = [one for number, one in enumerate(playing) if number in order and one in turning]
    return lcm(*(len(one.deck) for one in turning))


def fingerprint(contenders: tuple[Contender, ...], fresh: frozenset[str] = NONE_FRESH) -> str:
    """Equal for equal loops and for no others, and cheaper than a loop: the order follows from the numbers of plays.

    Where a cap has a say in the order, the order itself is taken.
    """
    playing, _, plays = weigh(contenders)
    if any(one.cap for one in playing):
        playing, plays = _as_without_caps(playing, arrange(playing, plays, fresh))
    return sha256(f"{plays} {' '.join([one.mark for one in playing])}".encode()).hexdigest()[:16]


def _as_without_caps(playing: tuple[Contender, ...], order: Order) -> tuple[tuple[Contender, ...], tuple[int, ...]]:
    """Who is in the order, and their plays if these alone lead to it; else the order, by their new numbers."""
    numbers = sorted(set(order))
    free = tuple(playing[number].uncapped for number in numbers)
    plays = tuple(map(order.count, numbers))
    places = {number: place for place, number in enumerate(numbers)}
    row = tuple(map(places.__getitem__, order))
    return free, plays if ordered(free, plays, NONE_FRESH) == row else row


def _turning(playing: tuple[Contender, ...], plays: tuple[int, ...]) -> list[Contender]:
    """Whose decks may begin with any card: neither shares nor gaps depend on it."""
    if any(one.cap for one in playing) and not all(one.even for one in playing):
        return []
    return [one for one, n in zip(playing, plays, strict=True) if one.even or n % len(one.deck) == 0]


def _first_cards(playing: tuple[Contender, ...], plays: tuple[int, ...], turn: int) -> list[int]:
    if not turn:
        return [0] * len(playing)
    turning = {one.placement_id for one in _turning(playing, plays)}
    return [turn % len(one.deck) if one.placement_id in turning else 0 for one in playing]


def _spelt(playing: tuple[Contender, ...], order: Order, cards: list[int]) -> tuple[LoopEntry, ...]:
    decks, entries = [one.entries for one in playing], list[LoopEntry]()
    for number in order:
        mine = decks[number]
        entries.append(mine[cards[number] % len(mine)])
        cards[number] += 1
    return tuple(entries)


def _shortfalls(loop: Loop) -> Iterator[Shortfall]:
    length, total = loop.length_ms, sum(loop.shares)
    due = {one.placement_id: part for one, part in zip(loop.playing, loop.shares, strict=True)}
    plays, air = Counter[str](), Counter[str]()
    for entry in loop.entries:
        plays[entry.placement_id] += 1
        air[entry.placement_id] += entry.duration_ms
    for one in heard(loop.wanted):
        name = one.placement_id
        if not plays[name]:
            yield Shortfall(name, "left_out")
        elif not one.cap and abs(air[name] * total - due[name] * length) > one.longest_ms * total:
            yield Shortfall(name, "share")
        elif plays[name] < len(one.deck):
            yield Shortfall(name, "rotation")
