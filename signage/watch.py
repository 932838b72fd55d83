"""Looks over the fleet once a minute, and keeps what is to be told of it: screens that fell silent, whose photograph
shows something else, or whose plays are missing without a reason."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from core.http import stamp
from core.ids import new_id
from places.models import Area
from places.queries import areas
from signage import queries
from signage.alarms import (
    AFTER,
    DIFFERS,
    REMEMBERED,
    SUBJECTS,
    UNEXPLAINED,
    Opened,
    Verdict,
    Watched,
    alerting_area,
    found_silent,
    judge,
)
from signage.models import AlertNotice, FleetAlert
from signage.queries import FleetRow
from signage.watch_queries import differing, unexplained

MOST_NAMED = 50  # screens that a notice names; the count is of all
MAIL, WEBHOOK = "mail", "webhook"


@dataclass(frozen=True, slots=True)
class Finding:
    """What an area is told of its screens. ``alert``: the id of the one that is open for it."""

    area: Area
    subject: str
    alert: str | None
    verdict: Verdict
    rows: Sequence[FleetRow]


@dataclass(frozen=True, slots=True)
class Survey:
    """What was found, and the open alerts that nobody wants to be told of any more."""

    findings: Sequence[Finding]
    unwanted: Sequence[str]


def survey(s: Session, now: datetime) -> Survey:
    """Looks over the whole fleet; it writes nothing, so that nobody's plays wait for it."""
    wanting = {area.path: area for area in areas(s) if targets(area)}
    held = {(alert.area_code, alert.subject): alert for alert in queries.open_alerts(s)}
    watched = _watched_by_area(s, wanting) if wanting else {}
    since = now - REMEMBERED
    wrong = {DIFFERS: differing(s, since), UNEXPLAINED: unexplained(s, since)}
    findings = []
    for area in wanting.values():
        for subject in SUBJECTS:
            alert, rows = held.pop((area.code, subject), None), watched.get(area.code, [])
            verdict = _judged(area, rows, wrong.get(subject), alert, now)
            if verdict is not None:
                findings.append(Finding(area, subject, alert.id if alert else None, verdict, rows))
    return Survey(findings, [alert.id for alert in held.values()])


def keep(s: Session, found: Survey, now: datetime, public_url: str) -> None:
    """Opens, keeps and closes alerts, and writes down what is to be told. In the caller's transaction."""
    for finding in found.findings:
        alert = s.get_one(FleetAlert, finding.alert) if finding.alert else _opened(s, finding, now)
        _keep(s, alert, finding, now, public_url)
    for alert_id in found.unwanted:
        s.get_one(FleetAlert, alert_id).recovered_at = now


def _watched_by_area(s: Session, wanting: Mapping[str, Area]) -> dict[str, list[FleetRow]]:
    codes = {path: area.code for path, area in wanting.items()}
    watched: dict[str, list[FleetRow]] = defaultdict(list)
    for row in queries.fleet(s):
        code = alerting_area(row.location.area_path, codes)
        if code and row.seen_at and not row.screen.testing and row.location.closed_at is None:
            watched[code].append(row)
    return watched


def _judged(
    area: Area, rows: Sequence[FleetRow], wrong: frozenset[str] | None, held: FleetAlert | None, now: datetime
) -> Verdict | None:
    """``wrong``: all screens with that trouble; None where it is silence, which is found here."""
    members = frozenset(held.members) if held else frozenset[str]()
    if wrong is None:
        fleet = {row.screen.id: _watched(row) for row in rows}
        bad, back = found_silent(fleet, members, now, _patience(area))
    else:
        bad = wrong & {row.screen.id for row in rows}
        back = members - bad
    opened = Opened(held.opened_at, members, held.told_at, held.told_count) if held else None
    return judge(opened, bad, back, now)


def _opened(s: Session, finding: Finding, now: datetime) -> FleetAlert:
    about = {"area_code": finding.area.code, "subject": finding.subject}
    alert = FleetAlert(id=new_id("alr"), **about, opened_at=now, members=[], told_count=0)
    s.add(alert)
    s.flush()
    return alert


def _patience(area: Area) -> timedelta:
    told = area.settings.get("alert_after_minutes")
    return AFTER if told is None else timedelta(minutes=told)


def _watched(row: FleetRow) -> Watched:
    assert row.seen_at is not None
    place = row.location
    return Watched(row.screen.id, place.area_path, row.seen_at, place.timezone, place.operating_hours)


def _keep(s: Session, alert: FleetAlert, finding: Finding, now: datetime, root: str) -> None:
    area, verdict = finding.area, finding.verdict
    if verdict.tell:
        count = len(verdict.members) if not verdict.over else alert.told_count
        named = [row for row in finding.rows if row.screen.id in verdict.members]
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
        "subject": alert.subject,
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
