"""Screens from a table: what it would change, and the change; new ones get a key to be printed."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy.orm import Session

from core.sheets import Change, Column, Plan, Row, compare, facts_of, number, open_plan, switch, whole
from people.roles import Principal
from places.models import Location
from places.queries import locations_by_code
from signage import actions, queries
from signage.actions.screens import faults, unspoken
from signage.dialects.table import OWN, dialect_of
from signage.models import Screen

MOST_SCREENS = 500
COLUMNS = (
    Column("id", also=("mã",)),
    Column("location", also=("địa_điểm", "location_code"), needed=True),
    Column("name", also=("tên",), needed=True),
    Column("width", whole, also=("rộng", "width_px")),
    Column("height", whole, also=("cao", "height_px")),
    Column("pixel_pitch_mm", number, also=("khoảng_cách_điểm_ảnh_mm",)),
    Column("testing", switch, also=("chạy_thử",)),
    Column("dialect", also=("máy_phát", "player")),
)


class Printed(NamedTuple):
    """A screen and the key that is printed for it: for a box that brings it once, or, where it ``plays``, for the
    address of a player of another make."""

    screen: Screen
    location: Location
    key: str
    plays: bool = False

    @property
    def key_apart(self) -> bool:
        """Whether the player is given its key beside the address."""
        return self.plays and dialect_of(self.screen.dialect).key_apart

    def address(self, public_url: str) -> str:
        """What is typed into a player of another make; empty for a key that a box brings."""
        return dialect_of(self.screen.dialect).address_for(public_url, self.key) if self.plays else ""


def plan_screens(s: Session, rows: Sequence[Row], by: Principal) -> Plan:
    """What these rows would do. A row without ``id`` is the screen of that name at that location, or a new one."""
    plan = open_plan(rows, COLUMNS)
    if len(rows) > MOST_SCREENS:
        plan.fault(rows[MOST_SCREENS].line, "", f"at most {MOST_SCREENS} screens at once; send it in parts")
    told = [(row.line, facts_of(row, COLUMNS, plan)) for row in rows]
    places = locations_by_code(s, [facts["location"] for _, facts in told if "location" in facts])
    fleet = {row.screen.id: row.screen for row in queries.fleet(s, by.scope("viewer"))}
    named = {(screen.location_code, screen.name): screen for screen in fleet.values()}
    seen: set[tuple[str, str]] = set()
    for line, facts in told:
        if "location" not in facts or "name" not in facts:
            continue
        where = facts["location"], facts["name"]
        ref = facts.pop("id", None)
        present = fleet.get(ref) if ref else named.get(where)
        if ref and present is None:
            plan.fault(line, "id", f"there is no screen {ref!r}")
        if where in seen:
            plan.fault(line, "name", "stands twice at this location")
        seen.add(where)
        _judge(plan, line, places.get(facts["location"]), facts, present, by)
        plan.changes.append(_compared(line, present, facts))
    return plan


def apply_screens(s: Session, plan: Plan, by: Principal, now: datetime) -> list[Printed]:
    """Does it, in the caller's transaction; the keys of what is new. Raises Invalid, Forbidden, NotFound."""
    plan.refuse()
    printed = []
    for change in plan.changes:
        facts = dict(change.facts)
        if change.what == "new":
            made = actions.create(s, **{k: v for k, v in facts.items() if v is not None}, by=by, now=now)
            plays = bool(dialect_of(made.dialect).address)
            key = (actions.give_key if plays else actions.print_key)(s, made.id, by=by, now=now)
            hung = queries.hung(s, made.id)
            assert hung is not None
            printed.append(Printed(made, hung.location, key, plays))
        elif change.what == "changed":
            if where := facts.pop("location", None):
                actions.move(s, change.ref, where, by=by, now=now)
            if facts:
                actions.update(s, change.ref, facts, by=by, now=now)
    return printed


def _judge(
    plan: Plan, line: int, place: Location | None, facts: Mapping[str, Any], present: Screen | None, by: Principal
) -> None:
    if place is None or place.closed_at is not None or not by.allows("viewer", place.area_path):
        plan.fault(line, "location", f"there is no open location {facts['location']!r}")
    elif not by.allows("admin", place.area_path):
        plan.fault(line, "location", "lies outside the areas that you administer")
    for field, message in unspoken(facts.get("dialect") or OWN):
        plan.fault(line, field, message)
    width = facts.get("width") or (present.width if present else None)
    height = facts.get("height") or (present.height if present else None)
    for name, value in (("width", width), ("height", height)):
        if value is None:
            plan.fault(line, name, "is needed")
    if width is not None and height is not None:
        for field, message in faults(facts["name"], width, height, facts.get("pixel_pitch_mm")):
            plan.fault(line, field, message)


def _compared(line: int, present: Screen | None, facts: dict[str, Any]) -> Change:
    if facts.get("testing", False) is None:
        facts["testing"] = False
    if present is None:
        return compare(line, "", facts["name"], None, facts)
    kept = ("width", "height", "dialect")  # where the table is silent
    said = {name: value for name, value in facts.items() if not (name in kept and value is None)}
    before = {name: present.location_code if name == "location" else getattr(present, name) for name in said}
    return compare(line, present.id, facts["name"], before, said)
