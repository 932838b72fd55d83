"""What one process keeps in memory to serve travellers: hotspots, prompts, and facts that wait to be written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from core.log import log
from core.security import BadSeal
from core.services import Services
from measure.ledger import VisitFact, record_visit
from places.models import Location
from portal import queries
from portal.actions import GENERATION, secrets_of
from portal.gateways import DIALECTS
from portal.gateways.base import Dialect, Gateway
from portal.memory import Memory, Shelf
from portal.models import Hotspot
from portal.online import Network, Online, networks_of
from portal.outbox import Outbox
from portal.pages import Kept
from portal.prompts import Prompt, Prompts
from portal.salt import DailySalt

KNOWN_FOR_S = 2.0
ANEW_S = 60.0  # a location's new name or area shows after this at the latest


@dataclass(frozen=True, slots=True, eq=False)
class Stand:
    """A hotspot with all that its pages need, secrets in the clear."""

    code: str
    name: str
    location: Location
    dialect: Dialect
    gateway: Gateway
    networks: tuple[Network, ...]
    terms: Mapping[str, str]
    terms_version: int


@dataclass(frozen=True, slots=True)
class Seen:
    """A fact of a visit, with the moment it happened."""

    fact: VisitFact
    at: datetime


@dataclass(frozen=True, slots=True)
class Tallied:
    """Something that a hotspot's day counts: a refusal, a poll."""

    stand: Stand
    what: str
    at: datetime


class Desk:
    """One for each process that serves."""

    def __init__(self, services: Services) -> None:
        self.services = services
        self._read_at = (-1, 0.0)
        self.prompts = Prompts(services)
        self.salt = DailySalt(services.settings.data_dir)
        self.online = Online(services.clock.mono)
        self.pages: Shelf[tuple[Stand, str, Prompt], Kept] = Shelf(2_000)
        self._stands: dict[str, Stand] = {}
        self._memory = Memory(self._load, ttl_s=KNOWN_FOR_S, mono=services.clock.mono)
        self.outbox: Outbox[Seen | Tallied] = Outbox(self._write)

    def stand(self, code: str) -> Stand | None:
        """The open hotspot of that code."""
        return self._memory.get().get(code)

    def stands(self) -> Mapping[str, Stand]:
        """All open hotspots, by code."""
        return self._memory.get()

    def _load(self) -> dict[str, Stand]:
        with self.services.db.read() as s:
            generation = self.services.generation.current(s, GENERATION)
            now = self.services.clock.mono()
            if generation != self._read_at[0] or now > self._read_at[1] + ANEW_S:
                self._stands = {h.code: stand for h, place in queries.hotspots(s) if (stand := self._stand(h, place))}
                self._read_at = (generation, now)
        return self._stands

    def tally(self, stand: Stand, what: str) -> None:
        """Counts something for a hotspot's day."""
        self.outbox.put(Tallied(stand, what, self.services.clock.now()))

    def _stand(self, hotspot: Hotspot, place: Location) -> Stand | None:
        try:
            secrets = secrets_of(hotspot, self.services.sealer)
        except BadSeal:
            log.error("a hotspot's secrets were sealed with another key", hotspot=hotspot.code)
            return None
        dialect = DIALECTS[hotspot.dialect]
        gateway = Gateway(
            hotspot.grant_base or dialect.default_base,
            {**hotspot.settings, **secrets},
            hotspot.session_minutes,
            f"{self.services.settings.portal_url}/wifi/{hotspot.code}",
        )
        return Stand(
            hotspot.code,
            hotspot.name,
            place,
            dialect,
            gateway,
            networks_of(hotspot.networks),
            hotspot.terms,
            hotspot.terms_version,
        )

    def _write(self, batch: list[Seen | Tallied]) -> None:
        self.services.db.write(lambda s: deliver(s, batch))


def deliver(s: Session, batch: list[Seen | Tallied]) -> None:
    """Writes what was seen, each fact of a visit once."""
    days: dict[tuple[str, date], Counter[str]] = {}
    for item in batch:
        if isinstance(item, Seen):
            record_visit(s, item.fact, item.at)
        else:
            day = item.at.astimezone(ZoneInfo(item.stand.location.timezone)).date()
            days.setdefault((item.stand.code, day), Counter())[item.what] += 1
    for (code, day), counts in days.items():
        queries.add_to_day(s, code, day, counts, batch[-1].at)
