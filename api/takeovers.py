"""Takeovers: one creative alone on everything that its targets match, for a while and for a reason."""

from datetime import datetime
from typing import Any

import msgspec
from flask import Response
from msgspec import Struct
from sqlalchemy.orm import Session

from api import refs
from api.kit import Listing, Page, call, change, given, in_order, newest
from api.shapes import Moment, Reason, Targets
from core.services import services
from people.guards import principal
from people.roles import Principal
from playlists import actions, queries
from playlists.models import Takeover
from signage.takeovers import Confirmation, confirmations


class TakeoverIn(Struct, kw_only=True, forbid_unknown_fields=True):
    """A new takeover; without `starts_at` it begins at once. Of two, the one that started later rules."""

    creative: str
    targets: Targets
    ends_at: Moment
    reason: Reason
    starts_at: Moment | None = None
    owner_area: str | None = None


class TakeoverOut(Struct, kw_only=True):
    """A takeover; `ended_at` is set where somebody ended it before its time."""

    id: str
    creative: str
    targets: dict[str, Any]
    owner_area_path: str
    starts_at: datetime
    ends_at: datetime
    reason: str
    created_by: str
    created_at: datetime
    ended_at: datetime | None


class TakeoverDetail(TakeoverOut, kw_only=True):
    """A takeover with the number of screens it is for, and of those that have said that they show it."""

    screens: int
    screens_confirmed: int


class ConfirmationOut(Struct, kw_only=True):
    """A screen that a takeover is for; `confirmed_at` is when it first said that it shows it."""

    screen: str
    name: str
    location: str
    confirmed_at: datetime | None


class Running(Listing, kw_only=True, forbid_unknown_fields=True):
    """Which takeovers: all, or those that rule now or will."""

    running: bool = False


@call("GET", "/takeovers", tag="Takeovers", role="viewer", query=Running, answers=Page[TakeoverOut])
def list_takeovers(query: Running) -> Response:
    """List the takeovers of your areas, the latest first."""
    at = services().clock.now() if query.running else None
    with services().db.read() as s:
        rows = queries.takeovers(s, principal().scope("viewer"), running_at=at)
    return in_order(rows, lambda row: newest(row.starts_at, row.id), takeover_out)


@call(
    "POST",
    "/takeovers",
    tag="Takeovers",
    role="approver",
    body=TakeoverIn,
    answers=TakeoverOut,
    status=201,
    refuses=(404,),
)
def start_takeover(body: TakeoverIn) -> TakeoverOut:
    """Take over screens and splash pages."""

    def work(s: Session, who: Principal, now: datetime) -> Takeover:
        refs.owner(s, who, "approver", body.owner_area)
        return actions.takeover(s, **given(body), by=who, now=now)

    return takeover_out(change(work))


@call("GET", "/takeovers/<ref>", tag="Takeovers", role="viewer", answers=TakeoverDetail, refuses=(404,))
def get_takeover(ref: str) -> TakeoverDetail:
    """Read a takeover, and how many screens have confirmed it."""
    with services().db.read() as s:
        row = refs.takeover(s, principal(), "viewer", ref)
        told = confirmations(s, row)
    return TakeoverDetail(
        **msgspec.structs.asdict(takeover_out(row)), screens=len(told.screens), screens_confirmed=told.confirmed
    )


@call(
    "GET",
    "/takeovers/<ref>/screens",
    tag="Takeovers",
    role="viewer",
    query=Listing,
    answers=Page[ConfirmationOut],
    refuses=(404,),
)
def list_takeover_screens(ref: str, query: Listing) -> Response:
    """List the screens that a takeover is for, each with when it confirmed that it shows it."""
    with services().db.read() as s:
        told = confirmations(s, refs.takeover(s, principal(), "viewer", ref))
    return in_order(sorted(told.screens, key=lambda one: one.screen_id), lambda one: one.screen_id, confirmation_out)


@call("DELETE", "/takeovers/<ref>", tag="Takeovers", role="approver", answers=TakeoverOut, refuses=(404, 409))
def end_takeover(ref: str) -> TakeoverOut:
    """End a takeover before its time."""

    def work(s: Session, who: Principal, now: datetime) -> Takeover:
        refs.takeover(s, who, "approver", ref)
        return actions.end_takeover(s, ref, by=who, now=now)

    return takeover_out(change(work))


def takeover_out(row: Takeover) -> TakeoverOut:
    """As it is shown."""
    own = ("creative", "owner_area_path", "created_by")
    same = {name: getattr(row, name) for name in TakeoverOut.__struct_fields__ if name not in own}
    return TakeoverOut(creative=row.creative_id, owner_area_path=row.owner_path, created_by=row.created_by_name, **same)


def confirmation_out(one: Confirmation) -> ConfirmationOut:
    """As it is shown."""
    return ConfirmationOut(screen=one.screen_id, name=one.name, location=one.location, confirmed_at=one.at)
