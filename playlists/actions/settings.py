"""What stands behind the campaigns: fallbacks, the calendar of holidays, and creatives that must go."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

from sqlalchemy.orm import Session

from core.errors import Invalid, NotFound
from core.ids import new_id
from core.paths import ROOT
from media import actions as library
from media.models import Creative
from people.actions import audit
from people.roles import Principal
from places.queries import area, location
from playlists import forms, queries, snapshots
from playlists.actions.owners import need
from playlists.actions.publishing import Published, announce, publish
from playlists.forms import judging
from playlists.library import check_creatives, owner_of
from playlists.programme import Fallback


def set_fallback(
    s: Session, scope: Literal["area", "location"], code: str, creative: str | None, *, by: Principal, now: datetime
) -> Published:
    """What shows where nothing is placed; None gives back to what lies above."""
    path, name = _place(s, scope, code)
    need(by, "approver", path)
    if creative is not None:
        with judging() as faults:
            check_creatives(s, faults, (creative,), path, "creative")
    doc = snapshots.fallback_doc(Fallback(scope, code, creative)) if creative else None
    return publish(s, "set", "fallback", f"{scope}:{code}", doc, name=name, area_path=path, by=by, now=now)


def _place(s: Session, scope: str, code: str) -> tuple[str, str]:
    if scope == "area" and (found := area(s, code)):
        return found.path, found.name
    if scope == "location" and (place := location(s, code)):
        return place.area_path, place.name
    raise Invalid([(scope if scope in ("area", "location") else "scope", f"there is no {scope} {code!r}")])


def set_holiday(
    s: Session, doc: Mapping[str, Any], *, holiday_id: str | None = None, by: Principal, now: datetime
) -> Published:
    """Adds an entry to the calendar, or changes one: ``{name, first, last?, area?}``, both days included."""
    with judging() as faults:
        entry = forms.holiday(faults, doc)
        found = area(s, entry.area) if entry.area else None
        faults.check(not entry.area or found is not None, "area", f"there is no area {entry.area!r}")
    path = found.path if found else ROOT
    if holiday_id is not None:
        need(by, "approver", _holiday_path(s, holiday_id))
    need(by, "approver", path)
    ref = holiday_id or new_id("hol")
    new = snapshots.holiday_doc(entry)
    return publish(s, "set", "holiday", ref, new, name=entry.name, area_path=path, by=by, now=now)


def remove_holiday(s: Session, holiday_id: str, *, by: Principal, now: datetime) -> Published:
    """Takes an entry out of the calendar."""
    path = _holiday_path(s, holiday_id)
    need(by, "approver", path)
    return publish(s, "remove", "holiday", holiday_id, None, name="", area_path=path, by=by, now=now)


def _holiday_path(s: Session, holiday_id: str) -> str:
    line = queries.latest(s, "holiday", holiday_id)
    if line is None or line.snapshot is None:
        raise NotFound(f"There is no holiday {holiday_id!r}")
    return line.area_path


def withdraw_creative(s: Session, creative_id: str, reason: str, *, by: Principal, now: datetime) -> Creative:
    """Off every screen and splash at once, with a reason."""
    path = owner_of(s, creative_id)
    need(by, "approver", path)
    found = library.withdraw(s, creative_id, reason=reason, by=by.id, now=now)
    announce(s)
    audit(s, by, "creative.withdraw", "creative", creative_id, path, {"reason": reason.strip()}, now=now)
    return found
