"""What one visitor sees: shares become odds, drawn by the visit's id.

Pure: the same world, spot, stage and visit give the same on every machine, in every process.
"""

from collections.abc import Sequence
from datetime import datetime

from playlists.experiments import assign, stable
from playlists.index import Row, index_of
from playlists.loops import spoken
from playlists.moments import to_ms
from playlists.plot import Stage
from playlists.programme import LoopEntry, Spot, World


class Odds:
    """What the visits to one spot are drawn from while one stage of its programme lasts: `since` ≤ t < `until`, ms."""

    def __init__(self, world: World, spot: Spot, stage: Stage, since: int, until: int | None) -> None:
        self._world, self._spot, self._since, self._until = world, spot, since, until
        self._due, self._entries = stage.loop.due, stage.loop.entries
        self._parts = sum(part for _, part in self._due)
        rows = {row.placement.id: row for row in index_of(world).rows}
        self._rows: dict[str, Row | None] = {placement: rows.get(placement) for placement, _ in self._due}
        self._hands: dict[tuple[str, int | None], list[LoopEntry]] = {}

    def hold(self, world: World, spot: Spot, at: datetime) -> bool:
        """Whether these are still the odds: the same is published, and the stage lasts."""
        same = world is self._world and spot is self._spot
        return same and self._since <= (now := to_ms(at)) and (self._until is None or now < self._until)

    def draw(self, visit: str, languages: Sequence[str]) -> LoopEntry:
        """What one visit sees, now and again; the visitor's languages come first."""
        placement = self._placement(visit)
        row = self._rows[placement]
        arm = assign(row.placement, visit) if row is not None and row.placement.arms else None
        hand = self._hand(placement, arm)
        return self._in_language(hand[stable(visit, placement, "creative") % len(hand)], languages)

    def _placement(self, visit: str) -> str:
        ticket = stable(visit, "placement") % self._parts
        for placement, part in self._due:
            ticket -= part
            if ticket < 0:
                return placement
        raise AssertionError("parts add up to their sum")

    def _hand(self, placement: str, arm: int | None) -> list[LoopEntry]:
        """One entry of each creative that this placement, or this arm of its experiment, may show."""
        key = placement, arm
        if key not in self._hands:
            dealt = [one for one in self._entries if one.placement_id == placement] or list(self._entries)
            row = self._rows[placement]
            if row is not None and arm is not None:
                wanted = row.placement.arms[arm].creatives
                dealt = [one for one in dealt if one.creative_id in wanted] or dealt
            first = {one.creative_id: one for one in reversed(dealt)}
            self._hands[key] = [first[creative] for creative in sorted(first)]
        return self._hands[key]

    def _in_language(self, entry: LoopEntry, languages: Sequence[str]) -> LoopEntry:
        facts = self._world.creatives.get(entry.creative_id)
        if facts is None or not any(one in facts.languages for one in languages):
            return entry
        return LoopEntry(
            entry.placement_id, entry.campaign_id, entry.creative_id, spoken(facts, languages, 0), entry.duration_ms
        )


def odds_at(world: World, spot: Spot, at: datetime) -> Odds:
    """The odds at a spot, good until what plays there changes."""
    index = index_of(world)
    timeline = index.timeline(index.profile(spot))
    position = timeline.position(to_ms(at))
    following = timeline.starts[position + 1] if position + 1 < len(timeline.starts) else None
    return Odds(world, spot, timeline.stage(position), timeline.starts[position], following)


def choose(world: World, spot: Spot, at: datetime, visit: str, languages: Sequence[str]) -> LoopEntry:
    """What one visit sees.

    The same visit sees the same again, also the same arm of an experiment, for as long as the same is published.
    """
    return odds_at(world, spot, at).draw(visit, languages)
