"""The job process: drains the queue and keeps the clock of what is done periodically.

Any number of these may run, on any number of machines: a queued job is claimed by compare-and-set, and a period
belongs to whoever writes its row first.
"""

import signal
import threading
from collections.abc import Sequence
from datetime import UTC
from typing import TYPE_CHECKING

from core.jobs import CLAIM, Handler, Job, Periodic, claim, fail, finish, renew, take_period
from core.log import log
from core.services import Services
from server.actions import beat
from server.health import BEAT_EVERY_S, JOBS
from server.rooms import handlers

if TYPE_CHECKING:
    from apscheduler.schedulers.background import BackgroundScheduler

DRAINERS = 2  # a long film does not hold up a picture
IDLE_S = 0.5
LONGEST_LOOK_S = 15  # how late a period may be noticed
PATIENCE_S = 20
RENEW_EVERY_S = CLAIM.total_seconds() / 5


def run(services: Services) -> None:
    """Works until SIGTERM or SIGINT, then ends what it is doing."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    work(services, handlers(), stop)


def work(services: Services, found: Sequence[Handler | Periodic], stop: threading.Event) -> None:
    """Does what is due until told to stop, then waits for what is under way, at most PATIENCE_S."""
    under_way = set[str]()
    scheduler = scheduled(services, [job for job in found if isinstance(job, Periodic)])
    scheduler.add_job(hold, "interval", (services, under_way), seconds=RENEW_EVERY_S)
    queue = {job.kind: job for job in found if isinstance(job, Handler)}
    threads = [
        threading.Thread(target=drain, args=(services, queue, stop, under_way), daemon=True) for _ in range(DRAINERS)
    ]
    scheduler.start()
    for thread in threads:
        thread.start()
    stop.wait()
    # A period is taken before its job runs: one that is cut off would not be made up for.
    closing = threading.Thread(target=scheduler.shutdown, daemon=True)
    closing.start()
    until = services.clock.mono() + PATIENCE_S
    for thread in (closing, *threads):
        thread.join(max(0, until - services.clock.mono()))
    services.db.close()


def scheduled(services: Services, periodics: list[Periodic]) -> "BackgroundScheduler":
    """A scheduler that looks often and runs each period once; a period missed while away is run on return."""
    from apscheduler.schedulers.background import BackgroundScheduler  # web workers know this module too

    scheduler = BackgroundScheduler(
        timezone=UTC, job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
    )
    now = services.clock.now()
    scheduler.add_job(alive, "interval", (services,), seconds=BEAT_EVERY_S, next_run_time=now)
    for job in periodics:
        look = max(1, min(job.every_s, LONGEST_LOOK_S))
        scheduler.add_job(periodically, "interval", (services, job), seconds=look, next_run_time=now)
    return scheduler


def alive(services: Services) -> None:
    """Says so in the database, for /readyz."""
    services.db.write(lambda s: beat(s, JOBS, services.clock.now()))


def periodically(services: Services, job: Periodic) -> None:
    """Runs the job if nobody has taken this period yet."""
    if not services.db.write(lambda s: take_period(s, job.name, job.every_s, services.clock.now())):
        return
    try:
        job.run(services)
    except Exception as error:  # noqa: BLE001 - one job's error stops neither the others nor its next period
        log.error("periodic job failed", job=job.name, exc_info=error)


def hold(services: Services, under_way: set[str]) -> None:
    """Renews the claims of the jobs that this process is at, so that a long one is not run twice."""
    jobs = sorted(under_way)
    services.db.write(lambda s: renew(s, jobs, services.clock.now()))


def drain(services: Services, queue: dict[str, Handler], stop: threading.Event, under_way: set[str]) -> None:
    """Does one job after another until told to stop; waits a little when there is none."""
    while not stop.is_set():
        try:
            busy = do_next(services, queue, under_way)
        except Exception as error:  # noqa: BLE001 - the database may be away for a while
            log.error("the queue cannot be read", exc_info=error)
            busy = False
        if not busy:
            stop.wait(IDLE_S)


def do_next(services: Services, queue: dict[str, Handler], under_way: set[str] | None = None) -> bool:
    """Claims and does one job, which stands in `under_way` meanwhile; False when none is due."""
    under_way = set() if under_way is None else under_way
    job = services.db.write(lambda s: claim(s, list(queue), services.clock.now()))
    if job is None:
        return False
    under_way.add(job.id)
    try:
        do(services, queue[job.kind], job)
    finally:
        under_way.discard(job.id)
    return True


def do(services: Services, handler: Handler, job: Job) -> None:
    """Runs a claimed job and writes down how it ended."""
    try:
        handler.run(services, job.payload)
    except Exception as error:  # noqa: BLE001 - any error of a handler is a failed try, told to who looks
        log.error("job failed", kind=job.kind, id=job.id, attempt=job.attempts, exc_info=error)
        reason = f"{type(error).__name__}: {error}"
        services.db.write(lambda s: fail(s, job.id, reason, services.clock.now()))
    else:
        services.db.write(lambda s: finish(s, job.id, services.clock.now()))
