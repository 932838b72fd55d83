"""Changing a creative, and taking one away: what was approved is what is shown, until the next approval."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from core.errors import NotFound
from media import actions as library
from media import queries as pictures
from media.models import Creative
from media.wishes import CreativeWish, parse_qr
from people.roles import Principal
from playlists import queries
from playlists.actions.campaigns import edited
from playlists.actions.owners import need
from playlists.models import Placement


def change_creative(s: Session, creative_id: str, wish: CreativeWish, *, by: Principal, now: datetime) -> Creative:
    """Changes what a creative shows. Raises Invalid, NotFound, Forbidden, or Conflict once it was withdrawn.

    One that has been published stays as it was approved: a new creative takes its place in the campaigns that show it,
    as far as ``by`` may edit them, and these ask for approval again. What is returned has another id then.
    """
    found = _own(s, creative_id, by)
    if found.withdrawn_at is not None or not queries.was_published(s, creative_id):
        return library.change_creative(s, creative_id, wish, now=now)
    made = library.create_creative(s, wish, owner_path=found.owner_path, by=by.id, now=now)
    for placement in queries.placements_of(s, creative_id):
        campaign = queries.campaign(s, placement.campaign_id)
        if campaign is not None and campaign.standing != "ended" and by.allows("editor", campaign.owner_path):
            _exchange(placement, creative_id, made.id)
            edited(s, campaign, by, now, "placement.update", {"placement": placement.id, "fields": ["creatives"]})
    return made


def widen_code(s: Session, creative_id: str, *, by: Principal, now: datetime) -> Creative:
    """Makes the code as wide as the scan gate suggests, as any other change. Raises NotFound, Forbidden, Conflict."""
    found = _own(s, creative_id, by)
    if not queries.was_published(s, creative_id):
        return library.apply_suggestion(s, creative_id, now=now)
    width, wish = library.suggested_width(s, found), wish_of(found)
    wider = replace(wish, qr=parse_qr(found.qr_corner or "", width))
    return change_creative(s, creative_id, wider, by=by, now=now)


def wish_of(row: Creative) -> CreativeWish:
    """The wish that would make this creative."""
    has_code = row.qr_corner is not None and row.qr_width_pct is not None
    return CreativeWish(
        name=row.name,
        texts=row.texts,
        asset_id=row.asset_id,
        duration_ms=row.duration_ms,
        fit=row.fit,
        focal=(row.focal_x, row.focal_y),
        background=row.background,
        qr=parse_qr(row.qr_corner or "", row.qr_width_pct or 0.0) if has_code else None,
        sound=row.sound,
    )


def _own(s: Session, creative_id: str, by: Principal) -> Creative:
    found = pictures.creative(s, creative_id)
    if found is None:
        raise NotFound(f"There is no creative {creative_id!r}")
    need(by, "editor", found.owner_path)
    return found


def _exchange(placement: Placement, old: str, new: str) -> None:
    placement.creatives = _exchanged(placement.creatives, old, new)
    placement.variants = [{**arm, "creatives": _exchanged(arm["creatives"], old, new)} for arm in placement.variants]


def _exchanged(ids: Sequence[str], old: str, new: str) -> list[str]:
    return [new if one == old else one for one in ids]
