"""The timeline of a profile: the moments at which its loop changes, over all time.

It is finite, for campaigns and takeovers end; before, between and after them the fallback plays. Cutting a window out
of it is a search, and its digest is the revision.
"""

from __future__ import annotations

import sys
from array import array
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import accumulate, compress, count
from operator import ne, xor
from typing import TYPE_CHECKING, NamedTuple

from playlists.loops import Loop, build
from playlists.moments import to_ms
from playlists.programme import LoopEntry
from playlists.shares import LAST_RESORT, Contender, heard
from playlists.voices import Sight, Voice, voice_of

if TYPE_CHECKING:
    from playlists.index import Profile, WorldIndex

BEGINNING = -(2**62)


@dataclass(frozen=True, slots=True)
class Stage:
    """What plays from one change to the next, ``turn`` being the card with which each deck begins.

    Its loop is built when somebody looks at it.
    """

    contenders: tuple[Contender, ...]
    fresh: frozenset[str]
    takeover_id: str | None
    turn: int = 0

    @property
    def loop(self) -> Loop:
        """The loop that plays."""
        return build(self.contenders, self.fresh, self.turn)


class Presence(NamedTuple):
    """Whose hours it is, and what plays."""

    present: tuple[Contender, ...]
    takeover_id: str | None
    loop: Loop


@dataclass(frozen=True, slots=True)
class Timeline:
    """``stage(i)`` plays from ``starts[i]`` (ms) until ``starts[i + 1]``; the first from the beginning of time."""

    starts: array[int]
    sights: tuple[Sight, ...]
    turns: array[int]
    revision: str
    fallback: LoopEntry

    def position(self, ms: int) -> int:
        """The index of the stage that plays at that moment."""
        return bisect_right(self.starts, ms) - 1

    def stage(self, position: int) -> Stage:
        """What plays there."""
        seen = self.sights[position]
        return Stage(seen.voice.contenders, seen.fresh, seen.voice.takeover_id, self.turns[position])

    @property
    def stages(self) -> Iterator[Stage]:
        """All of them, in order."""
        return map(self.stage, range(len(self.starts)))

    @property
    def contenders(self) -> set[Contender]:
        """All that are ever heard."""
        return {one for voice in {sight.voice for sight in self.sights} for one in voice.contenders}


def drawn(starts: Sequence[int], sights: Sequence[Sight], fallback: LoopEntry) -> Timeline:
    """The timeline of what is seen from these moments on; equal neighbours are joined.

    The revision is a digest of each moment, what is seen from then on, and the card with which the decks begin. There
    are hundreds of moments: each costs as little as it can.
    """
    marks = [sight.mark for sight in sights]
    changes = [True, *map(ne, marks[1:], marks)]
    begun, seen = array("q", compress(starts, changes)), tuple(compress(sights, changes))
    turns = array("q", _turns(seen))
    told = sha256(_bytes(begun) + _bytes(turns) + b"".join(compress(marks, changes)))
    return Timeline(begun, seen, turns, told.hexdigest()[:24], fallback)


def _turns(sights: Sequence[Sight]) -> list[int]:
    """Where the same is seen again, each deck goes on with its next card."""
    played = defaultdict[bytes, Iterator[int]](count)
    return [next(played[mark]) % turns for mark, _, _, turns in sights]


def _bytes(numbers: array[int]) -> bytes:
    """The same on every machine, whichever end of a number it stores first."""
    if sys.byteorder == "big":
        numbers = numbers[:]
        numbers.byteswap()
    return numbers.tobytes()


class Plot:
    """Draws one profile's timeline: a sweep over the moments at which a window opens or closes."""

    def __init__(self, index: WorldIndex, profile: Profile) -> None:
        self.index, self.profile = index, profile
        self.last_resort = index.alone(profile.fallback, f"fallback:{profile.fallback}", LAST_RESORT, profile.languages)
        self.toggles: defaultdict[int, int] = defaultdict(int)
        self.contenders: list[Contender] = []
        self.levels: dict[int, int] = {}
        self.capped = 0
        for contender, moments in sorted(index.lines(profile), key=lambda one: one[0].placement_id):
            self._enter(contender, moments)
        self.taken = 1 << len(self.contenders)
        for place, number in enumerate(profile.takeovers):
            taken = index.takeovers[number]
            if taken.starts_at < taken.ends_at:
                self._toggle(self.taken << place, (to_ms(taken.starts_at), to_ms(taken.ends_at)))
        self._heard: dict[int, Voice] = {}

    def _enter(self, contender: Contender, moments: Iterable[int]) -> None:
        bit = 1 << len(self.contenders)
        self.contenders.append(contender)
        self.levels[contender.level] = self.levels.get(contender.level, 0) | bit
        self.capped |= bit if contender.cap else 0
        self._toggle(bit, moments)

    def _toggle(self, bit: int, moments: Iterable[int]) -> None:
        toggles = self.toggles
        for moment in moments:
            toggles[moment] ^= bit

    def timeline(self) -> Timeline:
        """The timeline of all time."""
        starts, masks = self._sweep()
        voices = {mask: self._at(mask) for mask in set(masks)}
        if any(voice.capped for voice in voices.values()):
            sights = list(_seen(starts, [voices[mask] for mask in masks]))
        else:
            plain = {mask: voice.sight() for mask, voice in voices.items()}
            sights = [plain[mask] for mask in masks]
        return drawn(starts, sights, self.last_resort.entries[0])

    def _sweep(self) -> tuple[list[int], list[int]]:
        """All time, cut at every toggle: from when on, and whose hours it is from then on, as bits."""
        moments = sorted(self.toggles)
        return [BEGINNING, *moments], list(accumulate(map(self.toggles.__getitem__, moments), xor, initial=0))

    def presences(self, start: int, until: int) -> Iterator[tuple[int, int, Presence]]:
        """Stretches of [start, until) in which the same placements have their hours, whether they are heard or not."""
        starts, masks = self._sweep()
        for opens, closes, mask in zip(starts, [*starts[1:], -BEGINNING], masks, strict=True):
            begun, ended = max(opens, start), min(closes, until)
            if begun < ended:
                voice = self._at(mask)
                loop = build(voice.contenders, voice.fresh(begun, {}))
                yield begun, ended, Presence(self._present(mask), voice.takeover_id, loop)

    def _at(self, mask: int) -> Voice:
        found = self._heard.get(mask)
        if found is None:
            found = self._heard[mask] = voice_of(*self._listen(mask))
        return found

    def _listen(self, mask: int) -> tuple[tuple[Contender, ...], str | None]:
        takeovers = mask // self.taken
        if takeovers:
            taken = self.index.takeovers[self.profile.takeovers[takeovers.bit_length() - 1]]
            return (self.index.alone(taken.creative, taken.id, 0, self.profile.languages),), taken.id
        top = next((mask & bits for _, bits in sorted(self.levels.items()) if mask & bits), 0)
        if top & ~self.capped:  # somebody is heard whom no cap silences: nobody below is
            return self._present(top), None
        playing = heard([*self._present(mask), self.last_resort])
        return tuple(sorted(playing, key=lambda one: one.placement_id)), None

    def _present(self, mask: int) -> tuple[Contender, ...]:
        return tuple([one for place, one in enumerate(self.contenders) if mask >> place & 1])


def _seen(starts: Sequence[int], voices: Sequence[Voice]) -> Iterator[Sight]:
    """What is seen from each moment on, where caps remember when theirs were heard last."""
    ended: dict[str, int] = {}
    last, sight = voices[0], voices[0].sight()
    for start, voice in zip(starts, voices, strict=True):
        if voice is not last:
            for name in last.capped:
                ended[name] = start
            last = voice
            sight = voice.sight(voice.fresh(start, ended)) if voice.capped else voice.sight()
        yield sight
