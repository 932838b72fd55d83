"""Work that would stall the event loop goes to native threads.

Under gevent the standard library's threads are greenlets; ``gevent.threadpool`` keeps true ones and lets
a greenlet wait for them without stopping the others. Without gevent the standard pool does.
"""

import os
import sys
import time
from collections.abc import Callable
from concurrent.futures import Executor, ThreadPoolExecutor
from functools import cache
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


def native_executor(threads: int) -> Executor:
    """A pool of native threads whose futures may be waited for from a greenlet."""
    if _patched():
        from gevent.threadpool import ThreadPoolExecutor as NativeExecutor

        return NativeExecutor(threads)  # type: ignore[no-any-return]
    return ThreadPoolExecutor(threads)


def offload(work: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
    """Runs CPU-bound ``work`` in a native thread and waits; at most two run at once, the rest queue."""
    return _pool(os.getpid()).submit(work, *args, **kwargs).result()


def give_way() -> None:
    """Lets the other requests of this worker go on; for long work that has to stay on the loop, every few milliseconds.

    A stream to a fast client never waits by itself: its socket takes whatever comes.
    """
    time.sleep(0)


@cache
def _pool(pid: int) -> Executor:
    return native_executor(2)


def _patched() -> bool:
    monkey = sys.modules.get("gevent.monkey")
    return bool(monkey and monkey.is_module_patched("threading"))
