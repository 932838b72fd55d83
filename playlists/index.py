"""A world arranged for look-ups: which placements, takeovers and fallbacks concern a spot.

A *profile* is all that a spot's programme depends on. Spots with the same profile share one timeline.
"""

from __future__ import annotations

from array import array
from collections import OrderedDict
from collections.abc import Iterator
from typing import NamedTuple, cast

from playlists.dayparts import Holiday, windows
from playlists.experiments import assign
from playlists.loops import deck
from playlists.moments import to_ms
from playlists.plot import Plot, Timeline
from playlists.programme import (
    BUILTIN,
    BUILTIN_MS,
    PRIORITIES,
    Campaign,
    CreativeFacts,
    Placement,
    Spot,
    World,
)
from playlists.shares import Contender, contender_of
from playlists.targets import Target, inside, matches

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
        self._moments: dict[tuple[int, str, tuple[Holiday, ...]], array[int]] = {}
        self._alone: dict[tuple[str, str, tuple[str, ...]], Contender] = {}

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
        return contender_of(placement.id, campaign.id, placement.weight, level, placement.max_plays_per_hour, cards)

    def lines(self, profile: Profile) -> Iterator[tuple[Contender, array[int]]]:
        """Each placement that may be shown, with the moments at which its windows open and close (ms since 1970)."""
        for number, arm in profile.rows:
            contender = self.contender(number, arm, profile.languages)
            if contender is not None:
                yield contender, self._windows(number, profile.timezone, profile.holidays)

    def _windows(self, number: int, timezone: str, holidays: tuple[Holiday, ...]) -> array[int]:
        placement, campaign = self.rows[number]
        key = number, timezone, holidays if placement.hours.on_holidays != "play" else ()
        found = self._moments.get(key)
        if found is None:
            span = to_ms(campaign.starts_at), to_ms(campaign.ends_at)
            found = self._moments[key] = windows(placement.hours, timezone, *span, key[2])
        return found

    def alone(self, creative: str, name: str, level: int, languages: tuple[str, ...]) -> Contender:
        """A creative that plays by itself: a takeover's or a fallback's."""
        key = creative, name, languages
        found = self._alone.get(key)
        if found is None:
            facts = self.world.creatives.get(creative) or CreativeFacts(creative, BUILTIN_MS, languages or ("vi",))
            found = self._alone[key] = contender_of(name, None, 1, level, None, deck([facts], languages))
        return found

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
