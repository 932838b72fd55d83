"""What a screen shows now, by its own word where it has reported, with the picture that it shows it in."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from core.services import services
from playlists.library import creative_names
from signage.desk import desk
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
