"""A clock that stands still until a test moves it."""

from datetime import UTC, datetime, timedelta

from core.clock import Clock

MORNING = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)  # 09:00 in Hậu Giang


class FrozenClock(Clock):
    def __init__(self, at: datetime = MORNING) -> None:
        self._at = at
        self._mono = 1000.0

    def now(self) -> datetime:
        return self._at

    def mono(self) -> float:
        return self._mono

    def advance(self, **duration: float) -> datetime:
        """Moves on by a timedelta's arguments, e.g. ``advance(minutes=5)``."""
        step = timedelta(**duration)
        self._at += step
        self._mono += step.total_seconds()
        return self._at

    def step_to(self, at: datetime) -> None:
        """Sets the wall clock alone, as a wrong NTP answer would."""
        self._at = at
