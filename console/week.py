"""A week as a drawing: windows of placements as rectangles on seven columns of a day each. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from playlists.dayparts import Holiday, clock_of, windows
from playlists.moments import to_ms
from playlists.programme import Campaign
from playlists.simulate import bounds
from playlists.zones import MINUTE_MS

LEFT, TOP, COLUMN, HOUR = 44, 28, 100, 24
WIDTH, HEIGHT = LEFT + 7 * COLUMN, TOP + 24 * HOUR
TONES = 6


@dataclass(frozen=True)
class Block:
    """One window of one placement on one day; ``tone`` tells placements apart, ``title`` says what it is."""

    x: float
    y: float
    width: float
    height: float
    tone: int
    title: str


def monday_of(day: date) -> date:
    """The Monday of its week."""
    return day - timedelta(days=day.weekday())


def blocks(
    campaign: Campaign, monday: date, timezone: str, holidays: tuple[Holiday, ...], names: Sequence[str]
) -> list[Block]:
    """The campaign's windows in a week, placements side by side within each day; ``names`` are theirs, in order."""
    lanes = max(1, len(campaign.placements))
    return [
        Block(
            LEFT + number * COLUMN + 2 + lane * (COLUMN - 4) / lanes,
            TOP + start * HOUR / 60,
            (COLUMN - 4) / lanes - 1,
            max(2.0, (end - start) * HOUR / 60 - 1),
            lane % TONES + 1,
            f"{names[lane]} · {clock_of(start)}–{clock_of(end)}",
        )
        for lane in range(len(campaign.placements))
        for number in range(7)
        for start, end in _of_day(campaign, lane, monday + timedelta(days=number), timezone, holidays)
    ]


def _of_day(
    campaign: Campaign, lane: int, day: date, timezone: str, holidays: tuple[Holiday, ...]
) -> Iterator[tuple[int, int]]:
    """The windows of one day in minutes since its midnight."""
    midnight, end = (to_ms(moment) for moment in bounds(timezone, day))
    start, until = max(midnight, to_ms(campaign.starts_at)), min(end, to_ms(campaign.ends_at))
    flat = windows(campaign.placements[lane].hours, timezone, start, until, holidays) if start < until else ()
    for opens, closes in zip(flat[::2], flat[1::2], strict=True):
        yield (opens - midnight) // MINUTE_MS, min((closes - midnight) // MINUTE_MS, 24 * 60)
