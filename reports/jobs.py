"""The clock of reports: reminds before the closing, closes when it is time, and hands on until it has arrived."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from itertools import groupby

from sqlalchemy.orm import Session

from core.jobs import Handler, Periodic
from core.log import log
from core.services import Services
from places.queries import area
from reports import queries
from reports.actions import mark_reminded
from reports.closing import REMIND_BEFORE, UNIT, Closing, ReportingArea, closings, due, moment
from reports.content import Content
from reports.delivery import deliver_due, post_reminder, queue_deliveries
from reports.freezing import Totals, freeze, make_report
from reports.signing import Signer

LOOK_S = 15


def close_due(services: Services) -> None:
    """Makes every report that is due, units before their parents. What was missed while away is made now, once."""
    now = services.clock.now()
    with services.db.read() as s:
        made = queries.made_reports(s, (now - timedelta(days=10)).date())
        waiting = due(queries.reporting_areas(s), made, now)
    for _, group in groupby(waiting, key=lambda each: (each.closes_at, each.kind)):
        _close(services, list(group), now)


def _close(services: Services, group: list[Closing], now: datetime) -> None:
    """Those that close together are counted from one state of the database."""
    with services.db.read() as s:
        totals = Totals(s)
        contents = [(closing, make_report(s, closing, totals, now)) for closing in group]
    signer = Signer(services.sealer)
    for closing, content in contents:
        if content is not None:
            services.db.write(partial(_keep, closing=closing, content=content, signer=signer, now=now))
    log.info(
        "reports closed",
        kind=group[0].kind,
        reports=len(group),
        late_s=round((now - group[0].closes_at).total_seconds()),
    )


def _keep(s: Session, closing: Closing, content: Content, signer: Signer, now: datetime) -> None:
    report = freeze(s, closing, content, signer)
    if report is not None:
        queue_deliveries(s, report, now)


def remind(services: Services) -> None:
    """Half an hour before its closing, a unit that has added nothing yet is reminded, once."""
    now = services.clock.now()
    with services.db.read() as s:
        waiting = [
            (closing, place.settings.get("report_mail"), place.name)
            for closing in _closing_soon(queries.reporting_areas(s), now)
            if closing.area not in queries.reminded(s, closing.day)
            and queries.note(s, closing.area, closing.day) is None
            and (place := area(s, closing.area)) is not None
        ]
    for closing, addresses, name in waiting:
        post_reminder(services, closing, addresses if isinstance(addresses, list) else [], name)
        services.db.write(partial(mark_reminded, closing=closing, now=now))


def _closing_soon(reporting: list[ReportingArea], now: datetime) -> Iterator[Closing]:
    for each in reporting:
        today = now.astimezone(moment(now.date(), each.unit_closes, each.timezone).tzinfo).date()
        unit = next(closing for closing in closings(each, today) if closing.kind == UNIT)
        if unit.closes_at - REMIND_BEFORE <= now < unit.closes_at:
            yield unit


JOBS: list[Handler | Periodic] = [
    Periodic("reports.close", LOOK_S, close_due),
    Periodic("reports.remind", 60, remind),
    Periodic("reports.deliver", LOOK_S, deliver_due),
]
