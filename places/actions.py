"""The verbs of areas and locations. Each works in the caller's transaction and raises core's errors."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from core.branches import move_branch
from core.errors import Conflict, Invalid, NotFound
from core.paths import ROOT
from places import queries
from places.areas import child_path, is_code, within
from places.checks import AREA_CHECKS, LOCATION_CHECKS, Check, clean, faults
from places.folding import fold, sort_key
from places.models import DEFAULT_TIMEZONE, Area, Location

CODE_RULE = "must be 1 to 64 letters, digits, dots, hyphens or underscores"


def create_area(
    session: Session, *, code: str, name: str, parent: str | None = None, now: datetime, **facts: Any
) -> Area:
    """A new area below `parent`, or at the top. Invalid, Conflict when the code is taken."""
    _check({"name": name, **facts}, AREA_CHECKS, code)
    above = open_area(session, parent, "parent") if parent is not None else None
    _refuse_taken(session, Area, code)
    made = Area(
        code=code,
        parent_code=above.code if above else None,
        path=child_path(above.path if above else ROOT, code),
        created_at=now,
        updated_at=now,
    )
    facts.setdefault("timezone", above.timezone if above else DEFAULT_TIMEZONE)
    _set(made, {"kind": "other", "settings": {}, "name": name, **facts})
    session.add(made)
    session.flush()
    return made


def update_area(session: Session, code: str, changes: Mapping[str, Any], *, now: datetime) -> Area:
    """The area with these facts changed; any of those that `create_area` takes, but code and parent."""
    found = _area(session, code)
    _check(changes, AREA_CHECKS)
    _set(found, changes)
    found.updated_at = now
    return found


def move_area(session: Session, code: str, parent: str | None, *, now: datetime) -> tuple[str, str]:
    """Hang an area, with all below it, under another parent; its path (before, after). Invalid, NotFound.

    The copies of its paths in other rooms follow in this transaction (`core.branches`).
    """
    found = _area(session, code)
    above = open_area(session, parent, "parent") if parent is not None else None
    if above is not None and within(above.path, found.path):
        raise Invalid([("parent", "lies below the area itself")])
    before, after = found.path, child_path(above.path if above else ROOT, code)
    if before == after:
        return before, after
    found.parent_code = above.code if above else None
    found.updated_at = now
    move_branch(session, before, after)
    return before, after


def close_area(session: Session, code: str, *, now: datetime) -> Area:
    """An area that is used no more; Conflict while anything open lies in it."""
    found = _area(session, code)
    areas, locations = queries.open_counts(session, found.path)
    if areas or locations:
        raise Conflict(f"{areas} open areas and {locations} open locations lie in {code}; close or move them first")
    found.closed_at = found.closed_at or now
    return found


def reopen_area(session: Session, code: str, *, now: datetime) -> Area:
    """A closed area is used again; its parent must be open."""
    found = _area(session, code)
    if found.parent_code is not None:
        open_area(session, found.parent_code, "parent")
    found.closed_at, found.updated_at = None, now
    return found


def create_location(
    session: Session, *, code: str, name: str, area: str, venue_kind: str, now: datetime, **facts: Any
) -> Location:
    """A new location in an open area. Invalid, Conflict when the code is taken."""
    _check({"name": name, "venue_kind": venue_kind, **facts}, LOCATION_CHECKS, code)
    home = open_area(session, area, "area")
    _refuse_taken(session, Location, code)
    made = Location(code=code, area_code=home.code, area_path=home.path, created_at=now, updated_at=now)
    facts.setdefault("timezone", home.timezone)
    _set(made, {"name": name, "venue_kind": venue_kind, **facts})
    session.add(made)
    session.flush()
    return made


def update_location(session: Session, code: str, changes: Mapping[str, Any], *, now: datetime) -> Location:
    """The location with these facts changed; `area` moves it into another open area."""
    found = _location(session, code)
    facts = {name: value for name, value in changes.items() if name != "area"}
    _check(facts, LOCATION_CHECKS)
    if "area" in changes:
        home = open_area(session, changes["area"], "area")
        found.area_code, found.area_path = home.code, home.path
    _set(found, facts)
    found.updated_at = now
    return found


def close_location(session: Session, code: str, *, now: datetime) -> Location:
    """A location that is used no more; its history stays."""
    found = _location(session, code)
    found.closed_at = found.closed_at or now
    return found


def reopen_location(session: Session, code: str, *, now: datetime) -> Location:
    """A closed location is used again; its area must be open."""
    found = _location(session, code)
    open_area(session, found.area_code, "area")
    found.closed_at, found.updated_at = None, now
    return found


def open_area(session: Session, code: str, field: str) -> Area:
    """The open area that a request's `field` names; Invalid when there is none."""
    found = queries.area(session, code)
    if found is None or found.closed_at is not None:
        raise Invalid([(field, f"there is no open area {code!r}")])
    return found


def _area(session: Session, code: str) -> Area:
    found = queries.area(session, code)
    if found is None:
        raise NotFound(f"there is no area {code!r}")
    return found


def _location(session: Session, code: str) -> Location:
    found = queries.location(session, code)
    if found is None:
        raise NotFound(f"there is no location {code!r}")
    return found


def _refuse_taken(session: Session, model: type[Area] | type[Location], code: str) -> None:
    if session.get(model, code) is not None:
        raise Conflict(f"the code {code!r} is taken")


def _check(facts: Mapping[str, Any], checks: Mapping[str, Check], code: str | None = None) -> None:
    found = faults(facts, checks)
    if code is not None and not is_code(code):
        found.insert(0, ("code", CODE_RULE))
    if found:
        raise Invalid(found)


def _set(row: Area | Location, facts: Mapping[str, Any]) -> None:
    for name, value in facts.items():
        setattr(row, name, clean(value) if name == "name" else value)
    if "name" in facts:
        row.folded, row.sort_key = fold(row.name)[:300], sort_key(row.name)
