"""Takeovers: one creative alone on everything that its targets match, for a while and for a reason."""

from datetime import datetime
from typing import Any

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


@call("GET", "/takeovers/<ref>", tag="Takeovers", role="viewer", answers=TakeoverOut, refuses=(404,))
def get_takeover(ref: str) -> TakeoverOut:
    """Read a takeover."""
    with services().db.read() as s:
        return takeover_out(refs.takeover(s, principal(), "viewer", ref))


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
