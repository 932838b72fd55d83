"""The way to the screen: draft → submitted → approved, and from there paused, resumed, ended."""

from datetime import datetime

from sqlalchemy.orm import Session

from core.errors import Conflict, Forbidden
from people.actions import audit
from people.queries import audit_entries
from people.roles import Principal
from places.queries import setting
from playlists import queries, snapshots
from playlists.actions.campaigns import campaign_of, editable
from playlists.actions.owners import check_places, need
from playlists.actions.publishing import Published, publish
from playlists.forms import judging
from playlists.library import check_creatives
from playlists.models import Campaign
from playlists.snapshots import target_of

FOUR_EYES = "four_eyes"
DECISIONS = {f"campaign.{verb}" for verb in ("send_back", "pause", "resume", "end")}
MOST_STEPS = 1_000


def submit(s: Session, campaign_id: str, *, by: Principal, now: datetime) -> Campaign:
    """Hands a draft to the approvers. Invalid if it could not play."""
    found = editable(s, campaign_id, by)
    if found.status != "draft":
        raise Conflict(f"Only a draft can be submitted; this campaign is {found.status}")
    _judge(s, found, now)
    found.status, found.submitted_by, found.updated_at = "submitted", by.id, now
    s.flush()
    audit(s, by, "campaign.submit", "campaign", found.id, found.owner_path, {}, now=now)
    return found


def approve(s: Session, campaign_id: str, *, by: Principal, now: datetime) -> Published:
    """Publishes what was submitted. Where the area asks for four eyes, not by any of its authors or its submitter."""
    found = campaign_of(s, campaign_id)
    need(by, "approver", found.owner_path)
    if found.status != "submitted":
        raise Conflict(f"Only what was submitted can be approved; this campaign is {found.status}")
    if setting(s, found.owner_path, FOUR_EYES, False) and by.id in _authors(s, found):
        raise Forbidden("In this area someone else than the author has to approve")
    _judge(s, found, now)
    found.status, found.approved_by, found.standing = "approved", by.id, "live"
    return _publish(s, found, "approve", by, now)


def _authors(s: Session, found: Campaign) -> set[str]:
    """Who has had a hand in what is to be approved: in anything since the last approval, not in the last edit alone."""
    authors = {one for one in (found.edited_by, found.submitted_by) if one is not None}
    for entry in audit_entries(s, kind="campaign", ref=found.id, limit=MOST_STEPS):
        if entry.action == "campaign.approve":
            break
        if entry.action not in DECISIONS:
            authors.add(entry.actor_id)
    return authors


def send_back(s: Session, campaign_id: str, reason: str, *, by: Principal, now: datetime) -> Campaign:
    """Returns what was submitted to its author, with a reason."""
    found = campaign_of(s, campaign_id)
    need(by, "approver", found.owner_path)
    if found.status != "submitted":
        raise Conflict(f"Only what was submitted can be sent back; this campaign is {found.status}")
    found.status, found.submitted_by, found.updated_at = "draft", None, now
    s.flush()
    audit(s, by, "campaign.send_back", "campaign", found.id, found.owner_path, {"reason": reason[:500]}, now=now)
    return found


def pause(s: Session, campaign_id: str, *, by: Principal, now: datetime) -> Published:
    """Takes what is published off every screen until it is resumed; an editor may, for stopping is the safe side."""
    found = editable(s, campaign_id, by)
    _need_standing(found, "live", "paused")
    found.standing = "paused"
    return _republish(s, found, "pause", "paused", by, now)


def resume(s: Session, campaign_id: str, *, by: Principal, now: datetime) -> Published:
    """Lets what was published play again."""
    found = editable(s, campaign_id, by)
    need(by, "approver", found.owner_path)
    _need_standing(found, "paused", "resumed")
    found.standing = "live"
    return _republish(s, found, "resume", "approved", by, now)


def end(s: Session, campaign_id: str, *, by: Principal, now: datetime) -> Published:
    """Ends a campaign for good."""
    found = editable(s, campaign_id, by)
    need(by, "approver", found.owner_path)
    if found.standing == "unpublished":
        raise Conflict("Only what has been published can be ended")
    found.standing = "ended"
    return _republish(s, found, "end", "ended", by, now)


def _need_standing(found: Campaign, standing: str, done: str) -> None:
    if found.standing != standing:
        raise Conflict(f"Only a {standing} campaign can be {done}; this one is {found.standing}")


def _publish(s: Session, found: Campaign, action: str, by: Principal, now: datetime) -> Published:
    doc = snapshots.campaign_doc(queries.plan(found, "approved"))
    return _put(s, found, action, doc, by, now)


def _republish(s: Session, found: Campaign, action: str, status: str, by: Principal, now: datetime) -> Published:
    """What was published, with another status: the present draft has no part in it."""
    line = queries.latest(s, "campaign", found.id)
    if line is None or line.snapshot is None:
        raise Conflict("This campaign has not been published")
    return _put(s, found, action, {**line.snapshot, "status": status}, by, now)


def _put(s: Session, found: Campaign, action: str, doc: snapshots.Doc, by: Principal, now: datetime) -> Published:
    done = publish(s, action, "campaign", found.id, doc, name=found.name, area_path=found.owner_path, by=by, now=now)
    found.published_seq, found.updated_at = done.seq, now
    s.flush()
    return done


def _judge(s: Session, found: Campaign, now: datetime) -> None:
    with judging() as faults:
        faults.check(found.ends_at > now, "ends_at", "has passed")
        faults.check(bool(found.placements), "placements", "must hold at least one placement")
        for place, row in enumerate(found.placements):
            check_creatives(s, faults, tuple(row.creatives), found.owner_path, f"placements[{place}].creatives")
            check_places(s, faults, target_of(row.targets), found.owner_path, f"placements[{place}].targets")
