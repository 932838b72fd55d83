"""What was seen waits in memory until it can be written."""

import threading
import time
from collections.abc import Callable

import pytest

from portal import outbox as module
from portal.outbox import Outbox


def test_it_works() -> None:
    written: list[int] = []
    box: Outbox[int] = Outbox(written.extend)
    for n in range(10):
        box.put(n)
    assert box.flush()
    assert written == list(range(10))


def test_a_failure_loses_nothing_and_keeps_the_order(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "RETRY_S", (0.01,))
    written, failures = list[int](), iter([True, True, False])

    def deliver(batch: list[int]) -> None:
        if next(failures, False):
            raise OSError("disk full")
        written.extend(batch)

    box: Outbox[int] = Outbox(deliver)
    for n in range(5):
        box.put(n)
    assert box.flush()
    assert written == [0, 1, 2, 3, 4]


def test_nobody_waits_for_a_dead_database() -> None:
    dead = threading.Event()
    box: Outbox[int] = Outbox(blocked(dead))
    number = box.put(1)
    assert not box.wait(number, 0.01)
    start = time.perf_counter()
    assert not box.wait(number, 5)  # who comes next does not even try
    assert time.perf_counter() - start < 1
    dead.set()
    assert box.flush()
    assert box.wait(box.put(2), 5)


def test_when_memory_is_full_the_oldest_is_lost_and_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_WAITING", 3)
    dead, written = threading.Event(), list[int]()
    box: Outbox[int] = Outbox(lambda batch: (dead.wait(5), written.extend(batch))[1])
    box.put(0)
    while len(box):  # the carrier has taken the first, and waits
        pass
    for n in range(1, 6):
        box.put(n)
    assert (len(box), box.lost) == (3, 2)
    dead.set()
    assert box.flush()
    assert written == [0, 3, 4, 5]


def blocked(until: threading.Event) -> Callable[[list[int]], None]:
    def deliver(_: list[int]) -> None:
        until.wait(5)

    return deliver
