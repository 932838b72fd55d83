"""A resolver that is slow and obvious: who is heard at one moment, asked afresh for each; and a player that obeys.

It shares no code with the fast one but the nouns: no windows, no sweeps, no arithmetic on offsets. It looks at the
wall clock, as a person would who stands before the screen with the schedule in hand.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import cycle
from zoneinfo import ZoneInfo

from playlists.dayparts import Daypart, Hours
from playlists.programme import Campaign, LoopEntry, Placement, Programme, Spot, Takeover, World
from playlists.targets import Target

DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
LEVELS = ["important", "normal", "filler"]


def heard(world: World, spot: Spot, at: datetime) -> set[str]:
    """Ids of what plays at that moment: one takeover, or some placements, or nothing (then the fallback shows)."""
    ruling = [one for one in world.takeovers if _rules(world, one, spot, at)]
    if ruling:
        return {max(ruling, key=lambda one: (one.starts_at, one.id)).id}
    present = [row for one in world.campaigns for row in one.placements if _plays(world, one, row, spot, at)]
    for level in LEVELS:
        chosen = {row.id for row in present if row.priority == level}
        if chosen:
            return chosen
    return set()


def _rules(world: World, one: Takeover, spot: Spot, at: datetime) -> bool:
    return (
        _may_show(world, one.creative)
        and one.starts_at <= at < one.ends_at
        and spot.area_path.startswith(one.owner_path)
        and hits(one.target, spot)
    )


def _plays(world: World, campaign: Campaign, row: Placement, spot: Spot, at: datetime) -> bool:
    return (
        any(_may_show(world, name) for name in row.creatives)
        and campaign.starts_at <= at < campaign.ends_at
        and spot.area_path.startswith(campaign.owner_path)
        and hits(row.target, spot)
        and _open(world, row.hours, spot, at)
    )


def _may_show(world: World, creative: str) -> bool:
    return creative in world.creatives and world.creatives[creative].withdrawn_at is None


def hits(target: Target, spot: Spot) -> bool:
    """Whether the target means this spot, said in words."""
    areas = spot.area_path.split("/")
    return (
        (not target.areas or any(area in areas for area in target.areas))
        and (not target.locations or spot.location in target.locations)
        and (not target.venue_kinds or spot.venue_kind in target.venue_kinds)
        and (not target.tags or bool(set(spot.tags) & set(target.tags)))
        and (not target.media or spot.medium in target.media)
        and (not target.shapes or spot.shape in target.shapes)
        and (not target.languages or bool(set(spot.languages) & set(target.languages)))
        and (not target.any_of or any(hits(one, spot) for one in target.any_of))
        and (target.not_ is None or not hits(target.not_, spot))
    )


def _open(world: World, hours: Hours, spot: Spot, at: datetime) -> bool:
    """The wall clock says so: today's windows, and what yesterday's evening left over."""
    wall = at.astimezone(ZoneInfo(spot.timezone))
    seconds = wall.hour * 3600 + wall.minute * 60 + wall.second
    today, yesterday = wall.date(), wall.date() - timedelta(days=1)
    for part in hours.dayparts or (Daypart(),):
        start, end = part.start * 60, part.end * 60
        if start < end:
            if start <= seconds < end and _on(world, hours, part, spot, today):
                return True
        elif (seconds >= start and _on(world, hours, part, spot, today)) or (
            seconds < end and _on(world, hours, part, spot, yesterday)
        ):
            return True
    return False


def _on(world: World, hours: Hours, part: Daypart, spot: Spot, day: date) -> bool:
    if part.days and DAYS[day.weekday()] not in part.days:
        return False
    if (part.first_date and day < part.first_date) or (part.last_date and day > part.last_date):
        return False
    feast = any(
        one.first <= day <= one.last and (not one.area or one.area in spot.area_path.split("/"))
        for one in world.holidays
    )
    return {"play": True, "skip": not feast, "only": feast}[hours.on_holidays]


def played(programme: Programme) -> Iterator[tuple[int, LoopEntry]]:
    """What an obedient player shows, in ms since 1970: each loop from its segment's start, wrapping, cut at the end."""
    for segment in programme.segments:
        at, until = ms(segment.start), ms(segment.until)
        for entry in cycle(segment.loop):
            if at >= until:
                break
            yield at, entry
            at += entry.duration_ms


def ms(moment: datetime) -> int:
    return (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)
