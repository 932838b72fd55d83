"""The server's own periodic work."""

from datetime import timedelta

from core.jobs import Handler, Periodic
from core.services import Services
from server.queries import forget_jobs

REMEMBERED = timedelta(days=14)


def forget(services: Services) -> None:
    """Drops jobs and periods that are long done."""
    before = services.clock.now() - REMEMBERED
    services.db.write(lambda s: forget_jobs(s, before))


JOBS: list[Handler | Periodic] = [Periodic("server.forget", 86_400, forget)]
