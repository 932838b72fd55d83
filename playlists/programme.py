"""The nouns of a programme: the spot that asks, the world that is published, and what comes out.

Pure values. Times are aware datetimes; every span is half-open, its end not included.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from playlists.dayparts import ALWAYS, Holiday, Hours
from playlists.targets import Target

Priority = Literal["filler", "normal", "important"]
PRIORITIES: tuple[Priority, ...] = ("important", "normal", "filler")
BUILTIN = "builtin"
BUILTIN_MS = 10_000


@dataclass(frozen=True, slots=True)
class Spot:
    """One place where something is shown: a screen, or the splash page of a hotspot.

    ``languages`` is the order in which languages take turns, a language that counts double standing twice.
    """

    id: str
    location: str
    area_path: str
    venue_kind: str
    tags: tuple[str, ...]
    medium: str
    width: int
    height: int
    timezone: str
    languages: tuple[str, ...]

    @property
    def shape(self) -> str:
        """``landscape``, ``portrait`` or ``square``."""
        if self.width == self.height:
            return "square"
        return "landscape" if self.width > self.height else "portrait"


@dataclass(frozen=True, slots=True)
class CreativeFacts:
    """What the resolver must know of a creative: how long it shows, in which languages it exists."""

    id: str
    duration_ms: int
    languages: tuple[str, ...]
    withdrawn_at: datetime | None = None
    name: str = ""


@dataclass(frozen=True, slots=True)
class Arm:
    """One variant of an experiment, with its share of the spots (or visits)."""

    name: str
    creatives: tuple[str, ...]
    share: int = 1


@dataclass(frozen=True, slots=True)
class Placement:
    """Creatives on targets, at hours, with a weight (1–100, of air time) among its equals in priority."""

    id: str
    creatives: tuple[str, ...]
    target: Target
    hours: Hours = ALWAYS
    weight: int = 1
    priority: Priority = "normal"
    max_plays_per_hour: int | None = None
    arms: tuple[Arm, ...] = ()


@dataclass(frozen=True, slots=True)
class Campaign:
    """A campaign as it was published: nothing here changes until the next publication."""

    id: str
    name: str
    starts_at: datetime
    ends_at: datetime
    owner_path: str
    placements: tuple[Placement, ...]
    status: str = "approved"
    destination: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Takeover:
    """Exclusive while it lasts; of two at once, the one that started later (then the larger id)."""

    id: str
    creative: str
    target: Target
    starts_at: datetime
    ends_at: datetime
    owner_path: str = "/"
    reason: str = ""
    by: str = ""


@dataclass(frozen=True, slots=True)
class Fallback:
    """What shows where nothing is placed: at a location, or in an area and below it."""

    scope: Literal["location", "area"]
    code: str
    creative: str


@dataclass(frozen=True)
class World:
    """All that is published at one moment, with nothing of who looks at it or when.

    ``drafts`` are campaigns that do not play; only the explanation reads them. ``worked_out`` is where look-ups keep
    what follows from the rest.
    """

    campaigns: tuple[Campaign, ...] = ()
    takeovers: tuple[Takeover, ...] = ()
    fallbacks: tuple[Fallback, ...] = ()
    holidays: tuple[Holiday, ...] = ()
    creatives: Mapping[str, CreativeFacts] = field(default_factory=dict)
    drafts: tuple[Campaign, ...] = ()
    worked_out: dict[str, object] = field(default_factory=dict, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class LoopEntry:
    """One play: a takeover or a fallback has no campaign, its placement id names it."""

    placement_id: str
    campaign_id: str | None
    creative_id: str
    language: str
    duration_ms: int


@dataclass(frozen=True, slots=True)
class Segment:
    """From ``start`` to ``until`` the loop plays from its first entry, in order, wrapping round."""

    start: datetime
    until: datetime
    loop: tuple[LoopEntry, ...]
    takeover_id: str | None = None


@dataclass(frozen=True, slots=True)
class TakeoverSlot:
    """A stretch in which a takeover rules a spot."""

    id: str
    entry: LoopEntry
    start: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Programme:
    """What one spot plays in a window.

    ``segments`` cover the window without holes or overlap, takeovers included. ``revision`` depends on what is to
    be played alone: not on the window, nor on names. ``next_change`` is the first moment after the window's start
    at which another loop begins, or None if none ever does.
    """

    segments: tuple[Segment, ...]
    revision: str
    next_change: datetime | None
    takeovers: tuple[TakeoverSlot, ...]
    fallback: LoopEntry

    @property
    def takeover(self) -> TakeoverSlot | None:
        """The first takeover of the window."""
        return self.takeovers[0] if self.takeovers else None

    def takeover_at(self, now: datetime) -> TakeoverSlot | None:
        """The takeover that rules at ``now``, else the next one to come."""
        return next((slot for slot in self.takeovers if now < slot.until), None)

    def at(self, moment: datetime) -> Segment | None:
        """The segment that plays at ``moment``; None outside the window."""
        return next((one for one in self.segments if one.start <= moment < one.until), None)
