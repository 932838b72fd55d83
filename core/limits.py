"""How often somebody may try: token buckets in memory, one process's own."""

from collections import OrderedDict
from collections.abc import Callable
from math import ceil

from core.errors import Limited

MOST_KEYS = 50_000


class Limits:
    """Buckets by (name, key). The key is never stored: give a digest, or an id, or a word for all."""

    def __init__(self, mono: Callable[[], float]) -> None:
        self._mono = mono
        self._buckets: OrderedDict[tuple[str, str], tuple[float, float]] = OrderedDict()

    def take(self, name: str, key: str, *, rate_per_minute: float, burst: int) -> None:
        """Takes one token. Raises Limited with the seconds until there is one again."""
        now = self._mono()
        tokens, then = self._buckets.pop((name, key), (float(burst), now))
        tokens = min(float(burst), tokens + (now - then) * rate_per_minute / 60)
        self._remember((name, key), (max(tokens - 1, 0.0) if tokens >= 1 else tokens, now))
        if tokens < 1:
            wait = ceil((1 - tokens) * 60 / rate_per_minute)
            raise Limited(f"Try again in {wait} seconds", retry_after_s=wait)

    def clear(self, name: str, key: str) -> None:
        """Forgets the tries, e.g. after a success."""
        self._buckets.pop((name, key), None)

    def _remember(self, key: tuple[str, str], bucket: tuple[float, float]) -> None:
        self._buckets[key] = bucket
        if len(self._buckets) > MOST_KEYS:
            self._buckets.popitem(last=False)
