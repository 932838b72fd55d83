"""What runs once a day: facts are held against counts, and what is too old is dropped."""

from __future__ import annotations

from datetime import timedelta

from core.jobs import Handler, Periodic
from core.log import log
from core.services import Services
from measure.check import compare
from measure.models import LedgerCheck
from measure.retention import KEEP, drop_old_facts
from measure.uniques import close_days

DAY_S = 86_400
LOOK_BACK = timedelta(days=2)
LAST_LOOK = KEEP - timedelta(hours=30)  # a day is looked at once more, with all that came late, before its facts go


def check_ledger(services: Services) -> None:
    """Holds facts against counts: the last two days, and the day whose facts are soon dropped.

    So what is read does not grow with what is kept, and every day is looked at when it is new and when nothing more
    can be added to it. A difference is kept, and cried out in the log.
    """
    now = services.clock.now()
    hour = now.replace(minute=0, second=0, microsecond=0)
    last = hour - LAST_LOOK
    with services.db.read() as s:
        new, old = compare(s, hour - LOOK_BACK), compare(s, last, last + timedelta(days=1))
    differences = [*new.differences, *old.differences]
    row = LedgerCheck(at=now, since=hour - LOOK_BACK, facts=new.facts + old.facts, differences=differences)
    services.db.write(lambda s: s.add(row))
    if differences:
        log.error("counts differ from facts", differences=differences)


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
