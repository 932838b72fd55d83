"""What is wrong with a week before it is published, said once for all days and screens that share it. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from console.week import COLUMN, HOUR, LEFT, TOP, Block
from playlists.programme import World
from playlists.simulate import Day, Kind, Simulation, Trouble

MOST = 50
ORDER: tuple[Kind, ...] = ("silent", "oversold", "empty")


@dataclass
class Told:
    """One trouble: from minute ``start`` to minute ``end`` of these local days, on these screens (their ids)."""

    kind: Kind
    name: str
    by: str
    start: int
    end: int
    days: list[date] = field(default_factory=list)
    screens: set[str] = field(default_factory=set)


def told(week: Sequence[tuple[date, Simulation]], world: World, campaign_id: str) -> list[Told]:
    """The campaign's own troubles, those it makes others, and hours in which its screens have nothing to play."""
    names = {one.id: one.name for one in world.campaigns} | {one.id: one.reason for one in world.takeovers}
    found: dict[tuple[object, ...], Told] = {}
    for day, simulation in week:
        for spot_day in simulation.days:
            for one in _concerning(spot_day, campaign_id):
                start, end = _minutes(one, day, spot_day.spot.timezone)
                by = ", ".join(names.get(each, each) for each in one.by)
                made = Told(one.kind, names.get(one.campaign_id, ""), by, start, end)
                entry = found.setdefault((one.kind, one.campaign_id, by, start, end), made)
                entry.screens.add(spot_day.spot.id)
                if day not in entry.days:
                    entry.days.append(day)
    return sorted(found.values(), key=lambda one: (ORDER.index(one.kind), one.days, one.start, one.name))[:MOST]


def _concerning(day: Day, campaign_id: str) -> Iterator[Trouble]:
    for one in day.troubles:
        if one.kind == "empty" or one.campaign_id == campaign_id or campaign_id in one.by:
            yield one


def _minutes(one: Trouble, day: date, zone: str) -> tuple[int, int]:
    """Begin and end on the wall clock, in minutes of that day; midnight as an end is 24:00."""
    begun, ended = (moment.astimezone(ZoneInfo(zone)) for moment in (one.start, one.until))
    end = 24 * 60 if ended.date() > day else ended.hour * 60 + ended.minute
    return begun.hour * 60 + begun.minute, end


def marks(troubles: Sequence[Told], monday: date) -> list[tuple[Kind, Block]]:
    """The same as rectangles over the drawing of the week."""
    return [
        (
            one.kind,
            Block(
                LEFT + (day - monday).days * COLUMN + 1,
                TOP + one.start * HOUR / 60,
                COLUMN - 2,
                max(2.0, (one.end - one.start) * HOUR / 60),
                0,
                one.name,
            ),
        )
        for one in troubles
        for day in one.days
        if monday <= day < monday + timedelta(days=7)
    ]
