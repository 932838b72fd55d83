"""In which order a loop's plays come: by number of the contender, none of their names or pictures.

Each contender's plays are spread evenly over the loop; two plays of one family (a campaign's) are kept apart wherever
anything else may come between, also where the loop wraps round; capped plays keep their gap.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from heapq import heappop, heappush
from itertools import accumulate, cycle
from operator import attrgetter, eq, itemgetter

from playlists.counts import LIMIT
from playlists.shares import Contender

Order = tuple[int, ...]
BITS = LIMIT.bit_length()
NUMBER = (1 << BITS) - 1


@lru_cache(maxsize=4096)
def arrange(playing: tuple[Contender, ...], plays: tuple[int, ...], fresh: frozenset[str]) -> Order:
    """Puts the plays in order; ``fresh`` ones have not played for as long as their cap asks.

    Where all must wait for their gap, one without a cap plays once more; where nobody has none, or the loop is full,
    a capped play for which no room is left is dropped.
    """
    return ordered(playing, plays, fresh)


def ordered(playing: Sequence[Contender], plays: Sequence[int], fresh: frozenset[str]) -> Order:
    """The same, not kept."""
    simple = _by_turns(playing, plays, fresh)
    if simple is not None:
        return simple
    order = _arranged(playing, plays, fresh)
    return order if not fresh or _wraps(playing, order, fresh) else _arranged(playing, plays, frozenset())


def _arranged(playing: Sequence[Contender], plays: Sequence[int], fresh: frozenset[str]) -> Order:
    order = _Arrangement(playing, plays, fresh).run()
    while len(order) < sum(plays):  # what was dropped had its part in keeping others apart: once more without it
        plays = [order.count(number) for number in range(len(playing))]
        order = _Arrangement(playing, plays, fresh).run()
    return order


def _by_turns(playing: Sequence[Contender], plays: Sequence[int], fresh: frozenset[str]) -> Order | None:
    """The short way, which nearly always will do: all plays as they fall due, a family's second one put off a little.

    None where that does not keep them apart.
    """
    families = _families(playing, plays)
    length = sum(one.air(n) for one, n in zip(playing, plays, strict=True))
    due = [
        ((2 * turn + 1) * length // (2 * n)) << BITS | number  # the moment and whose it is in one number: sorts fast
        for number, n in enumerate(plays)
        if not playing[number].cap
        for turn in range(n)
    ]
    due.sort()
    order = [one & NUMBER for one in due]
    if not order or not _kept_apart(order, families):
        return None
    if len(order) == sum(plays):
        return tuple(order) if _apart(order, families) else None
    order = _woven(order, playing, plays, fresh, families, length)
    right = len(order) == sum(plays) and _apart(order, families) and _wraps(playing, tuple(order), fresh)
    return tuple(order) if right else None


def _families(playing: Sequence[Contender], plays: Sequence[int]) -> list[str]:
    """Who must not follow whom, by name. One that has more than half of all plays must, and comes between the others:
    these are one family then, and it is none."""
    left = Counter[str]()
    for one, n in zip(playing, plays, strict=True):
        left[one.family] += n
    crowd, most = max(left.items(), key=itemgetter(1))
    if 2 * most <= sum(plays):
        return [one.family for one in playing]
    return ["" if one.family == crowd else "others" for one in playing]


def _kept_apart(order: list[int], families: Sequence[str]) -> bool:
    """Draws another family's next play forward wherever two of one would come together; whether there was one."""
    last = ""
    for place, number in enumerate(order):
        if last and families[number] == last:
            later = next((n for n in range(place + 1, len(order)) if families[order[n]] != last), None)
            if later is None:
                return False
            order.insert(place, order.pop(later))
        last = families[order[place]]
    return not _same(families[order[-1]], families[order[0]]) or _drawn_in(order, families)


def _drawn_in(order: list[int], families: Sequence[str]) -> bool:
    """Where the loop would end as it begins, its last play moves to the last gap that is wide enough for it."""
    number = order.pop()
    family = families[number]
    for place in range(len(order) - 1, 0, -1):
        if family not in (families[order[place - 1]], families[order[place]]):
            order.insert(place, number)
            return True
    return False


def _apart(order: Sequence[int], families: Sequence[str]) -> bool:
    """Whether no two of a family come together, the wrap round included."""
    row = [families[number] for number in order]
    following = [*row[1:], row[0]]
    return not any(map(eq, row, following)) or not any(map(_same, row, following))


def _same(one: str, other: str) -> bool:
    return one == other != ""


def _woven(
    order: Sequence[int],
    playing: Sequence[Contender],
    plays: Sequence[int],
    fresh: frozenset[str],
    families: Sequence[str],
    length: int,
) -> list[int]:
    """Capped plays put between the others, each at the first moment that its turn and its gap allow."""
    decks = [cycle([card.duration_ms for card in one.deck]) for one in playing]
    starts = _starts(playing, order)
    waiting: list[tuple[int, int, int]] = []  # (not before, number, turn)
    for number, (one, n) in enumerate(zip(playing, plays, strict=True)):
        if one.cap and n:
            heappush(waiting, (length // (2 * n) if one.placement_id in fresh else one.gap_ms, number, 0))
    woven, place, more = list[int](), 0, 0
    while waiting:
        opens, number, turn = heappop(waiting)
        one = playing[number]
        until = _room(order, families, place, max(place, bisect_left(starts, opens - more)), number, woven)
        if until is None:
            break
        woven += order[place:until]
        woven.append(number)
        at, place = starts[until] + more, until
        more += next(decks[number])
        if turn + 1 < plays[number]:
            following = (2 * turn + 3) * length // (2 * plays[number]) if one.placement_id in fresh else 0
            heappush(waiting, (max(at + one.gap_ms, following), number, turn + 1))
    return [*woven, *order[place:]]


def _room(
    order: Sequence[int], families: Sequence[str], told: int, place: int, number: int, woven: Sequence[int]
) -> int | None:
    """The first place from ``place`` on where no neighbour is of the same family; it is not far, or not at all.

    What comes before ``told`` is woven in already.
    """
    family = families[number]
    for until in range(place, min(place + 6, len(order) + 1)):
        before = order[until - 1] if until > told else woven[-1] if woven else None
        after = order[until] if until < len(order) else None
        if not any(one is not None and _same(families[one], family) for one in (before, after)):
            return until
    return None


def _wraps(playing: Sequence[Contender], order: Order, fresh: frozenset[str]) -> bool:
    """Whether those that may play at once also keep their gap from the loop's last round to its next."""
    starts, back = _starts(playing, order), order[::-1]
    gaps = {number: one.gap_ms for number, one in enumerate(playing) if one.placement_id in fresh}
    return all(
        starts[-1] - starts[-2 - back.index(number)] + starts[order.index(number)] >= gap
        for number, gap in gaps.items()
        if number in order
    )


def _starts(playing: Sequence[Contender], order: Sequence[int]) -> list[int]:
    """When each play begins, in ms from the loop's start; the last one is the loop's length."""
    decks = [cycle([card.duration_ms for card in one.deck]).__next__ for one in playing]
    return list(accumulate([decks[number]() for number in order], initial=0))


class _Queue:
    """One contender's plays that are still to be placed, and when the next is due (ms from the loop's start)."""

    __slots__ = ("due", "durations", "family", "gap", "left", "length", "number", "open_at", "plays", "size", "taken")

    def __init__(self, number: int, one: Contender, plays: int, fresh: bool, length: int) -> None:
        self.number = number
        self.durations = [card.duration_ms for card in one.deck]
        self.size = len(self.durations)
        self.family = one.family
        self.plays = self.left = plays
        self.taken = 0
        self.gap = one.gap_ms
        self.open_at = 0 if fresh else self.gap
        self.length, self.due = length, length // (2 * plays)  # the middle of its turn, were all spread evenly

    def take(self, at: int) -> int:
        """The next play begins at ``at``; returns how long it lasts."""
        done = self.plays - self.left
        self.left -= 1
        self.due = (2 * done + 3) * self.length // (2 * self.plays)
        self.open_at = at + self.gap
        return self.show()

    def show(self) -> int:
        """One play more, beyond those that are counted; returns how long it lasts."""
        self.taken += 1
        return self.durations[(self.taken - 1) % self.size]


class _Arrangement:
    """Puts plays in order, always the one that is due first among those that spoil nothing."""

    def __init__(self, playing: Sequence[Contender], plays: Sequence[int], fresh: frozenset[str]) -> None:
        length = sum(one.air(n) for one, n in zip(playing, plays, strict=True))
        self.queues = [
            _Queue(number, one, n, one.placement_id in fresh, length)
            for number, (one, n) in enumerate(zip(playing, plays, strict=True))
            if n
        ]
        self.left = Counter[str]()
        for queue in self.queues:
            self.left[queue.family] += queue.left
        self.slots = sum(plays)
        self.filler = next((queue for queue in self.queues[::-1] if not queue.gap), None)
        self.first = self.last = ""

    def run(self) -> Order:
        """Whose play it is, one after the other."""
        at, room, order = 0, 0, list[int]()
        while self.slots:
            if room <= 0:  # no campaign can come to have half of what is left before as many steps are done
                room = self.slots - 2 * max(self.left.values()) - 4
            queue = (self._due(at) if room > 0 else None) or self._squeezed(at)
            if queue is not None:
                at += queue.take(at)
                self._placed(queue.family)
                room -= 1
            elif self.filler is not None and len(order) < LIMIT:  # all others must wait: it plays once more
                queue = self.filler
                at += queue.show()
                self.last = queue.family
            else:
                break
            order.append(queue.number)
        return tuple(order)

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
