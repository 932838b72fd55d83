"""A day before it happens: what each spot will play, what each campaign will get, and what is wrong with it.

The plan of a spot is exact for a player that is on all day; the sums over many spots are those of their plans.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from playlists.index import WorldIndex, index_of
from playlists.loops import Loop
from playlists.moments import from_ms, to_ms
from playlists.plot import Plot
from playlists.programme import Programme, Segment, Spot, World
from playlists.resolve import resolve
from playlists.zones import HOUR_MS

Kind = Literal["silent", "empty", "oversold"]


@dataclass(frozen=True, slots=True)
class Planned:
    """What a campaign gets on one spot, or on many: plays begun and air time in ms."""

    plays: int
    air_ms: int

    def __add__(self, other: "Planned") -> "Planned":
        return Planned(self.plays + other.plays, self.air_ms + other.air_ms)


NOTHING = Planned(0, 0)


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something an operator should know before publishing, with when it begins and ends.

    ``silent``: a placement whose hours it is, but another level, or a takeover, has the time (``by``).
    ``empty``: nothing is placed, the fallback shows. ``oversold``: a placement's share cannot be kept, or its turn
    comes less than once an hour.
    """

    kind: Kind
    spot_id: str
    start: datetime
    until: datetime
    placement_id: str = ""
    campaign_id: str = ""
    by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Day:
    """One spot's day."""

    spot: Spot
    programme: Programme
    planned: dict[str, Planned]
    troubles: tuple[Trouble, ...]


@dataclass(frozen=True, slots=True)
class Simulation:
    """Many spots' day: by campaign, on how many spots, and what is wrong where."""

    days: tuple[Day, ...]
    planned: dict[str, Planned]
    spots: dict[str, int]

    @property
    def troubles(self) -> Iterator[Trouble]:
        for day in self.days:
            yield from day.troubles

    def share(self, campaign_id: str) -> float:
        """A campaign's part of all air time, 0 to 1."""
        total = sum(one.air_ms for one in self.planned.values())
        return self.planned.get(campaign_id, NOTHING).air_ms / total if total else 0.0


def simulate(world: World, spots: Sequence[Spot], day: date) -> Simulation:
    """Plays one local day on each of these spots."""
    days = tuple(simulate_spot(world, spot, day) for spot in spots)
    planned: dict[str, Planned] = {}
    counts: Counter[str] = Counter()
    for one in days:
        for campaign, part in one.planned.items():
            planned[campaign] = planned.get(campaign, NOTHING) + part
            counts[campaign] += 1
    return Simulation(days, planned, dict(counts))


def simulate_spot(world: World, spot: Spot, day: date) -> Day:
    """Plays one local day, from midnight to midnight of the spot's own clock."""
    start, until = bounds(spot.timezone, day)
    programme = resolve(world, spot, start, until)
    planned: dict[str, Planned] = {}
    for segment in programme.segments:
        for campaign, part in plan(segment):
            planned[campaign] = planned.get(campaign, NOTHING) + part
    return Day(spot, programme, planned, tuple(_troubles(index_of(world), spot, start, until)))


def bounds(timezone: str, day: date) -> tuple[datetime, datetime]:
    """Midnight to midnight; 23 or 25 hours where the clocks change."""
    zone = ZoneInfo(timezone)
    start = datetime.combine(day, time(), zone)
    until = datetime.combine(day + timedelta(days=1), time(), zone)
    return from_ms(to_ms(start)), from_ms(to_ms(until))


def plan(segment: Segment) -> Iterator[tuple[str, Planned]]:
    """Plays begun and air time of each campaign in a segment; takeovers and fallbacks under their own ids."""
    length = sum(entry.duration_ms for entry in segment.loop)
    rounds, rest = divmod(to_ms(segment.until) - to_ms(segment.start), length)
    at = 0
    for entry in segment.loop:
        last = min(max(rest - at, 0), entry.duration_ms)
        yield (
            entry.campaign_id or entry.placement_id,
            Planned(rounds + (last > 0), rounds * entry.duration_ms + last),
        )
        at += entry.duration_ms


def _troubles(index: WorldIndex, spot: Spot, start: datetime, until: datetime) -> Iterator[Trouble]:
    found: dict[tuple[Kind, str, tuple[str, ...]], list[tuple[int, int]]] = {}
    for begun, ended, kind, placement, by in _moments(Plot(index, index.profile(spot)), to_ms(start), to_ms(until)):
        spans = found.setdefault((kind, placement, by), [])
        if spans and spans[-1][1] == begun:
            spans[-1] = (spans[-1][0], ended)
        else:
            spans.append((begun, ended))
    campaigns = {row.placement.id: row.campaign.id for row in index.rows}
    for (kind, placement, by), spans in found.items():
        for begun, ended in spans:
            yield Trouble(kind, spot.id, from_ms(begun), from_ms(ended), placement, campaigns.get(placement, ""), by)


def _moments(plot: Plot, start: int, until: int) -> Iterator[tuple[int, int, Kind, str, tuple[str, ...]]]:
    """What is wrong in each stretch in which the same placements have their hours."""
    for begun, ended, presence in plot.presences(start, until):
        if presence.takeover_id is None and not presence.present:
            yield begun, ended, "empty", "", ()
        playing = {entry.campaign_id for entry in presence.loop.entries if entry.campaign_id}
        rivals = (presence.takeover_id,) if presence.takeover_id else tuple(sorted(playing))
        heard = {name for name, _ in presence.loop.due} | {one.placement_id for one in presence.loop.short}
        for one in presence.present:
            if one.placement_id not in heard:
                yield begun, ended, "silent", one.placement_id, rivals
        yield from ((begun, ended, "oversold", name, ()) for name in _oversold(presence.loop))


def _oversold(loop: Loop) -> Iterator[str]:
    """Placements that get less than they should, or whose turn comes less than once an hour."""
    short = {one.placement_id for one in loop.short if one.reason != "rotation"}
    turns = Counter(entry.placement_id for entry in loop.entries)
    rare = {name for name, plays in turns.items() if plays * HOUR_MS < loop.length_ms and name not in short}
    yield from sorted(short | rare)
