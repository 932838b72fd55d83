"""Areas and locations from a table: what it would change, and the change."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from core.paths import ROOT
from core.sheets import Change, Column, Plan, Row, compare, day, facts_of, number, open_plan, whole, words
from places import actions, hours, queries
from places.areas import child_path, is_code
from places.checks import AREA_CHECKS, LOCATION_CHECKS, Check, clean, faults
from places.models import Area, Location

Allowed = Callable[[str], bool]  # may whoever asks administer this area path?
NOT_YOURS = "lies outside the areas that you administer"


def _languages(text: str) -> dict[str, int]:
    """ "vi 80, en 20"."""
    found = {}
    for part in words(text):
        code, _, share = part.partition(" ")
        found[code] = whole(share) if share.strip() else 100
    return found


AREA_COLUMNS = (
    Column("code", also=("mã", "id"), needed=True),
    Column("name", also=("tên",), needed=True),
    Column("kind", also=("loại",)),
    Column("parent", also=("thuộc", "parent_code")),
    Column("population", whole, also=("dân_số",)),
    Column("population_source", also=("nguồn_dân_số",)),
    Column("population_as_of", day),
    Column("smartphone_users", whole, also=("người_dùng_điện_thoại_thông_minh",)),
    Column("target_population_pct", number, also=("chỉ_tiêu_phần_trăm",)),
    Column("target_by", day, also=("hạn_chỉ_tiêu",)),
    Column("timezone", also=("múi_giờ",)),
)
LOCATION_COLUMNS = (
    Column("code", also=("mã", "id"), needed=True),
    Column("name", also=("tên",), needed=True),
    Column("area", also=("địa_bàn", "area_code"), needed=True),
    Column("venue_kind", also=("loại",), needed=True),
    Column("timezone", also=("múi_giờ",)),
    Column("latitude", number, also=("vĩ_độ", "lat")),
    Column("longitude", number, also=("kinh_độ", "lon", "lng")),
    Column("tags", words, also=("nhãn",)),
    Column("viewing_distance_m", number, also=("khoảng_cách_nhìn_m",)),
    Column("audience_multiplier", number, also=("hệ_số_người_xem",)),
    Column("audience_source", also=("nguồn_hệ_số",)),
    Column("operating_hours", hours.read, also=("giờ_hoạt_động",)),
    Column("languages", _languages, also=("ngôn_ngữ",)),
)
# What an empty cell means where nothing can be left unsaid.
_EMPTY = {"kind": "other", "tags": [], "operating_hours": [], "audience_multiplier": 1.0, "languages": {"vi": 100}}


def plan_areas(s: Session, rows: Sequence[Row], may: Allowed) -> Plan:
    """What these rows would do. A parent may stand in the table itself, above or below its children."""
    plan = open_plan(rows, AREA_COLUMNS)
    held = {area.code: area for area in queries.areas(s, closed=True)}
    told = _told(rows, AREA_COLUMNS, AREA_CHECKS, ("code", "parent"), plan)
    parents = {code: area.parent_code for code, area in held.items()}
    parents |= {code: facts["parent"] for code, (_, facts) in told.items() if "parent" in facts}
    parents |= {code: None for code in told if code not in parents}
    for code, (line, facts) in told.items():
        where = _chain(code, parents)
        if where is None:
            plan.fault(line, "parent", "leads nowhere or in a circle")
        elif not may(where) or (code in held and not may(held[code].path)):
            plan.fault(line, "parent" if "parent" in facts else "code", NOT_YOURS)
        plan.changes.append(_compared(line, code, held.get(code), "parent_code", "parent", facts))
    plan.changes.sort(key=lambda one: len(_chain(one.ref, parents) or ""))  # parents before their children
    return plan


def plan_locations(s: Session, rows: Sequence[Row], may: Allowed) -> Plan:
    """What these rows would do; their areas are there already."""
    plan = open_plan(rows, LOCATION_COLUMNS)
    areas = {area.code: area for area in queries.areas(s)}
    told = _told(rows, LOCATION_COLUMNS, LOCATION_CHECKS, ("code", "area"), plan)
    held = queries.locations_by_code(s, told)
    for code, (line, facts) in told.items():
        area, present = areas.get(facts.get("area", "")), held.get(code)
        if area is None or not may(area.path):
            plan.fault(line, "area", f"there is no open area {facts.get('area')!r}" if area is None else NOT_YOURS)
        if present is not None and not may(present.area_path):
            plan.fault(line, "code", "is taken")
        plan.changes.append(_compared(line, code, present, "area_code", "area", facts))
    return plan


def apply_areas(s: Session, plan: Plan, now: datetime) -> None:
    """Does it, in the caller's transaction. Raises Invalid, and then nothing of it may be kept."""
    plan.refuse()
    for change in plan.changes:
        facts = dict(change.facts)
        parent = facts.pop("parent", None)
        if change.what == "new":
            actions.create_area(s, code=change.ref, parent=parent, now=now, **_said(facts))
        elif change.what == "changed":
            if "parent" in change.facts:
                actions.move_area(s, change.ref, parent, now=now)
            actions.update_area(s, change.ref, facts, now=now)


def apply_locations(s: Session, plan: Plan, now: datetime) -> None:
    """Does it, in the caller's transaction. Raises Invalid, and then nothing of it may be kept."""
    plan.refuse()
    for change in plan.changes:
        if change.what == "new":
            actions.create_location(s, code=change.ref, now=now, **_said(change.facts))
        elif change.what == "changed":
            actions.update_location(s, change.ref, change.facts, now=now)


def _said(facts: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in facts.items() if value is not None}


def _told(
    rows: Sequence[Row], columns: Sequence[Column], checks: Mapping[str, Check], unchecked: Sequence[str], plan: Plan
) -> dict[str, tuple[int, dict[str, Any]]]:
    """Code to (line, facts) of the rows; what breaks a rule is a fault of its cell."""
    told: dict[str, tuple[int, dict[str, Any]]] = {}
    for row in rows:
        facts = facts_of(row, columns, plan)
        code = facts.pop("code", None)
        if code is None:
            continue
        if not is_code(code) or code in told:
            plan.fault(row.line, "code", "stands twice" if code in told else actions.CODE_RULE)
            continue
        facts = {name: _EMPTY.get(name, value) if value is None else value for name, value in facts.items()}
        facts = {name: value for name, value in facts.items() if not (name == "timezone" and value is None)}
        if "name" in facts:
            facts["name"] = clean(facts["name"])
        for field, fault in faults({name: one for name, one in facts.items() if name not in unchecked}, checks):
            plan.fault(row.line, field, fault)
        told[code] = row.line, facts
    return told


def _compared(
    line: int, code: str, held: Area | Location | None, column: str, field: str, facts: Mapping[str, Any]
) -> Change:
    names = {name: column if name == field else name for name in facts}
    before = None if held is None else {name: getattr(held, names[name]) for name in facts}
    return compare(line, code, facts.get("name") or code, before, facts)


def _chain(code: str, parents: Mapping[str, str | None]) -> str | None:
    """The path that an area will have; None where a parent is unknown or the chain is a circle."""
    above: list[str] = []
    at: str | None = code
    while at is not None:
        if at not in parents or at in above:
            return None
        above.append(at)
        at = parents[at]
    path = ROOT
    for each in reversed(above):
        path = child_path(path, each)
    return path
