"""Looks over the fleet once a minute, and keeps what is to be told of it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from core.http import stamp
from core.ids import new_id
from places.models import Area
from places.queries import areas
from signage import queries
from signage.alarms import AFTER, Opened, Verdict, Watched, alerting_area, is_back, is_silent, judge
from signage.models import AlertNotice, FleetAlert
from signage.queries import FleetRow

MOST_NAMED = 50  # screens that a notice names; the count is of all
MAIL, WEBHOOK = "mail", "webhook"


def look(s: Session, now: datetime, public_url: str) -> None:
    """Opens, keeps and closes alerts, and writes down what is to be told. In the caller's transaction."""
    wanting = {area.path: area for area in areas(s) if targets(area)}
    held = {alert.area_code: alert for alert in queries.open_alerts(s)}
    if not wanting and not held:
        return
    codes = {path: area.code for path, area in wanting.items()}
    watched: dict[str, list[FleetRow]] = defaultdict(list)
    for row in queries.fleet(s):
        code = alerting_area(row.location.area_path, codes)
        if code and row.seen_at and not row.screen.testing and row.location.closed_at is None:
            watched[code].append(row)
    for area in wanting.values():
        _look_at(s, area, watched[area.code], held.pop(area.code, None), now, public_url)
    for alert in held.values():  # nobody wants to be told any more
        alert.recovered_at = now


def _look_at(
    s: Session, area: Area, rows: Sequence[FleetRow], held: FleetAlert | None, now: datetime, public_url: str
) -> None:
    after = timedelta(minutes=area.settings["alert_after_minutes"]) if "alert_after_minutes" in area.settings else AFTER
    fleet = {row.screen.id: _watched(row) for row in rows}
    silent = frozenset(ref for ref, one in fleet.items() if is_silent(one, now, after))
    members = frozenset(held.members) if held else frozenset[str]()
    back = frozenset(ref for ref in members if ref not in fleet or is_back(fleet[ref], now))
    opened = Opened(held.opened_at, members, held.told_at, held.told_count) if held else None
    verdict = judge(opened, silent, back, now)
    if verdict is None:
        return
    alert = held or FleetAlert(id=new_id("alr"), area_code=area.code, opened_at=now, members=[], told_count=0)
    s.add(alert)
    s.flush()
    _keep(s, alert, area, verdict, rows, now, public_url)


def _watched(row: FleetRow) -> Watched:
    assert row.seen_at is not None
    place = row.location
    return Watched(row.screen.id, place.area_path, row.seen_at, place.timezone, place.operating_hours)


def _keep(
    s: Session, alert: FleetAlert, area: Area, verdict: Verdict, rows: Iterable[FleetRow], now: datetime, root: str
) -> None:
    if verdict.tell:
        count = len(verdict.members) if not verdict.over else alert.told_count
        named = [row for row in rows if row.screen.id in verdict.members]
        content = notice(verdict.tell, alert, area, count, named, now, root)
        for channel, target in targets(area):
            s.add(
                AlertNotice(
                    id=new_id("ntc"), alert_id=alert.id, kind=verdict.tell, channel=channel, target=target,
                    content=content, created_at=now, attempts=0, next_at=now,
                )
            )  # fmt: skip
        alert.told_at, alert.told_count = now, count
    alert.members = sorted(verdict.members)
    if verdict.over:
        alert.recovered_at = now


def notice(
    kind: str, alert: FleetAlert, area: Area, count: int, rows: Sequence[FleetRow], now: datetime, root: str
) -> dict[str, Any]:
    """What is told, as a webhook gets it; a mail says the same in words."""
    return {
        "kind": kind,
        "alert": alert.id,
        "area": area.code,
        "area_name": area.name,
        "count": count,
        "opened_at": stamp(alert.opened_at),
        "at": stamp(now),
        "screens": [
            {"id": row.screen.id, "name": row.screen.name, "location": row.location.name, "seen_at": _stamp(row)}
            for row in rows[:MOST_NAMED]
        ],
        "url": f"{root}/console/screens?area={area.code}",
    }


def _stamp(row: FleetRow) -> str | None:
    return stamp(row.seen_at) if row.seen_at else None


def targets(area: Area) -> list[tuple[str, str]]:
    """(channel, address) of all who want to be told of this area's screens."""
    return [(MAIL, one) for one in _several(area.settings, "alert_mail")] + [
        (WEBHOOK, one) for one in _several(area.settings, "alert_webhook")
    ]


def _several(settings: Mapping[str, Any], name: str) -> list[str]:
    value = settings.get(name) or []
    return value if isinstance(value, list) else [value]
