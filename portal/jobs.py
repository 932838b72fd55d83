"""What the job process does for this room: old grants are forgotten, ill hotspots are told of."""

from __future__ import annotations

from datetime import timedelta

from core.jobs import Handler, Periodic
from core.services import Services
from portal import queries
from portal.watch import KIND, tell, watch

KEPT = timedelta(days=366)


def forget_gaps(services: Services) -> None:
    """A gap is told of for a year."""
    before = services.clock.now() - KEPT
    services.db.write(lambda s: queries.forget_gaps(s, before))


def forget_grants(services: Services) -> None:
    """No grant outlives its five minutes, whatever became of its gateway."""
    now = services.clock.now()
    services.db.write(lambda s: queries.forget_expired(s, now))


JOBS: list[Handler | Periodic] = [
    Periodic("portal.forget_grants", every_s=60, run=forget_grants),
    Periodic("portal.forget_gaps", every_s=86_400, run=forget_gaps),
    Periodic("portal.watch", every_s=900, run=watch),
    Handler(KIND, tell),
]
