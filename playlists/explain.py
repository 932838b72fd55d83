"""Why a spot plays what it plays, and why not the rest: one finding for each placement, at any moment.

For the past, give the world as it was published then.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from playlists.dayparts import Daypart, Holiday, Hours, clock_of, windows
from playlists.experiments import assign
from playlists.index import WorldIndex, index_of
from playlists.moments import from_ms, to_ms
from playlists.plot import Stage
from playlists.programme import PRIORITIES, Campaign, LoopEntry, Placement, Spot, Takeover, World
from playlists.targets import first_mismatch, inside
from playlists.zones import HOUR_MS, day_of, local_of

PLAYS = "plays"
Params = Mapping[str, str | int | float | datetime]


@dataclass(frozen=True, slots=True)
class Finding:
    """One placement: whether it plays, its part of air time (0 to 1), and the reason with what belongs into it."""

    placement_id: str
    campaign_id: str
    campaign_name: str
    reason: str
    share: float = 0.0
    due: float = 0.0
    plays_per_hour: float = 0.0
    params: Params = field(default_factory=dict)

    @property
    def plays(self) -> bool:
        return self.reason == PLAYS


@dataclass(frozen=True, slots=True)
class Explanation:
    """What one spot plays at one moment, and what there is to say of every placement there is."""

    spot: Spot
    at: datetime
    loop: tuple[LoopEntry, ...]
    takeover: Takeover | None
    fallback: bool
    next_change: datetime | None
    findings: tuple[Finding, ...]


def explain(world: World, spot: Spot, at: datetime) -> Explanation:
    """Explains a moment; those that play come first, then the others by campaign."""
    index = index_of(world)
    timeline = index.timeline(index.profile(spot))
    position = timeline.position(to_ms(at))
    stage = timeline.stage(position)
    judge = _Judge(index, spot, at, stage)
    findings = sorted(
        (judge.finding(one, row) for one in (*world.campaigns, *world.drafts) for row in one.placements),
        key=lambda one: (not one.plays, -one.share, one.campaign_name, one.placement_id),
    )
    after = position + 1 < len(timeline.starts)
    return Explanation(
        spot,
        at,
        stage.loop.entries,
        judge.takeover,
        all(entry.campaign_id is None for entry in stage.loop.entries) and judge.takeover is None,
        from_ms(timeline.starts[position + 1]) if after else None,
        tuple(findings),
    )


class _Judge:
    """Looks for the first thing that keeps a placement from playing."""

    def __init__(self, index: WorldIndex, spot: Spot, at: datetime, stage: Stage) -> None:
        self.index, self.spot, self.at, self.stage = index, spot, at, stage
        self.takeover = next((one for one in index.takeovers if one.id == stage.takeover_id), None)
        self.air: Counter[str] = Counter()
        self.plays: Counter[str] = Counter()
        for entry in stage.loop.entries:
            self.air[entry.placement_id] += entry.duration_ms
            self.plays[entry.placement_id] += 1
        self.due = dict(stage.loop.due)
        self.short = {one.placement_id: one.reason for one in stage.loop.short}
        areas = spot.area_path.strip("/").split("/")
        self.holidays = tuple(one for one in index.world.holidays if not one.area or one.area in areas)

    def finding(self, campaign: Campaign, row: Placement) -> Finding:
        """The first reason against it, or that it plays."""
        for reason, params in self._against(campaign, row):
            return Finding(row.id, campaign.id, campaign.name, reason, params=params)
        loop = self.stage.loop.length_ms
        return Finding(
            row.id,
            campaign.id,
            campaign.name,
            PLAYS,
            self.air[row.id] / loop,
            self.due.get(row.id, 0) / 1_000_000,
            self.plays[row.id] * HOUR_MS / loop,
            {"short": self.short.get(row.id, ""), "arm": self._arm(row)},
        )

    def _arm(self, row: Placement) -> str:
        return row.arms[assign(row, self.spot.id)].name if row.arms and self.spot.medium == "screen" else ""

    def _against(self, campaign: Campaign, row: Placement) -> Iterator[tuple[str, Params]]:
        if campaign.status != "approved":
            yield campaign.status, {}
        yield from self._where(campaign, row)
        yield from self._when(campaign, row)
        if not any(self.index.playable(creative) for creative in row.creatives):
            yield "withdrawn", {}
        if self.takeover is not None:
            taken = self.takeover
            yield "taken_over", {"by": taken.by, "why": taken.reason, "until": taken.ends_at}
        if not self.plays[row.id]:
            yield from self._outdone(row)

    def _where(self, campaign: Campaign, row: Placement) -> Iterator[tuple[str, Params]]:
        if not inside(self.spot.area_path, campaign.owner_path):
            yield "outside", {}
        kind = first_mismatch(row.target, self.spot)
        if kind is not None:
            yield "target", {"kind": kind}

    def _when(self, campaign: Campaign, row: Placement) -> Iterator[tuple[str, Params]]:
        if self.at < campaign.starts_at:
            yield "not_started", {"from": campaign.starts_at}
        if self.at >= campaign.ends_at:
            yield "over", {"until": campaign.ends_at}
        opened = windows(row.hours, self.spot.timezone, *_span(campaign), self.holidays)
        now = to_ms(self.at)
        if any(opens <= now < closes for opens, closes in zip(opened[::2], opened[1::2], strict=True)):
            return
        holiday = self._holiday(row.hours, now)
        following = next((opens for opens in opened[::2] if opens > now), None)
        params: dict[str, str | int | float | datetime] = {"hours": describe(row.hours)}
        if following is not None:
            params["next"] = from_ms(following)
        if holiday:
            yield "holiday", params | {"name": holiday.name}
        yield "daypart", params

    def _holiday(self, hours: Hours, now: int) -> Holiday | None:
        """The holiday that keeps it silent today."""
        if hours.on_holidays != "skip":
            return None
        today = day_of(local_of(self.spot.timezone, now) // (24 * HOUR_MS))
        return next((one for one in self.holidays if one.first <= today <= one.last), None)

    def _outdone(self, row: Placement) -> Iterator[tuple[str, Params]]:
        if self.short.get(row.id):
            yield "left_out", {"cap": row.max_plays_per_hour or 0}
        level = PRIORITIES.index(row.priority)
        rivals = {entry.campaign_id for entry in self.stage.loop.entries}
        names = sorted(
            {
                other.campaign.name
                for other in self.index.rows
                if other.campaign.id in rivals and PRIORITIES.index(other.placement.priority) < level
            }
        )
        yield "outranked", {"by": ", ".join(names)}


def _span(campaign: Campaign) -> tuple[int, int]:
    return to_ms(campaign.starts_at), to_ms(campaign.ends_at)


def describe(hours: Hours) -> str:
    """Hours in short: ``mon–fri 07:00–09:00, sat 08:00–10:00``; weekdays as in the interface."""
    return ", ".join(_describe(part) for part in hours.dayparts) or "00:00–24:00"


def _describe(part: Daypart) -> str:
    days = " ".join(part.days)
    dates = f" ({part.first_date or '…'} – {part.last_date or '…'})" if part.first_date or part.last_date else ""
    return f"{days} {clock_of(part.start)}–{clock_of(part.end)}{dates}".strip()
