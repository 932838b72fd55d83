"""A screen's photograph of itself, held against what should have been on the glass at that moment.

Where a player stands in its loop is not known to the second, so any picture of the loops that were due will do: of
what was published when the photograph came, and of what was a little earlier, for a player hears of a change at its
next poll and then fetches files.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any, NamedTuple

from sqlalchemy.orm import Session

from core.errors import Problem
from core.log import log
from core.services import Services
from media import glass
from media.glass import Match, Wanted
from media.models import Rendition
from media.queries import ready_renditions
from media.shelf import EXTENSIONS
from playlists.programme import LoopEntry, Programme
from playlists.queries import load_world
from playlists.resolve import resolve
from signage import queries
from signage.board import Card, card_of
from signage.models import Screenshot

LATE = timedelta(seconds=90)  # a poll, the files, and the way of the photograph
EARLY = timedelta(seconds=5)
MOST = 60  # pictures that one photograph is held against, of those that were due and of the others
SAME, OTHER, DIFFERS, UNCLEAR = "same", "other", "differs", "unclear"
WRONG = (OTHER, DIFFERS)


class Sight(NamedTuple):
    """A picture that a glass may show."""

    creative: str
    language: str
    file: Wanted
    drawn_at: datetime


def compare(services: Services, screen_id: str) -> None:
    """Judges the screen's last photograph, and keeps verdict and evidence with it.

    ``same``: one of the pictures that were due; ``other``: another that the screen knows; ``differs``: none of them;
    ``unclear``: there was nothing to hold it against, or a picture was drawn anew meanwhile, or it cannot be read.
    """
    with services.db.read() as s:
        taken, found = queries.screenshot(s, screen_id), queries.hung_facts(s, screen_id)
        if taken is None or found is None:
            return
        due, others = sights(s, card_of(found), taken.at)
    try:
        verdict, evidence = _judged(services, taken, due, others)
    except Problem as problem:
        log.warning("a photograph was not compared", screen=screen_id, error=str(problem))
        verdict, evidence = UNCLEAR, _evidence(due, None, None)
    services.db.write(partial(_keep, screen_id=screen_id, sha256=taken.sha256, verdict=verdict, evidence=evidence))


def sights(s: Session, card: Card, at: datetime) -> tuple[list[Sight], list[Sight]]:
    """What may have been on the glass at that moment, and what else the screen knows."""
    worlds = [load_world(s, at), load_world(s, at - LATE)]
    shape = card.facts.width, card.facts.height
    creatives = sorted({"builtin"}.union(*(world.creatives for world in worlds)))
    drawn = ready_renditions(s, creatives, *shape, card.geometry)
    programmes = [resolve(world, card.spot, at - LATE, at + EARLY) for world in worlds]
    due = dict.fromkeys(key for one in programmes for key in _due(one, drawn))
    others = [key for key in drawn if key not in due and not drawn[key].mime.startswith("video/")]
    return [_sight(drawn[key]) for key in due if key in drawn][:MOST], [_sight(drawn[key]) for key in others][:MOST]


def _due(programme: Programme, drawn: dict[tuple[str, str], Rendition]) -> Iterator[tuple[str, str]]:
    """As the manifest has it: what is not drawn is left out, and where nothing is left the fallback plays."""
    for segment in reversed(programme.segments):
        here = [key for key in map(_key, segment.loop) if key in drawn]
        yield from here or [_key(programme.fallback)]


def _key(entry: LoopEntry) -> tuple[str, str]:
    return entry.creative_id, entry.language


def _sight(row: Rendition) -> Sight:
    place = None
    if row.qr_x is not None and row.qr_y is not None and row.qr_width is not None:
        place = row.qr_x, row.qr_y, row.qr_width
    return Sight(row.creative_id, row.language, Wanted(row.sha256, row.mime, place), row.made_at)


def _judged(
    services: Services, taken: Screenshot, due: Sequence[Sight], others: Sequence[Sight]
) -> tuple[str, dict[str, Any]]:
    best, match = _closest(services, taken, due)
    if match and match.same:
        return SAME, _evidence(due, best, match)
    other, known = _closest(services, taken, others)
    if known and known.same:
        return OTHER, _evidence(due, other, known)
    changing = any(one.drawn_at > taken.at - LATE for one in due)
    return UNCLEAR if changing or not due else DIFFERS, _evidence(due, None, match)


def _closest(services: Services, taken: Screenshot, among: Sequence[Sight]) -> tuple[Sight | None, Match | None]:
    if not among:
        return None, None
    matches = glass.compare(services.settings, taken.jpeg, [one.file for one in among])
    best = min(range(len(among)), key=lambda number: matches[number].apart)
    return among[best], matches[best]


def _evidence(due: Sequence[Sight], shown: Sight | None, match: Match | None) -> dict[str, Any]:
    return {
        "shown": _told(shown) if shown else None,
        "apart": round(match.apart, 1) if match else None,
        "turn": match.turn if match else 0,
        "due": [_told(one) for one in due],
    }


def _told(one: Sight) -> dict[str, Any]:
    file = one.file
    url = f"/media/{file.sha256}.{EXTENSIONS[file.mime]}"
    return {"creative": one.creative, "language": one.language, "media_url": url, "mime": file.mime}


def _keep(s: Session, screen_id: str, sha256: str, verdict: str, evidence: dict[str, Any]) -> None:
    row = s.get(Screenshot, screen_id)
    if row is not None and row.sha256 == sha256:  # else it has taken another meanwhile
        row.verdict, row.evidence = verdict, evidence
