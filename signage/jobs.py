"""What the job process does for this room."""

from typing import Any

from core.jobs import Handler, Periodic
from core.services import Services
from signage import actions, shortfalls, sight
from signage.actions.report import COMPARE
from signage.telling import tell_due
from signage.watch import keep, survey


def sweep(services: Services) -> None:
    """Forgets codes that nobody claimed in time."""
    now = services.clock.now()
    services.db.write(lambda s: actions.forget_expired(s, now))


def watch(services: Services) -> None:
    """Looks for screens that fell silent, and for those that are back."""
    now, root = services.clock.now(), services.settings.public_url
    with services.db.read() as s:
        found = survey(s, now)
    if found.findings or found.unwanted:
        services.db.write(lambda s: keep(s, found, now, root))


def missing(services: Services) -> None:
    """Looks for closed hours in which plays are missing and nothing explains it."""
    now = services.clock.now()
    with services.db.read() as s:
        found = shortfalls.look(s, now)
    services.db.write(lambda s: shortfalls.keep(s, found, now))


def compare(services: Services, payload: dict[str, Any]) -> None:
    """Holds a screen's photograph against what should have been there."""
    sight.compare(services, payload["screen"])


JOBS: list[Handler | Periodic] = [
    Handler(COMPARE, compare),
    Periodic("signage.sweep", every_s=3600, run=sweep),
    Periodic("signage.watch", every_s=60, run=watch),
    Periodic("signage.missing", every_s=900, run=missing),
    Periodic("signage.tell", every_s=15, run=tell_due),
]
