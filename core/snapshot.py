"""Frozen copies for busy paths, and the counters that say when a copy is out of date."""

from collections.abc import Callable
from threading import Lock
from typing import Generic, TypeVar

from sqlalchemy import select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from core.db import Base, BigInt

T = TypeVar("T")


class GenerationRow(Base):
    """A number that grows whenever something of that name changes."""

    __tablename__ = "generation"

    name: Mapped[str] = mapped_column(primary_key=True)
    n: Mapped[int] = mapped_column(BigInt)


class Generation:
    """Counters that change in the same transaction as what they stand for."""

    def bump(self, s: Session, name: str) -> None:
        """Call in the write that changes something."""
        found = s.execute(update(GenerationRow).where(GenerationRow.name == name).values(n=GenerationRow.n + 1))
        if found.rowcount == 0:  # type: ignore[attr-defined]
            s.add(GenerationRow(name=name, n=1))
            s.flush()

    def bump_all(self, s: Session) -> None:
        """After a change that reaches into everything."""
        s.execute(update(GenerationRow).values(n=GenerationRow.n + 1))

    def current(self, s: Session, name: str) -> int:
        """The number now; 0 before the first change."""
        return s.scalar(select(GenerationRow.n).where(GenerationRow.name == name)) or 0


class Snapshot(Generic[T]):
    """What ``load`` returned, at most ``ttl_s`` seconds ago; there is nothing to invalidate.

    Within one process only one caller loads; meanwhile the others are given the copy that has just expired.
    """

    def __init__(self, load: Callable[[], T], *, ttl_s: float, mono: Callable[[], float]) -> None:
        self._load, self._ttl_s, self._mono = load, ttl_s, mono
        self._held: tuple[float, T] | None = None
        self._loading = Lock()

    def get(self) -> T:
        held = self._held
        if held is not None and self._mono() < held[0]:
            return held[1]
        if not self._loading.acquire(blocking=held is None):
            return held[1]  # type: ignore[index]
        try:
            return self._fresh()
        finally:
            self._loading.release()

    def forget(self) -> None:
        """The next caller loads."""
        self._held = None

    def _fresh(self) -> T:
        held = self._held
        if held is not None and self._mono() < held[0]:
            return held[1]
        value = self._load()
        self._held = (self._mono() + self._ttl_s, value)
        return value
