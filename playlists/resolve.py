"""The resolver: what one spot plays. What one visitor sees is drawn in `playlists.odds`.

Pure: the same world, spot and window give the same programme on every machine, in every process.
"""

from datetime import datetime

from playlists.index import index_of
from playlists.moments import from_ms, to_ms
from playlists.plot import Timeline
from playlists.programme import Programme, Segment, Spot, TakeoverSlot, World


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
