"""The resolver: what one spot plays, and what one visitor sees.

Pure: the same world, spot and window give the same programme on every machine, in every process.
"""

from collections.abc import Sequence
from datetime import datetime

from playlists.experiments import assign, stable
from playlists.index import index_of
from playlists.loops import spoken
from playlists.moments import from_ms, to_ms
from playlists.plot import Timeline
from playlists.programme import LoopEntry, Programme, Segment, Spot, TakeoverSlot, World


def resolve(world: World, spot: Spot, start: datetime, until: datetime) -> Programme:
    """What the spot plays in [start, until); raises ValueError for an empty window."""
    if start >= until:
        raise ValueError("the window must end after its start")
    index = index_of(world)
    timeline = index.timeline(index.profile(spot))
    begin, end = to_ms(start), to_ms(until)
    position = timeline.position(begin)
    segments = tuple(_segments(timeline, position, begin, end))
    following = position + 1 < len(timeline.starts)
    return Programme(
        segments,
        timeline.revision,
        from_ms(timeline.starts[position + 1]) if following else None,
        tuple(TakeoverSlot(one.takeover_id, one.loop[0], one.start, one.until) for one in segments if one.takeover_id),
        timeline.fallback,
    )


def _segments(timeline: Timeline, position: int, begin: int, end: int) -> list[Segment]:
    segments: list[Segment] = []
    starts = timeline.starts
    while position < len(starts) and (at := max(starts[position], begin)) < end:
        after = min(starts[position + 1], end) if position + 1 < len(starts) else end
        stage = timeline.stage(position)
        segments.append(Segment(from_ms(at), from_ms(after), stage.loop.entries, stage.takeover_id))
        position += 1
    return segments


def choose(world: World, spot: Spot, at: datetime, visit: str, languages: Sequence[str]) -> LoopEntry:
    """What one visit sees: shares become odds, drawn by the visit's id; the visitor's languages come first.

    The same visit sees the same again, also the same arm of an experiment, for as long as the same is published.
    """
    index = index_of(world)
    timeline = index.timeline(index.profile(spot))
    stage = timeline.stage(timeline.position(to_ms(at)))
    drawn = _draw(stage.loop.due, visit)
    candidates = [one for one in stage.loop.entries if one.placement_id == drawn] or list(stage.loop.entries)
    row = next((row for row in index.rows if row.placement.id == drawn), None)
    if row is not None and row.placement.arms:
        arm = row.placement.arms[assign(row.placement, visit)].creatives
        candidates = [one for one in candidates if one.creative_id in arm] or candidates
    creatives = sorted({one.creative_id for one in candidates})
    creative = creatives[stable(visit, drawn, "creative") % len(creatives)]
    entry = next(one for one in candidates if one.creative_id == creative)
    return _in_language(world, entry, languages)


def _draw(due: tuple[tuple[str, int], ...], visit: str) -> str:
    ticket = stable(visit, "placement") % sum(part for _, part in due)
    for placement, part in due:
        ticket -= part
        if ticket < 0:
            return placement
    raise AssertionError("parts add up to their sum")


def _in_language(world: World, entry: LoopEntry, languages: Sequence[str]) -> LoopEntry:
    facts = world.creatives.get(entry.creative_id)
    if facts is None or not any(one in facts.languages for one in languages):
        return entry
    return LoopEntry(
        entry.placement_id, entry.campaign_id, entry.creative_id, spoken(facts, languages, 0), entry.duration_ms
    )
