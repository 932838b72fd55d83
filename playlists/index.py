"""A world arranged for look-ups, and the timelines that come of it.

A *profile* is all that a spot's programme depends on. Spots with the same profile share one timeline: the moments at
which the loop changes, over all time. It is finite, for campaigns and takeovers end; before, between and after them
the fallback plays. Cutting a window out of it is a search, and its digest is the revision.
"""

from array import array
from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple, cast

from playlists.dayparts import Holiday, windows
from playlists.loops import Loop, build, deck, fingerprint
from playlists.moments import to_ms
from playlists.programme import (
    BUILTIN,
    BUILTIN_MS,
    PRIORITIES,
    Campaign,
    CreativeFacts,
    LoopEntry,
    Placement,
    Spot,
    World,
)
from playlists.shares import LAST_RESORT, Contender, heard
from playlists.targets import Target, inside, matches

BEGINNING = -(2**62)
PROFILES_KEPT = 2_000


class Row(NamedTuple):
    """A placement with its campaign."""

    placement: Placement
    campaign: Campaign


class Profile(NamedTuple):
    """All that a programme depends on: rows with the arm of their experiment, takeovers, fallback, clock, languages."""

    rows: tuple[tuple[int, int | None], ...]
    takeovers: tuple[int, ...]
    fallback: str
    holidays: tuple[Holiday, ...]
    timezone: str
    languages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Stage:
    """What plays from one change to the next. Its loop is built when somebody looks at it."""

    contenders: tuple[Contender, ...]
    fresh: frozenset[str]
    takeover_id: str | None
    fingerprint: str

    @property
    def loop(self) -> Loop:
        """The loop that plays."""
        return build(self.contenders, self.fresh)


class Presence(NamedTuple):
    """Whose hours it is, and what plays."""

    present: tuple[Contender, ...]
    takeover_id: str | None
    loop: Loop


@dataclass(frozen=True, slots=True)
class Timeline:
    """``stages[i]`` plays from ``starts[i]`` (ms) until ``starts[i + 1]``; the first from the beginning of time."""

    starts: "array[int]"
    stages: tuple[Stage, ...]
    revision: str
    fallback: LoopEntry

    def position(self, ms: int) -> int:
        """The index of the stage that plays at that moment."""
        return bisect_right(self.starts, ms) - 1


class Buckets:
    """Numbered targets, filed so that a spot looks only at those that may concern it."""

    def __init__(self, targets: list[tuple[Target, str]]) -> None:
        self._targets = targets
        self._by_location: dict[str, list[int]] = {}
        self._by_area: dict[str, list[int]] = {}
        self._anywhere: list[int] = []
        for number, (target, owner_path) in enumerate(targets):
            for place in self._files(target, owner_path):
                place.append(number)

    def _files(self, target: Target, owner_path: str) -> Iterator[list[int]]:
        if target.locations:
            yield from (self._by_location.setdefault(code, []) for code in set(target.locations))
        elif target.areas or owner_path != "/":
            areas = set(target.areas) or {owner_path.strip("/").split("/")[-1]}
            yield from (self._by_area.setdefault(code, []) for code in areas)
        else:
            yield self._anywhere

    def of(self, spot: Spot) -> list[int]:
        """The numbers of the targets that match, in ascending order."""
        near = {*self._anywhere, *self._by_location.get(spot.location, ())}
        for code in spot.area_path.strip("/").split("/"):
            near.update(self._by_area.get(code, ()))
        return sorted(number for number in near if self._hits(number, spot))

    def _hits(self, number: int, spot: Spot) -> bool:
        target, owner_path = self._targets[number]
        return inside(spot.area_path, owner_path) and matches(target, spot)


class WorldIndex:
    """Look-ups over one world; results are kept, for a world never changes."""

    def __init__(self, world: World) -> None:
        self.world = world
        campaigns = sorted(world.campaigns, key=lambda one: one.id)
        self.rows = tuple(
            Row(placement, one) for one in campaigns for placement in sorted(one.placements, key=lambda row: row.id)
        )
        self.takeovers = tuple(
            sorted(
                (one for one in world.takeovers if self.playable(one.creative)), key=lambda one: (one.starts_at, one.id)
            )
        )
        self._row_buckets = Buckets([(row.placement.target, row.campaign.owner_path) for row in self.rows])
        self._takeover_buckets = Buckets([(one.target, one.owner_path) for one in self.takeovers])
        self._fallbacks = {
            (one.scope, one.code): one.creative for one in world.fallbacks if self.playable(one.creative)
        }
        self._timelines: OrderedDict[Profile, Timeline] = OrderedDict()
        self._contenders: dict[tuple[int, int | None, tuple[str, ...]], Contender | None] = {}

    def playable(self, creative: str) -> bool:
        """Known and not withdrawn."""
        facts = self.world.creatives.get(creative)
        return facts is not None and facts.withdrawn_at is None

    def profile(self, spot: Spot) -> Profile:
        """What the spot's programme depends on."""
        areas = spot.area_path.strip("/").split("/")
        return Profile(
            tuple((number, self._arm(number, spot)) for number in self._row_buckets.of(spot)),
            tuple(self._takeover_buckets.of(spot)),
            self.fallback(spot),
            tuple(one for one in self.world.holidays if not one.area or one.area in areas),
            spot.timezone,
            spot.languages,
        )

    def fallback(self, spot: Spot) -> str:
        """The location's fallback, else the nearest area's, else the built-in one."""
        places = [("location", spot.location)]
        places += [("area", code) for code in reversed(spot.area_path.strip("/").split("/"))]
        return next((self._fallbacks[place] for place in places if place in self._fallbacks), BUILTIN)

    def _arm(self, number: int, spot: Spot) -> int | None:
        placement = self.rows[number].placement
        return assign(placement, spot.id) if placement.arms and spot.medium == "screen" else None

    def contender(self, number: int, arm: int | None, languages: tuple[str, ...]) -> Contender | None:
        """The placement as it stands in for air time; None if none of its creatives may be shown."""
        key = (number, arm, languages)
        if key not in self._contenders:
            self._contenders[key] = self._contender(*key)
        return self._contenders[key]

    def _contender(self, number: int, arm: int | None, languages: tuple[str, ...]) -> Contender | None:
        placement, campaign = self.rows[number]
        wanted = placement.creatives if arm is None else placement.arms[arm].creatives
        playable = [one for one in wanted if self.playable(one)] or list(filter(self.playable, placement.creatives))
        shown = [self.world.creatives[one] for one in playable]
        if not shown:
            return None
        level = PRIORITIES.index(placement.priority)
        cards = deck(shown, languages)
        return Contender(placement.id, campaign.id, placement.weight, level, placement.max_plays_per_hour, cards)

    def alone(self, creative: str, name: str, level: int, languages: tuple[str, ...]) -> Contender:
        """A creative that plays by itself: a takeover's or a fallback's."""
        facts = self.world.creatives.get(creative) or CreativeFacts(creative, BUILTIN_MS, languages or ("vi",))
        return Contender(name, None, 1, level, None, deck([facts], languages))

    def timeline(self, profile: Profile) -> Timeline:
        """The timeline of a profile."""
        held = self._timelines.get(profile)
        if held is None:
            held = self._timelines[profile] = Plot(self, profile).timeline()
            if len(self._timelines) > PROFILES_KEPT:
                self._timelines.popitem(last=False)
        return held


def index_of(world: World) -> WorldIndex:
    """The world's index, made at first use."""
    if "index" not in world.worked_out:
        world.worked_out["index"] = WorldIndex(world)
    return cast(WorldIndex, world.worked_out["index"])


class _Voice:
    """Who is heard at the same time. Known by identity: a plot makes each but once."""

    __slots__ = ("capped", "contenders", "takeover_id")

    def __init__(self, contenders: tuple[Contender, ...], takeover_id: str | None = None) -> None:
        self.contenders, self.takeover_id = contenders, takeover_id
        self.capped = {one.placement_id: one.gap_ms for one in contenders if one.cap}

    def same(self, other: "_Voice") -> bool:
        """Whether the same are heard."""
        return self.takeover_id == other.takeover_id and self.contenders == other.contenders


class Plot:
    """Draws one profile's timeline: a sweep over the moments at which a window opens or closes."""

    def __init__(self, index: WorldIndex, profile: Profile) -> None:
        self.index, self.profile = index, profile
        self.last_resort = index.alone(profile.fallback, f"fallback:{profile.fallback}", LAST_RESORT, profile.languages)
        self.contenders: list[Contender] = []
        self.toggles: list[tuple[int, int]] = []
        for number, arm in profile.rows:
            self._enter(number, arm)
        self.taken = 1 << len(self.contenders)
        for place, number in enumerate(profile.takeovers):
            taken = index.takeovers[number]
            if taken.starts_at < taken.ends_at:
                bit = self.taken << place
                self.toggles += [(to_ms(taken.starts_at), bit), (to_ms(taken.ends_at), bit)]
        self._heard: dict[int, _Voice] = {}
        self._stages: dict[tuple[_Voice, frozenset[str]], Stage] = {}

    def _enter(self, number: int, arm: int | None) -> None:
        contender = self.index.contender(number, arm, self.profile.languages)
        if contender is None:
            return
        placement, campaign = self.index.rows[number]
        bit = 1 << len(self.contenders)
        self.contenders.append(contender)
        start, until = to_ms(campaign.starts_at), to_ms(campaign.ends_at)
        holidays = self.profile.holidays if placement.hours.on_holidays != "play" else ()
        self.toggles += [
            (moment, bit) for moment in windows(placement.hours, self.profile.timezone, start, until, holidays)
        ]

    def timeline(self) -> Timeline:
        """The sweep, with equal neighbours joined."""
        starts, stages = array("q"), list[Stage]()
        ended: dict[str, int] = {}
        before = ""
        for start, until, voice in self._spans():
            stage = self._stage(voice, start, ended)
            ended |= dict.fromkeys(voice.capped, until)
            if stage.fingerprint != before:
                starts.append(start)
                stages.append(stage)
                before = stage.fingerprint
        return Timeline(starts, tuple(stages), _digest(starts, stages), entry_of(self.last_resort))

    def presences(self, start: int, until: int) -> Iterator[tuple[int, int, Presence]]:
        """Stretches of [start, until) in which the same placements have their hours, whether they are heard or not."""
        for opens, closes, mask in self._masks():
            begun, ended = max(opens, start), min(closes, until)
            if begun >= ended:
                continue
            stage = self._stage(self._at(mask), begun, {})
            yield begun, ended, Presence(self._present(mask), stage.takeover_id, stage.loop)

    def _spans(self) -> Iterator[tuple[int, int, _Voice]]:
        """Stretches in which the same contenders are heard, or the same takeover rules."""
        for voice, joined in groupby(self._masks(), lambda one: self._at(one[2])):
            masks = list(joined)
            yield masks[0][0], masks[-1][1], voice

    def _masks(self) -> Iterator[tuple[int, int, int]]:
        """All time, cut at every toggle; the bits say what has its hours."""
        begun, mask = BEGINNING, 0
        self.toggles.sort()
        for moment, toggled in groupby(self.toggles, itemgetter(0)):
            yield begun, moment, mask
            begun = moment
            for _, bit in toggled:
                mask ^= bit
        yield begun, -BEGINNING, mask

    def _at(self, mask: int) -> _Voice:
        if mask not in self._heard:
            found = self._listen(mask)
            self._heard[mask] = next((one for one in self._heard.values() if one.same(found)), found)
        return self._heard[mask]

    def _listen(self, mask: int) -> _Voice:
        takeovers = mask // self.taken
        if takeovers:
            taken = self.index.takeovers[self.profile.takeovers[takeovers.bit_length() - 1]]
            return _Voice((self.index.alone(taken.creative, taken.id, 0, self.profile.languages),), taken.id)
        playing = heard([*self._present(mask), self.last_resort])
        return _Voice(tuple(sorted(playing, key=lambda one: one.placement_id)))

    def _present(self, mask: int) -> tuple[Contender, ...]:
        return tuple(one for place, one in enumerate(self.contenders) if mask >> place & 1)

    def _stage(self, voice: _Voice, start: int, ended: dict[str, int]) -> Stage:
        fresh = frozenset(name for name, gap in voice.capped.items() if start - ended.get(name, BEGINNING) >= gap)
        key = (voice, fresh)
        if key not in self._stages:
            mark = f"{voice.takeover_id or ''} {fingerprint(voice.contenders, fresh)}"
            self._stages[key] = Stage(voice.contenders, fresh, voice.takeover_id, mark)
        return self._stages[key]


def entry_of(contender: Contender) -> LoopEntry:
    """The first play of its deck."""
    card = contender.deck[0]
    return LoopEntry(contender.placement_id, contender.campaign_id, card.creative_id, card.language, card.duration_ms)


def assign(placement: Placement, key: str) -> int:
    """The arm of an experiment for one spot or visit: stable, in proportion to the arms' shares."""
    total = sum(arm.share for arm in placement.arms)
    ticket = stable(placement.id, key) % total
    for number, arm in enumerate(placement.arms):
        ticket -= arm.share
        if ticket < 0:
            return number
    raise AssertionError("shares add up to their total")


def stable(*parts: str) -> int:
    """A number of 64 bits that depends on the parts alone, on every machine."""
    return int.from_bytes(sha256("\0".join(parts).encode()).digest()[:8])


def _digest(starts: "array[int]", stages: list[Stage]) -> str:
    told = (f"{start} {stage.fingerprint}\n" for start, stage in zip(starts, stages, strict=True))
    return sha256("".join(told).encode()).hexdigest()[:24]
