"""What the job process does for this room."""

from core.jobs import Handler, Periodic
from core.services import Services
from signage import actions
from signage.telling import tell_due
from signage.watch import look


def sweep(services: Services) -> None:
    """Forgets codes that nobody claimed in time."""
    now = services.clock.now()
    services.db.write(lambda s: actions.forget_expired(s, now))


def watch(services: Services) -> None:
    """Looks for screens that fell silent, and for those that are back."""
    now, root = services.clock.now(), services.settings.public_url
    services.db.write(lambda s: look(s, now, root))


JOBS: list[Handler | Periodic] = [
    Periodic("signage.sweep", every_s=3600, run=sweep),
    Periodic("signage.watch", every_s=60, run=watch),
    Periodic("signage.tell", every_s=15, run=tell_due),
]
