"""The timeline of a profile: the moments at which its loop changes, over all time.

It is finite, for campaigns and takeovers end; before, between and after them the fallback plays. Cutting a window out
of it is a search, and its digest is the revision.
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, NamedTuple

from playlists.dayparts import windows
from playlists.loops import NONE_FRESH, Loop, build, fingerprint, turns
from playlists.moments import to_ms
from playlists.programme import LoopEntry
from playlists.shares import LAST_RESORT, Contender, heard

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
    """``stages[i]`` plays from ``starts[i]`` (ms) until ``starts[i + 1]``; the first from the beginning of time."""

    starts: array[int]
    stages: tuple[Stage, ...]
    revision: str
    fallback: LoopEntry

    def position(self, ms: int) -> int:
        """The index of the stage that plays at that moment."""
        return bisect_right(self.starts, ms) - 1


class _Voice:
    """Who is heard at the same time. Known by identity: a plot makes each but once."""

    __slots__ = ("capped", "contenders", "mark", "marks", "takeover_id", "turns")

    def __init__(self, contenders: tuple[Contender, ...], takeover_id: str | None = None) -> None:
        self.contenders, self.takeover_id = contenders, takeover_id
        self.capped = {one.placement_id: one.gap_ms for one in contenders if one.cap}
        self.turns = turns(contenders) if takeover_id is None else 1
        self.marks: dict[frozenset[str], str] = {}
        self.mark = "" if self.capped else self.marked(NONE_FRESH)

    def marked(self, fresh: frozenset[str]) -> str:
        """Equal for those of whom the same is seen."""
        mark = self.marks.get(fresh)
        if mark is None:
            mark = self.marks[fresh] = f"{self.takeover_id or ''} {fingerprint(self.contenders, fresh)}"
        return mark

    def fresh(self, start: int, ended: dict[str, int]) -> frozenset[str]:
        """Those whose cap lets them play at once: they have not been heard for as long as it asks."""
        return frozenset(name for name, gap in self.capped.items() if start - ended.get(name, BEGINNING) >= gap)


class Plot:
    """Draws one profile's timeline: a sweep over the moments at which a window opens or closes."""

    def __init__(self, index: WorldIndex, profile: Profile) -> None:
        self.index, self.profile = index, profile
        self.last_resort = index.alone(profile.fallback, f"fallback:{profile.fallback}", LAST_RESORT, profile.languages)
        self.toggles: defaultdict[int, int] = defaultdict(int)
        self.contenders: list[Contender] = []
        self.levels: dict[int, int] = {}
        self.capped = 0
        for contender, moments in sorted(self._rows(), key=lambda one: one[0].placement_id):
            self._enter(contender, moments)
        self.taken = 1 << len(self.contenders)
        for place, number in enumerate(profile.takeovers):
            taken = index.takeovers[number]
            if taken.starts_at < taken.ends_at:
                self._toggle(self.taken << place, (to_ms(taken.starts_at), to_ms(taken.ends_at)))
        self._heard: dict[int, _Voice] = {}
        self._voices: dict[tuple[tuple[Contender, ...], str | None], _Voice] = {}

    def _rows(self) -> Iterator[tuple[Contender, array[int]]]:
        """Each placement that may be shown, with the moments at which its windows open and close."""
        for number, arm in self.profile.rows:
            contender = self.index.contender(number, arm, self.profile.languages)
            if contender is not None:
                placement, campaign = self.index.rows[number]
                holidays = self.profile.holidays if placement.hours.on_holidays != "play" else ()
                span = to_ms(campaign.starts_at), to_ms(campaign.ends_at)
                yield contender, windows(placement.hours, self.profile.timezone, *span, holidays)

    def _enter(self, contender: Contender, moments: array[int]) -> None:
        bit = 1 << len(self.contenders)
        self.contenders.append(contender)
        self.levels[contender.level] = self.levels.get(contender.level, 0) | bit
        self.capped |= bit if contender.cap else 0
        self._toggle(bit, moments)

    def _toggle(self, bit: int, moments: array[int] | tuple[int, ...]) -> None:
        for moment in moments:
            self.toggles[moment] ^= bit

    def timeline(self) -> Timeline:
        """The sweep, with equal neighbours joined. It has hundreds of steps: each does as little as it can."""
        starts, stages, told = array("q"), list[Stage](), list[tuple[int, str, int]]()
        ended, played, made = dict[str, int](), dict[str, int](), dict[tuple[str, int], Stage]()
        before = ""
        for start, until, voice in self._spans():
            mark, fresh = voice.mark, NONE_FRESH
            if voice.capped:
                fresh = voice.fresh(start, ended)
                mark = voice.marked(fresh)
                ended |= dict.fromkeys(voice.capped, until)
            if mark == before:
                continue
            before, seen = mark, played.get(mark, 0)
            played[mark] = seen + 1
            turn = seen % voice.turns
            stage = made.get((mark, turn))
            if stage is None:
                stage = made[mark, turn] = Stage(voice.contenders, fresh, voice.takeover_id, turn)
            starts.append(start)
            stages.append(stage)
            told.append((start, mark, turn))
        revision = sha256(repr(told).encode()).hexdigest()[:24]
        return Timeline(starts, tuple(stages), revision, self.last_resort.entries[0])

    def presences(self, start: int, until: int) -> Iterator[tuple[int, int, Presence]]:
        """Stretches of [start, until) in which the same placements have their hours, whether they are heard or not."""
        for opens, closes, mask in self._masks():
            begun, ended = max(opens, start), min(closes, until)
            if begun < ended:
                voice = self._at(mask)
                loop = build(voice.contenders, voice.fresh(begun, {}))
                yield begun, ended, Presence(self._present(mask), voice.takeover_id, loop)

    def _spans(self) -> Iterator[tuple[int, int, _Voice]]:
        """Stretches in which the same contenders are heard, or the same takeover rules."""
        begun, last = BEGINNING, self._at(0)
        for opens, _, mask in self._masks():
            voice = self._heard.get(mask) or self._at(mask)
            if voice is not last:
                if begun < opens:
                    yield begun, opens, last
                begun, last = opens, voice
        yield begun, -BEGINNING, last

    def _masks(self) -> Iterator[tuple[int, int, int]]:
        """All time, cut at every toggle; the bits say what has its hours."""
        begun, mask = BEGINNING, 0
        for moment in sorted(self.toggles):
            yield begun, moment, mask
            begun = moment
            mask ^= self.toggles[moment]
        yield begun, -BEGINNING, mask

    def _at(self, mask: int) -> _Voice:
        found = self._heard.get(mask)
        if found is None:
            contenders, takeover_id = self._listen(mask)
            found = self._voices.get((contenders, takeover_id)) or _Voice(contenders, takeover_id)
            self._heard[mask] = self._voices[contenders, takeover_id] = found
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
