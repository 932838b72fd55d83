"""Answers that outlive a dead database: a copy that is renewed when it can be, and kept when it cannot."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable
from typing import Generic, TypeVar

from core.log import log

T = TypeVar("T")
K = TypeVar("K")
V = TypeVar("V")
MOST_KEPT = 5_000
PATIENCE_S = 0.02  # of the 100 ms that a page may take with a database that hangs


class Shelf(Generic[K, V]):
    """A dictionary that forgets what was put in first when it is full."""

    def __init__(self, most: int = MOST_KEPT) -> None:
        self._items: OrderedDict[K, V] = OrderedDict()
        self._most = most

    def get(self, key: K) -> V | None:
        """The value, or None."""
        return self._items.get(key)

    def keep(self, key: K, value: V) -> None:
        """Puts a value in."""
        self._items[key] = value
        if len(self._items) > self._most:
            self._items.popitem(last=False)

    def values(self) -> Iterable[V]:
        """All that is in it."""
        return list(self._items.values())


class Memory(Generic[T]):
    """What `load` last returned. A stale copy is renewed aside, and waited for only for a moment.

    So a database that is down, or hangs, costs a page PATIENCE_S and never more; what it said last stays true.
    """

    def __init__(
        self, load: Callable[[], T], *, ttl_s: float, mono: Callable[[], float], default: T | None = None
    ) -> None:
        self._load, self._ttl_s, self._mono, self._default = load, ttl_s, mono, default
        self._held: T | None = None
        self._until = float("-inf")
        self._lock = threading.Lock()
        self._renewal: threading.Event | None = None
        self._error: Exception | None = None

    def get(self) -> T:
        """The copy; `default` while there is none. Without a default, raises what `load` raised."""
        if self._held is not None and self._mono() < self._until:
            return self._held
        known = self._held if self._held is not None else self._default
        renewal, mine = self._renew()
        if mine or known is None:  # whoever comes while it still runs takes what is known
            renewal.wait(None if known is None else PATIENCE_S)
        held = self._held if self._held is not None else known
        if held is None:
            raise self._error or RuntimeError("nothing was loaded")
        return held

    def at_once(self) -> T:
        """The copy as it is, renewed aside where it is stale; waits only where there is none yet."""
        if self._held is None:
            return self.get()
        if self._mono() >= self._until:
            self._renew()
        return self._held

    def forget(self) -> None:
        """The next caller has it renewed."""
        self._until = float("-inf")

    def _renew(self) -> tuple[threading.Event, bool]:
        """(the renewal that runs, whether this caller has begun it)."""
        with self._lock:
            mine = self._renewal is None
            renewal = self._renewal = self._renewal or threading.Event()
        if mine:
            threading.Thread(target=self._work, args=[renewal], name="portal-memory", daemon=True).start()
        return renewal, mine

    def _work(self, renewal: threading.Event) -> None:
        try:
            self._held, self._error = self._load(), None
            self._until = self._mono() + self._ttl_s
        except Exception as error:  # noqa: BLE001 - whatever is broken, the last copy is served
            if self._error is None:
                log.warning("served from memory", error=type(error).__name__)
            self._error = error
            self._until = self._mono() + self._ttl_s
        finally:
            with self._lock:
                self._renewal = None
            renewal.set()
