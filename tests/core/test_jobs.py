from contextlib import suppress
from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.db import Database
from core.jobs import (
    CLAIM,
    MOST_ATTEMPTS,
    Job,
    claim,
    enqueue,
    fail,
    finish,
    take_period,
)
from tests.support.clock import MORNING

LATER = MORNING + timedelta(seconds=1)


def ask(db: Database, **more) -> None:
    db.write(lambda s: enqueue(s, "render", {"creative": "crv_1"}, now=MORNING, **more))


def take(db: Database, now=LATER) -> Job | None:
    return db.write(lambda s: claim(s, ["render"], now))


def count(db: Database) -> int:
    with db.read() as s:
        return s.scalar(select(func.count()).select_from(Job)) or 0


def test_it_works(db: Database) -> None:
    ask(db)
    job = take(db)
    assert job is not None
    assert job.payload == {"creative": "crv_1"}
    db.write(lambda s: finish(s, job.id, LATER))
    assert take(db) is None


def test_a_claimed_job_is_nobody_elses_until_the_claim_lapses(db: Database) -> None:
    ask(db)
    assert take(db)
    assert take(db) is None
    assert take(db, LATER + CLAIM + timedelta(seconds=1))


def test_asking_twice_with_a_key_is_asking_once(db: Database) -> None:
    ask(db, key="render:crv_1")
    ask(db, key="render:crv_1")
    assert count(db) == 1
    job = take(db)
    assert job is not None
    db.write(lambda s: finish(s, job.id, LATER))
    ask(db, key="render:crv_1")
    assert count(db) == 2


def test_a_job_of_a_failed_transaction_does_not_exist(db: Database) -> None:
    def half(s: Session) -> None:
        enqueue(s, "render", {}, now=MORNING)
        raise ValueError

    with suppress(ValueError):
        db.write(half)
    assert count(db) == 0


def test_a_failing_job_waits_longer_each_time_and_is_given_up(db: Database) -> None:
    ask(db, key="k")
    now = LATER
    for attempt in range(1, MOST_ATTEMPTS + 1):
        job = take(db, now)
        assert job is not None
        assert job.attempts == attempt
        db.write(lambda s, job=job, now=now: fail(s, job.id, "no", now))
        assert take(db, now) is None
        now += timedelta(minutes=5)
    assert take(db, now) is None
    ask(db, key="k")
    assert count(db) == 2


def test_a_job_for_later_waits(db: Database) -> None:
    ask(db, run_at=MORNING + timedelta(hours=1))
    assert take(db) is None
    assert take(db, MORNING + timedelta(hours=1))


def test_a_period_is_taken_once(db: Database) -> None:
    def attempt(now):
        return db.write(lambda s: take_period(s, "sweep", 3600, now))

    assert attempt(MORNING)
    assert not attempt(MORNING + timedelta(minutes=59))
    assert attempt(MORNING + timedelta(minutes=60))
