"""Takeovers: exclusive, by one with a name, for a reason, until a moment that is set when they begin."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from core.errors import Conflict, NotFound
from core.ids import new_id
from people.actions import audit
from people.roles import Principal
from playlists import forms, queries
from playlists.actions.owners import check_places, need, owner_path
from playlists.actions.publishing import announce, link_takeover
from playlists.forms import judging
from playlists.library import check_creatives, keeps_a_code
from playlists.models import Takeover

LONGEST = timedelta(days=31)


def takeover(
    s: Session,
    *,
    creative: str,
    targets: Mapping[str, Any],
    ends_at: datetime,
    reason: str,
    starts_at: datetime | None = None,
    owner_area: str | None = None,
    by: Principal,
    now: datetime,
) -> Takeover:
    """Takes over what the targets match, at once or from ``starts_at``; an approver may, within their areas."""
    path = owner_path(s, by, "approver", owner_area)
    begins = max(starts_at or now, now)
    with judging() as faults:
        forms.period(faults, begins, ends_at)
        faults.check(ends_at - begins <= LONGEST, "ends_at", "must lie within 31 days of the start")
        faults.check(0 < len(reason.strip()) <= 500, "reason", "must say why, in 1 to 500 characters")
        target = forms.target(faults, targets)
        if not faults.errors:
            check_places(s, faults, target, path)
        check_creatives(s, faults, (creative,), path, "creative")
    made = Takeover(
        id=new_id("tko"),
        creative_id=creative,
        targets=forms.target_doc(target),
        owner_path=path,
        starts_at=begins,
        ends_at=ends_at,
        reason=reason.strip(),
        created_by=by.id,
        created_by_name=by.name,
        created_at=now,
    )
    s.add(made)
    s.flush()
    if keeps_a_code(s, creative):
        link_takeover(s, made, target, now)
    announce(s)
    audit(s, by, "takeover.start", "takeover", made.id, path, {"reason": made.reason}, now=now)
    return made


def end_takeover(s: Session, takeover_id: str, *, by: Principal, now: datetime) -> Takeover:
    """Ends a takeover before its time."""
    found = queries.takeover(s, takeover_id)
    if found is None:
        raise NotFound(f"There is no takeover {takeover_id!r}")
    need(by, "approver", found.owner_path)
    if found.ended_at is not None or found.ends_at <= now:
        raise Conflict("This takeover is over")
    found.ended_at, found.ended_by = now, by.id
    s.flush()
    announce(s)
    audit(s, by, "takeover.end", "takeover", found.id, found.owner_path, {}, now=now)
    return found
