"""Hotspots from a table: what it would change, and the change. A dialect's own settings are columns of their names."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from core.security import Sealer
from core.sheets import Change, Column, Plan, Row, compare, facts_of, open_plan, whole
from people.roles import Principal
from places.models import Location
from places.queries import locations_by_code
from portal import actions, queries
from portal.checks import code_fault, gateway_faults, minutes_fault
from portal.gateways import DIALECTS
from portal.gateways.wire import digits_of
from portal.models import Hotspot

OWN = (
    Column("code", also=("mã", "id"), needed=True),
    Column("location", also=("địa_điểm", "location_code"), needed=True),
    Column("name", also=("tên",)),
    Column("dialect", also=("cổng",), needed=True),
    Column("grant_base", also=("địa_chỉ_cổng",)),
    Column("session_minutes", whole, also=("số_phút",)),
)
SECRET = "••••"


def columns() -> tuple[Column, ...]:
    """Those of every hotspot, and each setting that some dialect knows."""
    settings = dict.fromkeys(one.name for dialect in DIALECTS.values() for one in dialect.settings)
    return (*OWN, *(Column(name) for name in settings))


def plan_hotspots(s: Session, rows: Sequence[Row], by: Principal, sealer: Sealer) -> Plan:
    """What these rows would do. A secret whose cell is empty stays as it is, and none is ever shown."""
    known = columns()
    plan = open_plan(rows, known)
    told = [(row.line, facts_of(row, known, plan)) for row in rows]
    places = locations_by_code(s, [facts["location"] for _, facts in told if "location" in facts])
    seen: set[str] = set()
    for line, facts in told:
        if not {"code", "location", "dialect"} <= set(facts):
            continue
        if facts["code"] in seen:
            plan.fault(line, "code", "stands twice")
        seen.add(facts["code"])
        _judge(s, plan, line, facts, places.get(facts["location"]), by, sealer)
    return plan


def _judge(
    s: Session, plan: Plan, line: int, facts: dict[str, Any], place: Location | None, by: Principal, sealer: Sealer
) -> None:
    held = queries.hotspot(s, facts["code"])
    if place is None or place.closed_at is not None or not by.allows("viewer", place.area_path):
        plan.fault(line, "location", f"there is no open location {facts['location']!r}")
    elif not by.allows("admin", place.area_path):
        plan.fault(line, "location", "lies outside the areas that you administer")
    if held is not None and (held.closed_at is not None or not _mine(s, held, by)):
        plan.fault(line, "code", "is taken")
        return
    if facts["dialect"] not in DIALECTS:
        plan.fault(line, "dialect", f"must be one of {', '.join(DIALECTS)}")
        return
    settings = _settings(facts)
    kept = _kept(held, facts["dialect"], sealer)
    found = code_fault(facts["code"]) + gateway_faults(facts["dialect"], facts.get("grant_base"), kept | settings)
    for field, message in found + minutes_fault(facts.get("session_minutes")):
        plan.fault(line, field.rpartition(".")[2], message)
    plan.changes.append(_compared(line, held, facts, settings, kept))


def _mine(s: Session, held: Hotspot, by: Principal) -> bool:
    place = locations_by_code(s, [held.location_code])[held.location_code]
    return by.allows("admin", place.area_path)


def _settings(facts: Mapping[str, Any]) -> dict[str, Any]:
    """The dialect's own settings that the row names, numbers as numbers."""
    own = {one.name: one for one in DIALECTS[facts["dialect"]].settings}
    found = {}
    for name, one in own.items():
        if (text := facts.get(name)) is not None:
            number = digits_of(text) if one.kind == "number" else None
            found[name] = text if number is None else number
    return found


def _kept(held: Hotspot | None, dialect: str, sealer: Sealer) -> dict[str, Any]:
    if held is None or held.dialect != dialect:
        return {}
    return {**held.settings, **actions.secrets_of(held, sealer)}


def _compared(
    line: int, held: Hotspot | None, facts: Mapping[str, Any], settings: Mapping[str, Any], kept: Mapping[str, Any]
) -> Change:
    own = {column.name: facts[column.name] for column in OWN if column.name in facts and column.name != "code"}
    if own.get("name") is None:
        own.pop("name", None)
    present = None
    if held is not None:
        present = {name: held.location_code if name == "location" else getattr(held, name) for name in own} | dict(kept)
    change = compare(line, facts["code"], facts.get("name") or facts["code"], present, {**own, **settings})
    secret = {one.name for one in DIALECTS[facts["dialect"]].settings if one.kind == "secret"}
    shown = tuple((n, b and SECRET, SECRET) if n in secret else (n, b, a) for n, b, a in change.fields)
    return Change(line, change.what, change.ref, change.name, {**own, "settings": settings}, shown)


def apply_hotspots(s: Session, plan: Plan, by: Principal, now: datetime, sealer: Sealer) -> None:
    """Does it, in the caller's transaction. Raises Invalid, Forbidden, NotFound, Conflict."""
    plan.refuse()
    for change in plan.changes:
        facts = dict(change.facts)
        if change.what == "new":
            actions.create_hotspot(s, code=change.ref, by=by, now=now, sealer=sealer, **facts)
        elif change.what == "changed":
            _update(s, change.ref, facts, by, now, sealer)


def _update(s: Session, code: str, facts: dict[str, Any], by: Principal, now: datetime, sealer: Sealer) -> None:
    held = queries.hotspot(s, code)
    assert held is not None
    where = facts.pop("location")
    if where != held.location_code:
        actions.move_hotspot(s, code, where, by=by, now=now)
    facts = {"grant_base": held.grant_base, "session_minutes": held.session_minutes} | facts
    facts["settings"] = (held.settings if held.dialect == facts["dialect"] else {}) | facts["settings"]
    actions.update_hotspot(s, code, networks=held.networks, by=by, now=now, sealer=sealer, **facts)
