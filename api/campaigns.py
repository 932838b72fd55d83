"""Campaigns: what is shown, from when to when, and where its codes lead. Written, submitted, approved."""

from datetime import datetime
from typing import Any

from flask import Response
from msgspec import UNSET, Struct, UnsetType
from sqlalchemy.orm import Session

from api import refs
from api.kit import Listing, Page, call, change, given
from api.placements import PlacementOut, placement_out
from api.shapes import Moment, Name, Reason, Url
from core.db import from_ms, to_ms
from core.errors import Invalid
from core.http import PageArgs, page_args, page_of
from core.services import services
from people.guards import principal
from people.roles import Principal
from playlists import actions, queries
from playlists.models import Campaign


class Destination(Struct, kw_only=True, forbid_unknown_fields=True):
    """Where a code leads: to this phone's store, and everybody else to `other_url`. At least one."""

    android_url: Url | UnsetType | None = UNSET
    ios_url: Url | UnsetType | None = UNSET
    other_url: Url | UnsetType | None = UNSET


class CampaignIn(Struct, kw_only=True, forbid_unknown_fields=True):
    """A new campaign; `owner_area` may be left out by who works in one area."""

    name: Name
    starts_at: Moment
    ends_at: Moment
    destination: Destination
    owner_area: str | None = None


class CampaignPatch(Struct, kw_only=True, forbid_unknown_fields=True):
    """What is to change; the campaign then asks for approval again, and plays on as published until it has it."""

    name: Name | UnsetType = UNSET
    starts_at: Moment | UnsetType = UNSET
    ends_at: Moment | UnsetType = UNSET
    destination: Destination | UnsetType = UNSET


class CampaignOut(Struct, kw_only=True):
    """A campaign. `status` is how far its present text has come (draft, submitted, approved), `standing` what became
    of the last text that was approved (unpublished, live, paused, ended), `state` both in one word."""

    id: str
    name: str
    state: str
    status: str
    standing: str
    owner_area_path: str
    starts_at: datetime
    ends_at: datetime
    destination: dict[str, str]
    revision: int
    created_at: datetime
    updated_at: datetime
    placements: list[PlacementOut]


class SendBack(Struct, forbid_unknown_fields=True):
    """Why."""

    reason: Reason


@call("GET", "/campaigns", tag="Campaigns", role="viewer", query=Listing, answers=Page[CampaignOut])
def list_campaigns(query: Listing) -> Response:
    """List the campaigns of your areas, the newest first."""
    args = page_args()
    with services().db.read() as s:
        rows = queries.campaigns(s, principal().scope("viewer"), after=_after(args), limit=args.limit + 1)
    return page_of(rows, args, lambda row: f"{to_ms(row.created_at)} {row.id}", campaign_out)


@call(
    "POST",
    "/campaigns",
    tag="Campaigns",
    role="editor",
    body=CampaignIn,
    answers=CampaignOut,
    status=201,
    refuses=(404,),
)
def create_campaign(body: CampaignIn) -> CampaignOut:
    """Make a campaign."""

    def work(s: Session, who: Principal, now: datetime) -> Campaign:
        refs.owner(s, who, "editor", body.owner_area)
        return actions.create_campaign(s, **given(body), by=who, now=now)

    return campaign_out(change(work))


@call("GET", "/campaigns/<ref>", tag="Campaigns", role="viewer", answers=CampaignOut, refuses=(404,))
def get_campaign(ref: str) -> CampaignOut:
    """Read a campaign with its placements."""
    with services().db.read() as s:
        return campaign_out(refs.campaign(s, principal(), "viewer", ref))


@call(
    "PATCH",
    "/campaigns/<ref>",
    tag="Campaigns",
    role="editor",
    body=CampaignPatch,
    answers=CampaignOut,
    refuses=(404, 409),
)
def update_campaign(ref: str, body: CampaignPatch) -> CampaignOut:
    """Change a campaign."""

    def work(s: Session, who: Principal, now: datetime) -> Campaign:
        refs.campaign(s, who, "editor", ref)
        return actions.update_campaign(s, ref, given(body), by=who, now=now)

    return campaign_out(change(work))


@call("DELETE", "/campaigns/<ref>", tag="Campaigns", role="editor", answers=None, status=204, refuses=(404, 409))
def delete_campaign(ref: str) -> None:
    """Forget a campaign that was never published; a published one is ended instead."""

    def work(s: Session, who: Principal, now: datetime) -> None:
        refs.campaign(s, who, "editor", ref)
        actions.delete_campaign(s, ref, by=who, now=now)

    change(work)


@call("POST", "/campaigns/<ref>/submit", tag="Campaigns", role="editor", answers=CampaignOut, refuses=(404, 409))
def submit_campaign(ref: str) -> CampaignOut:
    """Hand a draft to the approvers."""
    return _step(ref, "editor", actions.submit)


@call("POST", "/campaigns/<ref>/approve", tag="Campaigns", role="approver", answers=CampaignOut, refuses=(404, 409))
def approve_campaign(ref: str) -> CampaignOut:
    """Publish what was submitted.

    Where the area asks for four eyes, not by its author."""
    return _step(ref, "approver", actions.approve)


@call(
    "POST",
    "/campaigns/<ref>/send-back",
    tag="Campaigns",
    role="approver",
    body=SendBack,
    answers=CampaignOut,
    refuses=(404, 409),
)
def send_back_campaign(ref: str, body: SendBack) -> CampaignOut:
    """Return what was submitted to its author."""

    def work(s: Session, who: Principal, now: datetime) -> Campaign:
        refs.campaign(s, who, "approver", ref)
        return actions.send_back(s, ref, body.reason, by=who, now=now)

    return campaign_out(change(work))


@call("POST", "/campaigns/<ref>/pause", tag="Campaigns", role="editor", answers=CampaignOut, refuses=(404, 409))
def pause_campaign(ref: str) -> CampaignOut:
    """Take a campaign off every screen until it is resumed."""
    return _step(ref, "editor", actions.pause)


@call("POST", "/campaigns/<ref>/resume", tag="Campaigns", role="approver", answers=CampaignOut, refuses=(404, 409))
def resume_campaign(ref: str) -> CampaignOut:
    """Let a paused campaign play again."""
    return _step(ref, "approver", actions.resume)


@call("POST", "/campaigns/<ref>/end", tag="Campaigns", role="approver", answers=CampaignOut, refuses=(404, 409))
def end_campaign(ref: str) -> CampaignOut:
    """End a campaign for good."""
    return _step(ref, "approver", actions.end)


def _step(ref: str, role: str, verb: Any) -> CampaignOut:
    def work(s: Session, who: Principal, now: datetime) -> Campaign:
        found = refs.campaign(s, who, role, ref)
        verb(s, ref, by=who, now=now)
        return found

    return campaign_out(change(work))


def campaign_out(row: Campaign) -> CampaignOut:
    """As it is shown."""
    own = ("state", "owner_area_path", "placements")
    same = {name: getattr(row, name) for name in CampaignOut.__struct_fields__ if name not in own}
    return CampaignOut(
        state=row.state(services().clock.now()),
        owner_area_path=row.owner_path,
        placements=[placement_out(each) for each in row.placements],
        **same,
    )


def _after(args: PageArgs) -> tuple[datetime, str] | None:
    if args.after is None:
        return None
    ms, _, ref = args.after.partition(" ")
    if not ms.isascii() or not ms.isdigit():
        raise Invalid([("cursor", "must be the 'next' of an earlier answer")])
    return from_ms(int(ms)), ref
