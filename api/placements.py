"""Placements: which creatives of a campaign are shown where, when and how often."""

from datetime import date, datetime
from typing import Annotated, Any

from msgspec import UNSET, Meta, Struct, UnsetType, field
from sqlalchemy.orm import Session

from api import refs
from api.kit import call, change, given
from api.shapes import Codes, Daypart, Name, Targets
from core.errors import Conflict
from core.i18n import choose
from core.services import services
from people.guards import principal
from people.roles import Principal
from playlists import actions
from playlists.models import Placement
from reports.experiments import Comparison, Counted, compare, verdict

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


class Period(Struct, kw_only=True, forbid_unknown_fields=True):
    """From the first to the last local day, both included; without them, the campaign's days up to today."""

    first: date | None = field(name="from", default=None)
    last: date | None = field(name="to", default=None)


class VariantOut(Struct, kw_only=True):
    """A variant's `hits` of `trials`; `low` to `high` is its 95 % interval. Fractions; null where it was not shown."""

    name: str
    hits: int
    trials: int
    rate: float | None
    low: float | None
    high: float | None


class ComparisonOut(Struct, kw_only=True):
    """One outcome: `scans_per_play` on screens, `stores_per_view` on wifi. The leader against the next best: `gap` is
    the difference of their rates and `gap_low` to `gap_high` its interval; `verdict` says it in a sentence."""

    outcome: str
    variants: list[VariantOut]
    leader: str | None
    second: str | None
    gap: float | None
    gap_low: float | None
    gap_high: float | None
    decided: bool
    verdict: str


class ExperimentOut(Struct, kw_only=True):
    """How the variants of a placement do."""

    placement: str
    first: date = field(name="from")
    last: date = field(name="to")
    comparisons: list[ComparisonOut]


@call(
    "GET",
    "/placements/<ref>/experiment",
    tag="Campaigns",
    role="viewer",
    query=Period,
    answers=ExperimentOut,
    refuses=(404, 409),
)
def compare_variants(ref: str, query: Period) -> ExperimentOut:
    """Compare the variants of a placement."""
    today = services().clock.now().date()
    with services().db.read() as s:
        row = refs.placement(s, principal(), "viewer", ref)
        if not row.variants:
            raise Conflict("This placement has no variants to compare")
        campaign = refs.campaign(s, principal(), "viewer", row.campaign_id)
        first, last = query.first or campaign.starts_at.date(), query.last or today
        told = compare(s, row, first, last, under=principal().scope("viewer"))
    language = choose(("en", "vi"), "en")
    return ExperimentOut(
        placement=ref, first=first, last=last, comparisons=[comparison_out(each, language) for each in told]
    )


def comparison_out(one: Comparison, language: str) -> ComparisonOut:
    """As it is shown."""
    gap = one.gap
    return ComparisonOut(
        outcome=one.outcome,
        variants=[_variant_out(each) for each in one.counted],
        leader=one.leader or None,
        second=one.second or None,
        gap=gap.value if gap else None,
        gap_low=gap.low if gap else None,
        gap_high=gap.high if gap else None,
        decided=one.decided,
        verdict=verdict(one, language),
    )


def _variant_out(one: Counted) -> VariantOut:
    rate = one.rate
    return VariantOut(
        name=one.name,
        hits=one.hits,
        trials=one.trials,
        rate=rate.value if rate else None,
        low=rate.low if rate else None,
        high=rate.high if rate else None,
    )


def placement_out(row: Placement) -> PlacementOut:
    """As it is shown."""
    same = {name: getattr(row, name) for name in PlacementOut.__struct_fields__ if name != "campaign"}
    return PlacementOut(campaign=row.campaign_id, **same)
