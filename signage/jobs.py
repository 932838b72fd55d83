"""What the job process does for this room."""

from core.jobs import Handler, Periodic
from core.services import Services
from signage import actions


def sweep(services: Services) -> None:
    """Forgets codes that nobody claimed in time."""
    now = services.clock.now()
    services.db.write(lambda s: actions.forget_expired(s, now))


JOBS: list[Handler | Periodic] = [Periodic("signage.sweep", every_s=3600, run=sweep)]
