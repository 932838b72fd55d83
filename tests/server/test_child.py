import sys

from server.child import FIRST_PAUSE_S, LONGEST_PAUSE_S, WELL_AFTER_S, Child
from tests.support.clock import FrozenClock


def child(clock: FrozenClock, code: str) -> Child:
    return Child("worker", [sys.executable, "-c", code], clock.mono)


def ended(it: Child) -> str:
    """Lets it run to its end; the line that it leaves."""
    it.keep()
    while (line := it.keep()) is None:
        it.wait(20)
    return line


def test_it_works(clock: FrozenClock) -> None:
    it = child(clock, "import time; time.sleep(60)")
    assert it.keep() is None
    assert it.keep() is None
    it.ask_to_stop()
    it.wait(20)


def test_one_that_ended_is_started_again_after_a_pause(clock: FrozenClock) -> None:
    it = child(clock, "raise SystemExit(3)")
    assert ended(it) == "the worker ended (status 3); it is started again in 1 s"
    assert it.keep() is None
    assert it._process is None, "not at once"
    clock.advance(seconds=FIRST_PAUSE_S)
    it.keep()
    assert it._process is not None
    it.wait(20)


def test_the_pause_doubles_up_to_a_limit(clock: FrozenClock) -> None:
    it, pauses = child(clock, "raise SystemExit(3)"), []
    for _ in range(7):
        pauses.append(float(ended(it).split()[-2]))
        clock.advance(seconds=pauses[-1])
    assert pauses == [1, 2, 4, 8, 16, LONGEST_PAUSE_S, LONGEST_PAUSE_S]


def test_one_that_ran_well_is_started_again_at_once(clock: FrozenClock) -> None:
    it = child(clock, "raise SystemExit(3)")
    ended(it)
    clock.advance(seconds=FIRST_PAUSE_S)
    it.keep()
    clock.advance(seconds=WELL_AFTER_S + 1)
    assert ended(it).endswith("in 1 s")


def test_one_that_does_not_listen_is_killed(clock: FrozenClock) -> None:
    it = child(clock, "import signal, sys, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(60)")
    it.keep()
    it.ask_to_stop()
    it.wait(0.2)
    assert it._process is not None
    assert it._process.returncode is not None
