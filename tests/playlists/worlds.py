"""The smallest true worlds for tests of the resolver."""

from datetime import UTC, datetime, timedelta
from typing import Any

from playlists.programme import Campaign, CreativeFacts, Placement, Spot, World
from playlists.targets import Target

MONDAY = datetime(2026, 11, 23, tzinfo=UTC)
NOON = MONDAY + timedelta(hours=5)  # in Vietnam
EVERYWHERE = Target(media=("screen", "splash"))


def spot(**changes: Any) -> Spot:
    facts: dict[str, Any] = {
        "id": "scr_1",
        "location": "ben-xe",
        "area_path": "/93/93-1/",
        "venue_kind": "bus_station",
        "tags": (),
        "medium": "screen",
        "width": 1920,
        "height": 1080,
        "timezone": "Asia/Ho_Chi_Minh",
        "languages": ("vi",),
    }
    return Spot(**(facts | changes))


def creative(name: str, seconds: float = 10, languages: tuple[str, ...] = ("vi",), **more: Any) -> CreativeFacts:
    return CreativeFacts(name, int(seconds * 1000), languages, **more)


def placement(name: str, *creatives: str, **changes: Any) -> Placement:
    return Placement(name, creatives or (name,), changes.pop("target", EVERYWHERE), **changes)


def campaign(name: str, *placements: Placement, days: int = 30, **changes: Any) -> Campaign:
    starts = changes.pop("starts_at", MONDAY)
    ends = changes.pop("ends_at", starts + timedelta(days=days))
    return Campaign(
        name, changes.pop("title", name), starts, ends, changes.pop("owner_path", "/"), placements, **changes
    )


def world(*campaigns: Campaign, **more: Any) -> World:
    """A world in which every creative named lasts ten seconds, unless ``creatives`` says otherwise."""
    named = {name for one in campaigns for row in one.placements for name in row.creatives}
    named |= {one.creative for one in (*more.get("takeovers", ()), *more.get("fallbacks", ()))}
    facts = {name: creative(name) for name in named} | {one.id: one for one in more.pop("creatives", ())}
    return World(campaigns=campaigns, creatives=facts, **more)
