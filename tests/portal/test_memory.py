"""What is served from memory: as it was last heard, and renewed aside."""

import threading

from portal.memory import Memory
from tests.support.clock import FrozenClock


class Source:
    """Counts how often it was read; while it is shut, whoever reads waits."""

    def __init__(self) -> None:
        self.read, self.open, self.again = 0, threading.Event(), threading.Event()
        self.open.set()

    def load(self) -> int:
        assert self.open.wait(60)
        self.read += 1
        if self.read > 1:
            self.again.set()
        return self.read


def test_it_works() -> None:
    clock, source = FrozenClock(), Source()
    memory = Memory(source.load, ttl_s=2.0, mono=clock.mono)
    assert [memory.get(), memory.get()] == [1, 1]


def test_at_once_is_what_is_known_while_it_is_looked_up_anew() -> None:
    clock, source = FrozenClock(), Source()
    memory = Memory(source.load, ttl_s=2.0, mono=clock.mono)
    assert memory.at_once() == 1
    clock.advance(seconds=10)
    source.open.clear()
    assert memory.at_once() == 1
    source.open.set()
    assert source.again.wait(60)


def test_at_once_waits_where_nothing_is_known_yet() -> None:
    assert Memory(Source().load, ttl_s=2.0, mono=FrozenClock().mono).at_once() == 1
