"""Creatives: a picture or a text notice with words in each language and a place for the code, drawn for every shape."""

from collections.abc import Callable
from datetime import datetime

from flask import Response
from msgspec import UNSET
from sqlalchemy.orm import Session

from api import refs
from api.creative_shapes import (
    CreativeIn,
    CreativeOut,
    CreativePatch,
    Withdrawal,
    changed_wish,
    creative_out,
    wish_of,
)
from api.kit import Listing, Page, call, change, in_order, newest
from core.services import services
from media import actions, queries
from media.models import Creative
from people.actions import audit
from people.guards import principal
from people.roles import Principal
from playlists.actions import change_creative
from playlists.actions import withdraw_creative as withdraw


@call("GET", "/creatives", tag="Media", role="viewer", query=Listing, answers=Page[CreativeOut])
def list_creatives(query: Listing) -> Response:
    """List the creatives of your areas, the newest first, withdrawn ones too."""
    with services().db.read() as s:
        rows = queries.creatives(s, principal().scope("viewer"))
        return in_order(rows, lambda row: newest(row.created_at, row.id), lambda row: creative_out(s, row))


@call(
    "POST", "/creatives", tag="Media", role="editor", body=CreativeIn, answers=CreativeOut, status=201, refuses=(404,)
)
def create_creative(body: CreativeIn) -> CreativeOut:
    """Make a creative.

    It is drawn for every shape in use by the job process; until then its state is rendering."""

    def work(s: Session, who: Principal, now: datetime) -> CreativeOut:
        owner = refs.owner(s, who, "editor", body.owner_area)
        if body.asset is not None:
            refs.asset(s, who, "viewer", body.asset)
        made = actions.create_creative(s, wish_of(body), owner_path=owner, by=who.id, now=now)
        audit(s, who, "creative.create", "creative", made.id, owner, {"name": made.name}, now=now)
        return creative_out(s, made)

    return change(work)


@call("GET", "/creatives/<ref>", tag="Media", role="viewer", answers=CreativeOut, refuses=(404,))
def get_creative(ref: str) -> CreativeOut:
    """Read a creative with its pictures and what the scan gate says of them."""
    with services().db.read() as s:
        return creative_out(s, refs.creative(s, principal(), "viewer", ref))


@call(
    "PATCH",
    "/creatives/<ref>",
    tag="Media",
    role="editor",
    body=CreativePatch,
    answers=CreativeOut,
    refuses=(404, 409),
)
def update_creative(ref: str, body: CreativePatch) -> CreativeOut:
    """Change a creative.

    One that has been published stays as it was approved: a new creative, whose id is answered, takes its place in the
    campaigns that show it, and these ask for approval again."""

    def work(s: Session, who: Principal, now: datetime) -> CreativeOut:
        found = refs.creative(s, who, "editor", ref)
        if isinstance(body.asset, str):
            refs.asset(s, who, "viewer", body.asset)
        changed = change_creative(s, ref, changed_wish(found, body), by=who, now=now)
        detail = {"changed": [name for name in body.__struct_fields__ if getattr(body, name) is not UNSET]}
        if changed.id != ref:
            detail["replaces"] = [ref]
        audit(s, who, "creative.update", "creative", changed.id, found.owner_path, detail, now=now)
        return creative_out(s, changed)

    return change(work)


@call(
    "POST",
    "/creatives/<ref>/withdraw",
    tag="Media",
    role="approver",
    body=Withdrawal,
    answers=CreativeOut,
    refuses=(404, 409),
)
def withdraw_creative(ref: str, body: Withdrawal) -> CreativeOut:
    """Withdraw a creative: off every screen and splash page at once."""

    def work(s: Session, who: Principal, now: datetime) -> CreativeOut:
        refs.creative(s, who, "approver", ref)
        withdraw(s, ref, body.reason, by=who, now=now)
        return creative_out(s, refs.creative(s, who, "approver", ref))

    return change(work)


@call("POST", "/creatives/<ref>/stop", tag="Media", role="editor", answers=CreativeOut, refuses=(404, 409))
def stop_drawing(ref: str) -> CreativeOut:
    """Stop drawing a creative.

    The film under way ends within seconds and leaves nothing; pictures that were made stay. 409 where nothing is being
    drawn."""
    return _drawing(ref, "stop", actions.stop_drawing)


@call("POST", "/creatives/<ref>/draw", tag="Media", role="editor", answers=CreativeOut, refuses=(404, 409))
def draw_on(ref: str) -> CreativeOut:
    """Draw what a stop has left undone."""
    return _drawing(ref, "draw", actions.draw_on)


def _drawing(ref: str, verb: str, act: Callable[..., Creative]) -> CreativeOut:
    def work(s: Session, who: Principal, now: datetime) -> CreativeOut:
        found = refs.creative(s, who, "editor", ref)
        made = act(s, ref, now=now)
        audit(s, who, f"creative.{verb}", "creative", ref, found.owner_path, now=now)
        return creative_out(s, made)

    return change(work)
