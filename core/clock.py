"""The one place that asks what time it is."""

import time
from datetime import UTC, datetime


class Clock:
    """The system's clock; tests put a frozen one in its place."""

    def now(self) -> datetime:
        """The present moment, aware, in UTC."""
        return datetime.now(UTC)

    def mono(self) -> float:
        """Seconds on a clock that never steps; only differences mean anything."""
        return time.monotonic()
