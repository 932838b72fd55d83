"""The job process: each job once, each period once, whoever else is at work; an error stops nothing."""

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from core.jobs import Handler, Periodic, enqueue, waiting_and_failed
from core.services import Services
from server import runner
from server.jobs import REMEMBERED, forget
from tests.support.clock import FrozenClock


class Diary:
    """A handler and a periodic job that write down what they were given."""

    def __init__(self) -> None:
        self.done: list[Any] = []
        self.queue = {"note": Handler("note", lambda _, payload: self.done.append(payload["n"]))}
        self.hourly = Periodic("hourly", 3600, lambda _: self.done.append("hour"))


@pytest.fixture
def diary() -> Diary:
    return Diary()


def ask(services: Services, kind: str = "note", **payload: Any) -> None:
    services.db.write(lambda s: enqueue(s, kind, payload, now=services.clock.now()))


def waiting(services: Services) -> int:
    with services.db.read() as s:
        return waiting_and_failed(s)[0]


def failed(services: Services) -> int:
    with services.db.read() as s:
        return waiting_and_failed(s)[1]


def test_it_works(services: Services, diary: Diary) -> None:
    for n in (1, 2):
        ask(services, n=n)
    assert runner.do_next(services, diary.queue)
    assert runner.do_next(services, diary.queue)
    assert not runner.do_next(services, diary.queue)
    assert sorted(diary.done) == [1, 2]
    assert waiting(services) == 0


def test_what_nobody_here_can_do_is_left_for_others(services: Services, diary: Diary) -> None:
    ask(services, kind="film", n=1)
    assert not runner.do_next(services, diary.queue)
    assert waiting(services) == 1


def test_a_job_that_takes_longer_than_its_claim_is_not_run_twice(
    services: Services, diary: Diary, clock: FrozenClock
) -> None:
    under_way: set[str] = set()

    def long(_: Services, payload: Any) -> None:
        for _ in range(3):
            clock.advance(minutes=4)
            runner.hold(services, under_way)
            assert not runner.do_next(services, {"film": Handler("film", long)}), "another process takes it over"
        diary.done.append(payload["n"])

    ask(services, kind="film", n=1)
    assert runner.do_next(services, {"film": Handler("film", long)}, under_way)
    assert (diary.done, under_way, waiting(services)) == ([1], set(), 0)


def test_a_job_whose_process_died_is_taken_over(services: Services, diary: Diary, clock: FrozenClock) -> None:
    class Killed(BaseException):
        pass

    def die(_: Services, payload: Any) -> None:
        raise Killed

    ask(services, n=1)
    with pytest.raises(Killed):
        runner.do_next(services, {"note": Handler("note", die)})
    runner.hold(services, set())
    assert not runner.do_next(services, diary.queue)
    clock.advance(minutes=6)
    assert runner.do_next(services, diary.queue)
    assert diary.done == [1]


def test_two_processes_do_each_job_once(services: Services, diary: Diary) -> None:
    for n in range(20):
        ask(services, n=n)

    def work(_: int) -> None:
        while runner.do_next(services, diary.queue):
            pass

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, range(4)))
    assert sorted(diary.done) == list(range(20))


def test_a_job_that_fails_is_tried_again_later(services: Services, clock: FrozenClock) -> None:
    tries: list[int] = []

    def fail_once(_: Services, payload: dict[str, Any]) -> None:
        tries.append(payload["n"])
        if len(tries) == 1:
            raise RuntimeError("the disk was away")

    queue = {"note": Handler("note", fail_once)}
    ask(services, n=1)
    assert runner.do_next(services, queue)
    assert not runner.do_next(services, queue), "not at once"
    clock.advance(minutes=1)
    assert runner.do_next(services, queue)
    assert tries == [1, 1]
    assert waiting(services) == 0


def test_a_job_that_always_fails_is_given_up_and_remembered(services: Services, clock: FrozenClock) -> None:
    def fail(_: Services, __: dict[str, Any]) -> None:
        raise RuntimeError("never")

    ask(services, n=1)
    while waiting(services):
        runner.do_next(services, {"note": Handler("note", fail)})
        clock.advance(hours=1)
    assert failed(services) == 1


def test_a_period_is_run_once_by_whoever_comes_first(services: Services, diary: Diary, clock: FrozenClock) -> None:
    for _ in range(3):
        runner.periodically(services, diary.hourly)
    clock.advance(hours=1)
    runner.periodically(services, diary.hourly)
    assert diary.done == ["hour", "hour"]


def test_a_periodic_job_that_fails_has_its_next_period(services: Services, clock: FrozenClock) -> None:
    runs: list[int] = []

    def fail(_: Services) -> None:
        runs.append(1)
        raise RuntimeError("never")

    for _ in range(2):
        runner.periodically(services, Periodic("broken", 3600, fail))
        clock.advance(hours=1)
    assert len(runs) == 2


def test_the_queue_is_drained_until_told_to_stop(services: Services, diary: Diary) -> None:
    stop = threading.Event()
    ask(services, n=1)
    thread = threading.Thread(target=runner.drain, args=(services, diary.queue, stop, set()))
    thread.start()
    for _ in range(200):
        if diary.done:
            break
        stop.wait(0.05)
    stop.set()
    thread.join(10)
    assert not thread.is_alive()
    assert diary.done == [1]


def test_a_period_under_way_is_finished_before_the_process_ends(services: Services, diary: Diary) -> None:
    stop = threading.Event()

    def slow(_: Services) -> None:
        stop.set()
        threading.Event().wait(1.5)  # longer than an idle queue takes to stop
        ask(services, n=1)
        diary.done.append("written")

    runner.work(services, [Periodic("slow", 3600, slow)], stop)
    assert diary.done == ["written"]
    assert waiting(services) == 1


def test_old_jobs_are_forgotten(services: Services, diary: Diary, clock: FrozenClock) -> None:
    def fail(_: Services, __: dict[str, Any]) -> None:
        raise RuntimeError("never")

    ask(services, n=1)
    while waiting(services):
        runner.do_next(services, {"note": Handler("note", fail)})
        clock.advance(hours=1)
    clock.advance(seconds=REMEMBERED.total_seconds() + 60)
    forget(services)
    assert failed(services) == 0


def test_every_room_brings_its_jobs() -> None:
    from server.rooms import handlers

    kinds = [job.kind for job in handlers() if isinstance(job, Handler)]
    names = [job.name for job in handlers() if isinstance(job, Periodic)]
    assert len(kinds) == len(set(kinds)), "a kind has one handler"
    assert len(names) == len(set(names)), "a name has one period"
    assert "media.render" in kinds
