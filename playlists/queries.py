"""What is published, planned and proposed. Each takes a session and never commits."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Text, cast, func, select
from sqlalchemy.orm import Session

from core.paths import ROOT, below
from places.models import Location
from places.queries import locations, locations_by_code
from playlists import models, programme, snapshots
from playlists.library import creative_facts
from playlists.models import Publication
from playlists.programme import Campaign, Spot, World
from playlists.reach import spots_at
from playlists.targets import Target, inside, matches

LIVE = "approved"


def load_world(s: Session, at: datetime | None = None, *, drafts: bool = False) -> World:
    """What is published now, or what was at a moment; with ``drafts``, also campaigns that do not play."""
    lines = published(s, at)
    campaigns = [_campaign(line, line.snapshot) for line in lines if line.kind == "campaign" and line.snapshot]
    waiting = [one for one in campaigns if one.status != LIVE]
    return World(
        campaigns=tuple(one for one in campaigns if one.status == LIVE),
        takeovers=tuple(_takeover(row, at) for row in _takeovers(s, at)),
        fallbacks=tuple(snapshots.fallback_of(x.snapshot) for x in lines if x.kind == "fallback" and x.snapshot),
        holidays=tuple(snapshots.holiday_of(x.snapshot) for x in lines if x.kind == "holiday" and x.snapshot),
        creatives=creative_facts(s, at),
        drafts=(*waiting, *_unpublished(s, {one.id for one in campaigns})) if drafts else (),
    )


def _campaign(line: Publication, doc: snapshots.Doc) -> Campaign:
    """As it was published; but its owner may hang elsewhere in the tree by now."""
    return replace(snapshots.campaign_of(doc), owner_path=line.area_path)


def published(s: Session, at: datetime | None = None, seq: int | None = None) -> list[Publication]:
    """The line that holds for each kind and reference: now, at a moment, or after line ``seq``."""
    newest = select(func.max(Publication.seq)).group_by(Publication.kind, Publication.ref)
    if at is not None:
        newest = newest.where(Publication.at <= at)
    if seq is not None:
        newest = newest.where(Publication.seq <= seq)
    query = select(Publication).where(Publication.seq.in_(newest)).order_by(Publication.kind, Publication.ref)
    return list(s.scalars(query))


def publication(s: Session, seq: int) -> Publication | None:
    """One line of the log."""
    return s.get(Publication, seq)


def publications(
    s: Session,
    under: Iterable[str] = (ROOT,),
    *,
    campaign: str | None = None,
    before: int | None = None,
    limit: int = 50,
) -> list[Publication]:
    """The log, newest first."""
    query = select(Publication).where(below(Publication.area_path, under))
    if campaign is not None:
        query = query.where(Publication.kind == "campaign", Publication.ref == campaign)
    if before is not None:
        query = query.where(Publication.seq < before)
    return list(s.scalars(query.order_by(Publication.seq.desc()).limit(limit)))


def latest(s: Session, kind: str, ref: str) -> Publication | None:
    """The line that holds for one thing."""
    query = select(Publication).where(Publication.kind == kind, Publication.ref == ref)
    return s.scalar(query.order_by(Publication.seq.desc()).limit(1))


def was_published(s: Session, creative_id: str) -> bool:
    """Whether a publication or a takeover ever had this creative: who approved it has seen it as it is."""
    taken = select(models.Takeover.id).where(models.Takeover.creative_id == creative_id)
    told = select(Publication.seq).where(cast(Publication.snapshot, Text).contains(f'"{creative_id}"', autoescape=True))
    return any(s.execute(query.limit(1)).first() is not None for query in (taken, told))


def placements_of(s: Session, creative_id: str) -> Sequence[models.Placement]:
    """The placements that show a creative, as their authors have them now."""
    shown = models.PlacementCreative
    query = select(models.Placement).join(shown, shown.placement_id == models.Placement.id)
    return s.scalars(query.where(shown.creative_id == creative_id).order_by(models.Placement.id)).all()


def campaign(s: Session, campaign_id: str) -> models.Campaign | None:
    """A campaign as its authors have it now."""
    return s.get(models.Campaign, campaign_id)


def placement(s: Session, placement_id: str) -> models.Placement | None:
    """A placement as its authors have it now."""
    return s.get(models.Placement, placement_id)


def campaigns(
    s: Session,
    under: Iterable[str] = (ROOT,),
    *,
    after: tuple[datetime, str] | None = None,
    limit: int | None = None,
) -> list[models.Campaign]:
    """Campaigns owned within these areas, newest first; ``after`` is (created_at, id) of the last one seen."""
    query = select(models.Campaign).where(below(models.Campaign.owner_path, under))
    if after is not None:
        at, last = after
        same = (models.Campaign.created_at == at) & (models.Campaign.id < last)
        query = query.where((models.Campaign.created_at < at) | same)
    return list(s.scalars(query.order_by(models.Campaign.created_at.desc(), models.Campaign.id.desc()).limit(limit)))


def takeover(s: Session, takeover_id: str) -> models.Takeover | None:
    """One takeover."""
    return s.get(models.Takeover, takeover_id)


def takeovers(
    s: Session, under: Iterable[str] = (ROOT,), *, running_at: datetime | None = None, limit: int | None = None
) -> list[models.Takeover]:
    """Takeovers of these areas, newest first; with ``running_at``, those that rule or will rule from then on."""
    query = select(models.Takeover).where(below(models.Takeover.owner_path, under))
    if running_at is not None:
        query = query.where(models.Takeover.ends_at > running_at, models.Takeover.ended_at.is_(None))
    return list(s.scalars(query.order_by(models.Takeover.starts_at.desc(), models.Takeover.id).limit(limit)))


def plan(row: models.Campaign, status: str | None = None) -> programme.Campaign:
    """The campaign as it would be published now."""
    return programme.Campaign(
        row.id,
        row.name,
        row.starts_at,
        row.ends_at,
        row.owner_path,
        tuple(snapshots.placement_of(_doc(one)) for one in row.placements),
        status or row.status,
        tuple(sorted(row.destination.items())),
    )


def reached(s: Session, target: Target, owner_path: str) -> Iterator[tuple[Location, tuple[Spot, ...]]]:
    """The open locations that a target matches within the owner's area, with the kinds of spot it matches there."""
    for place in _near(s, target, owner_path):
        hit = tuple(one for one in spots_at(place) if matches(target, one))
        if hit and inside(place.area_path, owner_path):
            yield place, hit


def _near(s: Session, target: Target, owner_path: str) -> Sequence[Location]:
    if target.locations:
        return [one for one in locations_by_code(s, target.locations).values() if one.closed_at is None]
    return locations(s, [owner_path])


def _doc(row: models.Placement) -> dict[str, Any]:
    kept = ("id", "creatives", "targets", "dayparts", "on_holidays", "weight", "priority", "max_plays_per_hour")
    return {name: getattr(row, name) for name in (*kept, "variants")}


def _unpublished(s: Session, known: set[str]) -> Iterator[programme.Campaign]:
    rows = select(models.Campaign).where(models.Campaign.standing == "unpublished")
    yield from (plan(row) for row in s.scalars(rows.order_by(models.Campaign.id)) if row.id not in known)


def _takeovers(s: Session, at: datetime | None) -> Iterable[models.Takeover]:
    query = select(models.Takeover).order_by(models.Takeover.id)
    return s.scalars(query if at is None else query.where(models.Takeover.created_at <= at))


def _takeover(row: models.Takeover, at: datetime | None) -> programme.Takeover:
    ended = row.ended_at is not None and (at is None or row.ended_at <= at)
    return programme.Takeover(
        row.id,
        row.creative_id,
        snapshots.target_of(row.targets),
        row.starts_at,
        min(row.ends_at, row.ended_at) if ended and row.ended_at else row.ends_at,
        row.owner_path,
        row.reason,
        row.created_by_name,
    )
