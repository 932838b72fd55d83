"""What the job process does for this room: grants that nobody fetched are forgotten."""

from __future__ import annotations

from core.jobs import Periodic
from core.services import Services
from portal import queries


def forget_grants(services: Services) -> None:
    """No grant outlives its five minutes, whatever became of its gateway."""
    now = services.clock.now()
    services.db.write(lambda s: queries.forget_expired(s, now))


JOBS = [Periodic("portal.forget_grants", every_s=60, run=forget_grants)]
