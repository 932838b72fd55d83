"""What runs once a day: facts are held against counts, and what is too old is dropped."""

from __future__ import annotations

from datetime import timedelta

from core.jobs import Handler, Periodic
from core.log import log
from core.services import Services
from measure.check import compare
from measure.models import LedgerCheck
from measure.retention import drop_old_facts
from measure.uniques import close_days

DAY_S = 86_400
LOOK_BACK = timedelta(days=2)


def check_ledger(services: Services) -> None:
    """Holds two days of facts against the counts. A difference is kept, and cried out in the log."""
    now = services.clock.now()
    since = (now - LOOK_BACK).replace(minute=0, second=0, microsecond=0)
    with services.db.read() as s:
        found = compare(s, since)
    row = LedgerCheck(at=now, since=since, facts=found.facts, differences=list(found.differences))
    services.db.write(lambda s: s.add(row))
    if found.differences:
        log.error("counts differ from facts", differences=found.differences)


def drop_facts(services: Services) -> None:
    """Drops the raw facts that are older than they are kept."""
    dropped = drop_old_facts(services.db, services.clock.now())
    log.info("old facts dropped", rows=dropped)


def close_unique_days(services: Services) -> None:
    """Packs the sketches of days that are over and destroys their salts."""
    now = services.clock.now()
    if closed := services.db.write(lambda s: close_days(s, now)):
        log.info("days of uniques closed", days=closed)


JOBS: list[Handler | Periodic] = [
    Periodic("measure.check", DAY_S, check_ledger),
    Periodic("measure.retention", DAY_S, drop_facts),
    Periodic("measure.uniques", 3600, close_unique_days),
]
