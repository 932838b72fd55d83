"""Grants that a gateway or a controller has still to take up: in memory, and sealed in the database for other workers.

None is older than five minutes. A poll reads memory and never waits for a write.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from core.security import Sealer
from portal.memory import Shelf
from portal.visit import Visit, as_payload, of_payload

LIFETIME = timedelta(minutes=5)
YOUNG = timedelta(seconds=20)
MOST_AT_ONCE = 4  # authmon takes no more from one answer
MOST_CHARACTERS = 1024
MOST_WAITING = 20_000


@dataclass(frozen=True, slots=True)
class Waiting:
    """One grant: for whom (`queue` is the gateway's own name), what to tell it, and whose visit it is."""

    id: str
    hotspot: str
    queue: str
    key: str
    record: str
    visit: Visit
    until: datetime


PURPOSE = "pending-grant"


def seal_waiting(grant: Waiting, sealer: Sealer, now: datetime) -> str:
    """A grant as it may lie in the database for other workers."""
    told: dict[str, object] = {
        "g": [grant.id, grant.hotspot, grant.queue, grant.key, grant.record],
        "v": as_payload(grant.visit),
        "u": grant.until.timestamp(),
    }
    return sealer.seal(told, PURPOSE, LIFETIME.total_seconds(), now)


def open_waiting(sealed: str, sealer: Sealer, now: datetime) -> Waiting:
    """The grant again. Raises BadSeal."""
    told: Any = sealer.open(sealed, PURPOSE, now)
    ident, hotspot, queue, key, record = told["g"]
    return Waiting(ident, hotspot, queue, key, record, of_payload(told["v"]), datetime.fromtimestamp(told["u"], UTC))


class Pending:
    """The grants of one process, by gateway; and which visits were let through a moment ago."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._held: dict[tuple[str, str], dict[str, Waiting]] = {}
        self._through: Shelf[str, bool] = Shelf(MOST_WAITING)
        self._news = threading.Condition()

    def put(self, grant: Waiting) -> None:
        """A traveller has tapped; the gateway will ask."""
        with self._news:
            queue = self._held.setdefault((grant.hotspot, grant.queue), {})
            queue[grant.key] = grant
            if len(queue) > MOST_WAITING:
                queue.pop(next(iter(queue)))

    def waiting(self, hotspot: str, queue: str) -> list[Waiting]:
        """What this gateway has still to fetch: what it was not told of first, then the oldest."""
        now = self._now()
        with self._news:
            held = self._held.get((hotspot, queue), {})
            for key in [key for key, grant in held.items() if grant.until <= now]:
                del held[key]
            return list(held.values())

    def offered(self, hotspot: str, queue: str, keys: Iterable[str]) -> None:
        """The gateway was told of these: next time the others come first.

        It takes four at a time, so one that it cannot take up (the phone has left) would hold a place for minutes.
        """
        with self._news:
            held = self._held.get((hotspot, queue), {})
            for key in keys:
                if key in held:
                    held[key] = held.pop(key)

    def acknowledge(self, hotspot: str, queue: str, keys: Iterable[str]) -> list[Waiting]:
        """The gateway has let these through."""
        with self._news:
            held = self._held.get((hotspot, queue), {})
            done = [held.pop(key) for key in keys if key in held]
        for grant in done:
            self.let_through(grant.visit.id)
        return done

    def clear(self, hotspot: str, queue: str) -> list[Waiting]:
        """The gateway has started anew: what was meant for its last run is dropped.

        What is younger than YOUNG stays: authmon first asks some seconds after its gateway lets phones arrive.
        """
        now = self._now()
        with self._news:
            held = self._held.get((hotspot, queue), {})
            stale = [key for key, grant in held.items() if grant.until - LIFETIME < now - YOUNG]
            return [held.pop(key) for key in stale]

    def let_through(self, visit_id: str) -> None:
        """Tells whoever waits for this visit."""
        with self._news:
            self._through.keep(visit_id, True)
            self._news.notify_all()

    def wait(self, visit_id: str, seconds: float) -> bool:
        """Whether the visit was let through within `seconds`."""
        with self._news:
            return bool(self._news.wait_for(lambda: self._through.get(visit_id), seconds))


def view(grants: Sequence[Waiting], encode: Callable[[str], str]) -> str:
    """The answer to authmon's `view`: a star, then at most four records in at most 1,024 characters."""
    told = "*"
    for grant in grants[:MOST_AT_ONCE]:
        longer = f"{told} {encode(grant.record)}"
        if len(longer) > MOST_CHARACTERS:
            break
        told = longer
    return told
