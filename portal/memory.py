"""Answers that outlive a dead database: a copy that is renewed when it can be, and kept when it cannot."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from typing import Generic, TypeVar

from core.log import log
from core.snapshot import Snapshot

T = TypeVar("T")
K = TypeVar("K")
V = TypeVar("V")
MOST_KEPT = 5_000


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

    def clear(self) -> None:
        """Forgets everything."""
        self._items.clear()


class Memory(Generic[T]):
    """What `load` last returned, at most `ttl_s` seconds old while `load` works, and older when it fails."""

    def __init__(self, load: Callable[[], T], *, ttl_s: float, mono: Callable[[], float]) -> None:
        self._load = load
        self._last: list[T] = []
        self._held = Snapshot(self._renewed, ttl_s=ttl_s, mono=mono)

    def get(self) -> T:
        """The copy. Raises what `load` raises only while there has never been one."""
        return self._held.get()

    def forget(self) -> None:
        """The next caller loads."""
        self._held.forget()

    def _renewed(self) -> T:
        try:
            value = self._load()
        except Exception:
            if not self._last:
                raise
            log.warning("served from memory: the database does not answer")
            return self._last[0]
        self._last = [value]
        return value
