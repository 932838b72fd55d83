"""Placements: which creatives of a campaign are shown where, when and how often."""

from datetime import datetime
from typing import Annotated, Any

from msgspec import UNSET, Meta, Struct, UnsetType
from sqlalchemy.orm import Session

from api import refs
from api.kit import call, change, given
from api.shapes import Codes, Daypart, Name, Targets
from core.services import services
from people.guards import principal
from people.roles import Principal
from playlists import actions
from playlists.models import Placement

Weight = Annotated[int, Meta(ge=1, le=100)]
Priority = Annotated[str, Meta(pattern="^(filler|normal|important)$")]
Cap = Annotated[int, Meta(ge=1, le=3600)]
Holidays = Annotated[str, Meta(pattern="^(play|skip|only)$")]


class Variant(Struct, kw_only=True, forbid_unknown_fields=True):
    """One arm of an experiment, with its share of the spots."""

    name: Name
    creatives: Codes
    share: Weight = 1


class PlacementIn(Struct, kw_only=True, forbid_unknown_fields=True):
    """A new placement. Among placements of one priority, `weight` is the share of air time."""

    creatives: Codes
    targets: Targets
    dayparts: list[Daypart] | UnsetType = UNSET
    weight: Weight | UnsetType = UNSET
    priority: Priority | UnsetType = UNSET
    max_plays_per_hour: Cap | UnsetType | None = UNSET
    on_holidays: Holidays | UnsetType = UNSET
    variants: list[Variant] | UnsetType = UNSET


class PlacementPatch(Struct, kw_only=True, forbid_unknown_fields=True):
    """What is to change; the campaign then asks for approval again."""

    creatives: Codes | UnsetType = UNSET
    targets: Targets | UnsetType = UNSET
    dayparts: list[Daypart] | UnsetType = UNSET
    weight: Weight | UnsetType = UNSET
    priority: Priority | UnsetType = UNSET
    max_plays_per_hour: Cap | UnsetType | None = UNSET
    on_holidays: Holidays | UnsetType = UNSET
    variants: list[Variant] | UnsetType = UNSET


class PlacementOut(Struct, kw_only=True):
    """A placement."""

    id: str
    campaign: str
    creatives: list[str]
    targets: dict[str, Any]
    dayparts: list[dict[str, Any]]
    weight: int
    priority: str
    max_plays_per_hour: int | None
    on_holidays: str
    variants: list[dict[str, Any]]
    created_at: datetime


@call(
    "POST",
    "/campaigns/<ref>/placements",
    tag="Campaigns",
    role="editor",
    body=PlacementIn,
    answers=PlacementOut,
    status=201,
    refuses=(404, 409),
)
def add_placement(ref: str, body: PlacementIn) -> PlacementOut:
    """Place creatives of a campaign."""

    def work(s: Session, who: Principal, now: datetime) -> Placement:
        refs.campaign(s, who, "editor", ref)
        return actions.add_placement(s, ref, **given(body), by=who, now=now)

    return placement_out(change(work))


@call("GET", "/placements/<ref>", tag="Campaigns", role="viewer", answers=PlacementOut, refuses=(404,))
def get_placement(ref: str) -> PlacementOut:
    """Read a placement."""
    with services().db.read() as s:
        return placement_out(refs.placement(s, principal(), "viewer", ref))


@call(
    "PATCH",
    "/placements/<ref>",
    tag="Campaigns",
    role="editor",
    body=PlacementPatch,
    answers=PlacementOut,
    refuses=(404, 409),
)
def update_placement(ref: str, body: PlacementPatch) -> PlacementOut:
    """Change a placement."""

    def work(s: Session, who: Principal, now: datetime) -> Placement:
        refs.placement(s, who, "editor", ref)
        return actions.update_placement(s, ref, given(body), by=who, now=now)

    return placement_out(change(work))


@call("DELETE", "/placements/<ref>", tag="Campaigns", role="editor", answers=None, status=204, refuses=(404, 409))
def remove_placement(ref: str) -> None:
    """Take a placement out of its campaign."""

    def work(s: Session, who: Principal, now: datetime) -> None:
        refs.placement(s, who, "editor", ref)
        actions.remove_placement(s, ref, by=who, now=now)

    change(work)


def placement_out(row: Placement) -> PlacementOut:
    """As it is shown."""
    same = {name: getattr(row, name) for name in PlacementOut.__struct_fields__ if name != "campaign"}
    return PlacementOut(campaign=row.campaign_id, **same)
