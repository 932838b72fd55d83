"""What was seen and waits to be written. Travellers never wait for the database; this does."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from typing import Generic, TypeVar

from core.log import log

T = TypeVar("T")
MOST_WAITING = 200_000
MOST_AT_ONCE = 500
GATHER_S = 0.5  # what nobody waits for is written by the batch: a commit is the dearest part of a view
RETRY_S = (0.2, 1.0, 5.0)


class Outbox(Generic[T]):
    """A queue in memory with one carrier, who delivers in order and tries again until it works."""

    def __init__(
        self,
        deliver: Callable[[list[T]], None],
        *,
        holds: Callable[[T], None] = lambda first: None,
        rests: Callable[[], None] = lambda: None,
    ) -> None:
        """`holds` hears of the first item that waits, `rests` when none does any more; in turns, and both are quick."""
        self._deliver, self._holds, self._rests = deliver, holds, rests
        self._waiting: deque[T] = deque()
        self._wake = threading.Condition()
        self._carrier: threading.Thread | None = None
        self._put = self._done = self._awaited = 0
        self._closed = self._late = self._asleep = False
        self.lost = 0

    def put(self, item: T) -> int:
        """Queues an item and returns its number, for `wait`."""
        with self._wake:
            if len(self._waiting) >= MOST_WAITING:
                self._waiting.popleft()
                self.lost += 1
                self._done += 1
            if self._put == self._done:
                self._holds(item)
            self._waiting.append(item)
            self._put += 1
            if self._carrier is None:
                self._carrier = threading.Thread(target=self._carry, name="portal-outbox", daemon=True)
                self._carrier.start()
            if self._asleep:
                self._wake.notify_all()
            return self._put

    def wait(self, number: int, seconds: float) -> bool:
        """Whether everything up to that number was delivered within `seconds`.

        Once somebody has waited in vain, nobody waits until a delivery works again.
        """
        if self._late:
            return False
        done = self._wait(number, seconds)
        self._late = not done
        return done

    def flush(self, seconds: float = 5.0) -> bool:
        """Whether everything that is queued now was delivered within `seconds`."""
        return self._wait(self._put, seconds)

    def _wait(self, number: int, seconds: float) -> bool:
        with self._wake:
            self._awaited = max(self._awaited, number)
            self._wake.notify_all()
            return self._wake.wait_for(lambda: self._done >= number, seconds)

    def close(self, seconds: float = 2.0) -> None:
        """Delivers what it can and ends the carrier."""
        self.flush(seconds)
        with self._wake:
            self._closed = True
            self._wake.notify_all()

    def __len__(self) -> int:
        return len(self._waiting)

    def _carry(self) -> None:
        failures = 0
        while (batch := self._next()) is not None:
            try:
                self._deliver(batch)
            except Exception as error:  # noqa: BLE001 - whatever it is, the batch is kept and tried again
                self._keep(batch, error, failures)
                failures += 1
                continue
            failures, self._late = 0, False
            with self._wake:
                self._done += len(batch)
                if self._put == self._done:
                    self._rests()
                self._wake.notify_all()

    def _next(self) -> list[T] | None:
        with self._wake:
            self._asleep = True
            self._wake.wait_for(lambda: self._waiting or self._closed)
            self._asleep = False
            if not self._waiting:
                return None
            self._wake.wait_for(self._is_time, GATHER_S)
            return [self._waiting.popleft() for _ in range(min(len(self._waiting), MOST_AT_ONCE))]

    def _is_time(self) -> bool:
        """Whether to deliver at once: somebody waits, or there is enough."""
        return self._closed or self._awaited > self._done or len(self._waiting) >= MOST_AT_ONCE

    def _keep(self, batch: list[T], error: Exception, failures: int) -> None:
        if failures == 0:
            log.warning("views wait in memory", waiting=len(batch) + len(self._waiting), error=type(error).__name__)
        with self._wake:
            self._waiting.extendleft(reversed(batch))
            if not self._closed:
                self._wake.wait_for(lambda: self._closed, RETRY_S[min(failures, len(RETRY_S) - 1)])
            else:
                self._waiting.clear()
