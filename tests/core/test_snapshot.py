from contextlib import suppress

from core.db import Database
from core.snapshot import Generation, Snapshot
from tests.support.clock import FrozenClock


def test_a_copy_is_kept_for_its_time(clock: FrozenClock) -> None:
    loads: list[int] = []
    snapshot = Snapshot(lambda: loads.append(1) or len(loads), ttl_s=2, mono=clock.mono)
    assert [snapshot.get(), snapshot.get()] == [1, 1]
    clock.advance(seconds=2)
    assert snapshot.get() == 2


def test_forgetting_loads_again(clock: FrozenClock) -> None:
    loads: list[int] = []
    snapshot = Snapshot(lambda: loads.append(1) or len(loads), ttl_s=2, mono=clock.mono)
    snapshot.get()
    snapshot.forget()
    assert snapshot.get() == 2


def test_a_failed_load_can_be_tried_again(clock: FrozenClock) -> None:
    answers = iter([ValueError("away"), 7])

    def load() -> int:
        answer = next(answers)
        if isinstance(answer, Exception):
            raise answer
        return answer

    snapshot = Snapshot(load, ttl_s=2, mono=clock.mono)
    with suppress(ValueError):
        snapshot.get()
    assert snapshot.get() == 7


def test_a_generation_grows_with_its_transaction(db: Database) -> None:
    generation = Generation()

    def twice_then_fail(s) -> None:
        generation.bump(s, "programme")
        generation.bump(s, "programme")
        raise ValueError

    db.write(lambda s: generation.bump(s, "programme"))
    with suppress(ValueError):
        db.write(twice_then_fail)
    with db.read() as s:
        assert generation.current(s, "programme") == 1
        assert generation.current(s, "fleet") == 0
