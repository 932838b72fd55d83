"""Where a placement may play: and, or, not over what a spot is.

Within one kind of condition any value will do; all kinds named must hold; ``not_`` must not hold; if ``any_of`` is
given, one of its targets must hold as well.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playlists.programme import Spot

MEDIA = ("screen", "splash")
SHAPES = ("landscape", "portrait", "square")


@dataclass(frozen=True, slots=True)
class Target:
    """A condition on spots; an area holds for all that lies below it."""

    areas: tuple[str, ...] = ()
    locations: tuple[str, ...] = ()
    venue_kinds: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    media: tuple[str, ...] = ()
    shapes: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    any_of: tuple[Target, ...] = ()
    not_: Target | None = None

    @property
    def is_empty(self) -> bool:
        """Names nothing that could hold: an exception alone names no place."""
        return not (self.any_of or any(values for _, values in self.conditions()))

    def conditions(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        """Each simple kind with the values that will do."""
        for kind in KINDS:
            yield kind, getattr(self, kind)

    def parts(self) -> Iterator[Target]:
        """This target and all within it, exceptions included."""
        yield self
        for inner in (*self.any_of, *((self.not_,) if self.not_ else ())):
            yield from inner.parts()


KINDS = ("areas", "locations", "venue_kinds", "tags", "media", "shapes", "languages")


def matches(target: Target, spot: Spot) -> bool:
    """Whether the spot is among the target's. Asked of every spot when something is published, hence spelt out."""
    path = spot.area_path
    return (
        (not target.areas or any(f"/{code}/" in path for code in target.areas))
        and (not target.locations or spot.location in target.locations)
        and (not target.venue_kinds or spot.venue_kind in target.venue_kinds)
        and (not target.media or spot.medium in target.media)
        and (not target.tags or not set(target.tags).isdisjoint(spot.tags))
        and (not target.shapes or spot.shape in target.shapes)
        and (not target.languages or not set(target.languages).isdisjoint(spot.languages))
        and (not target.any_of or any(matches(one, spot) for one in target.any_of))
        and (target.not_ is None or not matches(target.not_, spot))
    )


def first_mismatch(target: Target, spot: Spot) -> str | None:
    """The kind of condition that keeps the spot out: one of KINDS, ``any_of``, ``not``; None if it is in."""
    for kind, wanted in target.conditions():
        if wanted and not _holds(kind, wanted, spot):
            return kind
    if target.any_of and not any(matches(one, spot) for one in target.any_of):
        return "any_of"
    if target.not_ is not None and matches(target.not_, spot):
        return "not"
    return None


def _holds(kind: str, wanted: tuple[str, ...], spot: Spot) -> bool:
    return any(value in wanted for value in facts(kind, spot))


def facts(kind: str, spot: Spot) -> tuple[str, ...]:
    """What the spot has to say to one kind of condition."""
    match kind:
        case "areas":
            return tuple(spot.area_path.strip("/").split("/"))
        case "locations":
            return (spot.location,)
        case "venue_kinds":
            return (spot.venue_kind,)
        case "tags":
            return spot.tags
        case "media":
            return (spot.medium,)
        case "shapes":
            return (spot.shape,)
        case _:
            return spot.languages


def inside(path: str, owner_path: str) -> bool:
    """Whether an area path lies at or below an owner's."""
    return path.startswith(owner_path)
