"""What a screen shows now, by its own word where it has reported, with the picture that it shows it in."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

import msgspec

from core.services import services
from playlists.library import creative_names
from playlists.programme import LoopEntry, World
from signage.desk import desk
from signage.manifest import entry_id
from signage.queries import FleetRow


@dataclass(frozen=True)
class Shown:
    """One entry of the screen's manifest. ``told`` is whether the screen said so, or the plan does."""

    creative: str
    name: str
    media_url: str
    mime: str
    qr: dict[str, Any] | None
    told: bool


@dataclass(frozen=True)
class Named:
    """A creative by name; ``told`` is whether the screen said so, or the plan does."""

    creative: str
    name: str
    told: bool


def named(rows: Iterable[FleetRow], now: datetime) -> dict[str, Named]:
    """What each of these screens shows, by name, for a list: of what is published, no manifest is made for it."""
    world = desk().board.world
    known = entries_of(world)
    found = {}
    for row in rows:
        told = known.get(row.status.entry or "") if row.status else None
        if told is None and row.seen_at is None:
            continue
        creative = told or _should_show(row, now)
        if creative:
            facts = world.creatives.get(creative)
            found[row.screen.id] = Named(creative, facts.name if facts else creative, told is not None)
    return found


def _should_show(row: FleetRow, now: datetime) -> str | None:
    shown = shown_by(row, now)
    return shown.creative if shown else None


def entries_of(world: World) -> dict[str, str]:
    """The creative behind each entry id that what is published can give; worked out once for each publication."""
    found = world.worked_out.get("entries")
    if found is None:
        found = world.worked_out["entries"] = dict(_entries(world))
    return cast(dict[str, str], found)


def _entries(world: World) -> Iterator[tuple[str, str]]:
    placements = [each for campaign in world.campaigns for each in campaign.placements]
    sources = [(one.id, (*one.creatives, *(c for arm in one.arms for c in arm.creatives))) for one in placements]
    sources += [(one.id, (one.creative,)) for one in world.takeovers]
    for placement, creatives in sources:
        for creative in creatives:
            facts = world.creatives.get(creative)
            for language in facts.languages if facts else ():
                yield entry_id(LoopEntry(placement, None, creative, language, 0)), creative


def shown_by(row: FleetRow, now: datetime) -> Shown | None:
    """None while no picture fits the screen yet."""
    try:
        body, _etag = desk().board.body(row.screen.id, now)
    except KeyError:
        return None
    manifest = msgspec.json.decode(body)
    said = row.status.entry if row.status else None
    entry = manifest["entries"].get(said) or manifest["entries"].get(_planned(manifest, now))
    return _shown(entry, told=said in manifest["entries"]) if entry else None


def _planned(manifest: dict[str, Any], now: datetime) -> str:
    """The first entry of the segment of this moment."""
    moment = now.isoformat()
    for segment in manifest["programme"]:
        if segment["from"] <= moment < segment["until"] and segment["loop"]:
            return str(segment["loop"][0])
    return str(manifest["fallback"])


def _shown(entry: dict[str, Any], *, told: bool) -> Shown:
    with services().db.read() as db:
        names = creative_names(db, [entry["creative"]])
    name = names.get(entry["creative"], entry["creative"])
    return Shown(entry["creative"], name, entry["media_url"], entry["mime"], entry.get("qr"), told)
