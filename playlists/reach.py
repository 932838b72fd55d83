"""Which spots a publication concerns, and which kinds of spot there may be at a location."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import repeat
from typing import Protocol

from playlists.languages import rotation
from playlists.programme import Campaign, Spot, Takeover
from playlists.targets import Target, inside, matches

_SIZES = {"screen": ((1920, 1080), (1080, 1920), (1080, 1080)), "splash": ((360, 640),)}


class Place(Protocol):
    """What a location says of itself."""

    @property
    def code(self) -> str: ...
    @property
    def area_path(self) -> str: ...
    @property
    def venue_kind(self) -> str: ...
    @property
    def timezone(self) -> str: ...
    @property
    def tags(self) -> list[str]: ...
    @property
    def languages(self) -> Mapping[str, int]: ...


@dataclass(frozen=True, slots=True)
class Reach:
    """The spots that a change of what is played may concern: any of these targets, each within its owner's area."""

    parts: tuple[tuple[Target, str], ...]

    def concerns(self, spot: Spot) -> bool:
        """Whether what this spot plays may have changed."""
        return any(inside(spot.area_path, owner) and matches(target, spot) for target, owner in self.parts)

    def among(self, spots: Iterable[Spot]) -> list[Spot]:
        """Those of many spots that are concerned. Each area is asked once: most of a country lies elsewhere."""
        near = _Near(self.parts)
        return [spot for spot in spots if any(map(matches, near[spot.area_path], repeat(spot)))]

    def __or__(self, other: "Reach") -> "Reach":
        return Reach((*self.parts, *(part for part in other.parts if part not in self.parts)))


class _Near(dict[str, tuple[Target, ...]]):
    """For each area path the targets that may be met there, without their areas, which hold for all of it."""

    def __init__(self, parts: Iterable[tuple[Target, str]]) -> None:
        super().__init__()
        self._parts = [(owner, target.areas, replace(target, areas=())) for target, owner in parts]

    def __missing__(self, path: str) -> tuple[Target, ...]:
        codes = set(path.strip("/").split("/"))
        met = [
            rest
            for owner, areas, rest in self._parts
            if inside(path, owner) and not (areas and codes.isdisjoint(areas))
        ]
        self[path] = tuple(met)
        return self[path]


NOWHERE = Reach(())


def reach_of(*campaigns: Campaign | None) -> Reach:
    """Wherever any of these campaigns may play: give what was published before, and what is now."""
    parts = [(row.target, one.owner_path) for one in campaigns if one for row in one.placements]
    return Reach(tuple(dict.fromkeys(parts)))


def reach_of_takeover(one: Takeover) -> Reach:
    """Wherever a takeover rules."""
    return Reach(((one.target, one.owner_path),))


def reach_of_area(code: str) -> Reach:
    """All that lies in an area; everywhere for an empty code."""
    return Reach(((Target(areas=(code,)) if code else Target(), "/"),))


def spots_at(place: Place) -> tuple[Spot, ...]:
    """One spot for each medium and shape that a location may have."""
    languages = rotation(place.languages)
    return tuple(
        Spot(
            f"{place.code}:{medium}:{width}",
            place.code,
            place.area_path,
            place.venue_kind,
            tuple(place.tags),
            medium,
            width,
            height,
            place.timezone,
            languages,
        )
        for medium, sizes in _SIZES.items()
        for width, height in sizes
    )


def media_of(spots: Iterable[Spot]) -> frozenset[str]:
    """The media among these spots."""
    return frozenset(spot.medium for spot in spots)
