"""What the job process does for this room: old grants are forgotten, ill hotspots are told of."""

from __future__ import annotations

from core.jobs import Handler, Periodic
from core.services import Services
from portal import queries
from portal.watch import KIND, tell, watch


def forget_grants(services: Services) -> None:
    """No grant outlives its five minutes, whatever became of its gateway."""
    now = services.clock.now()
    services.db.write(lambda s: queries.forget_expired(s, now))


JOBS: list[Handler | Periodic] = [
    Periodic("portal.forget_grants", every_s=60, run=forget_grants),
    Periodic("portal.watch", every_s=900, run=watch),
    Handler(KIND, tell),
]
