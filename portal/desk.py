"""What one process keeps in memory to serve travellers: hotspots, prompts, and facts that wait to be written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from core.ids import new_id
from core.log import log
from core.security import BadSeal
from core.services import Services
from measure.ledger import VisitFact, record_visits
from measure.uniques import SPLASH_DEVICE, SPLASH_SESSION
from places.models import Location
from playlists.programme import Spot
from portal import queries
from portal.actions import GENERATION, secrets_of
from portal.controllers import Call, Caller
from portal.gateways import DIALECTS
from portal.gateways.base import Dialect, Gateway, Poll, ServerCall
from portal.memory import Memory, Shelf
from portal.models import Hotspot, HotspotLogo
from portal.online import Network, Online, networks_of
from portal.outbox import Outbox
from portal.pages import Kept, logo_address
from portal.pending import LIFETIME, Pending, Waiting, open_waiting, seal_waiting
from portal.prompts import Prompt, Prompts, spot_of
from portal.salt import DailySalt
from portal.visit import Visit

PageKey = tuple[Hashable, ...]  # which page, and all that it depends on
Kind = Literal["splash_view", "grant", "store_click"]
DAY_COUNTS = {"splash_view": "splashes", "grant": "grants"}
KNOWN_FOR_S = 2.0
ANEW_S = 60.0  # a location's new name or area shows after this at the latest


class ShownLogo(NamedTuple):
    """A host's logo as a page holds it: its picture as an address, its size there, and which version it is."""

    src: str
    width: int
    height: int
    version: int


@dataclass(frozen=True, slots=True, eq=False)
class Stand:
    """A hotspot with all that its pages need, secrets in the clear."""

    code: str
    name: str
    location: Location
    spot: Spot
    dialect: Dialect
    gateway: Gateway
    networks: tuple[Network, ...]
    terms: Mapping[str, str]
    terms_version: int
    logo: ShownLogo | None

    def page_key(self, language: str, prompt: Prompt) -> PageKey:
        """What its splash depends on."""
        logo = self.logo.version if self.logo else 0
        return self.code, self.name, self.terms_version, logo, language, prompt


@dataclass(frozen=True, slots=True)
class Seen:
    """A fact of a visit, with the moment it happened."""

    fact: VisitFact
    at: datetime


@dataclass(frozen=True, slots=True)
class Asked:
    """A grant that a gateway has still to fetch, for the other processes."""

    grant: Waiting
    sealed: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Fetched:
    """Grants that need not be kept any longer."""

    ids: tuple[str, ...]
    at: datetime


@dataclass(frozen=True, slots=True)
class Tallied:
    """Something that a hotspot's day counts: a refusal, a poll."""

    stand: Stand
    what: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Accepted:
    """That somebody accepted the terms: which wording, in which language, where, in which hour."""

    hotspot: str
    version: int
    language: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Clocked:
    """What time it was for a gateway when it sent a phone."""

    stand: Stand
    told: datetime
    at: datetime


Item = Seen | Tallied | Asked | Fetched | Accepted | Clocked


class Desk:
    """One for each process that serves."""

    def __init__(self, services: Services) -> None:
        self.services = services
        self._read_at = (-1, 0.0)
        self.prompts = Prompts(services)
        self.salt = DailySalt(services.settings.data_dir)
        self.online = Online(services.clock.mono)
        self._accepted: Shelf[str, bool] = Shelf(20_000)
        self.pending = Pending(services.clock.now)
        self.controllers = Caller(services.clock.mono)
        self.pages: Shelf[PageKey, Kept] = Shelf(2_000)
        self._stands: dict[str, Stand] = {}
        self._memory = Memory(self._load, ttl_s=KNOWN_FOR_S, mono=services.clock.mono)
        self.outbox: Outbox[Item] = Outbox(self._write)

    def stand(self, code: str) -> Stand | None:
        """The open hotspot of that code."""
        return self._memory.get().get(code)

    def stands(self) -> Mapping[str, Stand]:
        """All open hotspots, by code."""
        return self._memory.get()

    def accepted(self, stand: Stand, visit: Visit) -> None:
        """Counts that the terms were accepted, once for each visit."""
        if visit.counts and not self._accepted.get(visit.id):
            self._accepted.keep(visit.id, True)
            self.outbox.put(Accepted(stand.code, stand.terms_version, visit.language, self.services.clock.now()))

    def ask(self, stand: Stand, visit: Visit, grant: Poll | ServerCall) -> None:
        """Puts a grant where the gateway will fetch it; asked twice, it is one."""
        now = self.services.clock.now()
        if isinstance(grant, ServerCall):
            self._call(stand, visit, grant)
            return
        made = Waiting(new_id("pgr"), stand.code, grant.queue, grant.key, grant.record, visit, now + LIFETIME)
        self.pending.put(made)
        if self.services.settings.workers > 1:
            self.outbox.put(Asked(made, seal_waiting(made, self.services.sealer, now), now))

    def _call(self, stand: Stand, visit: Visit, grant: ServerCall) -> None:
        def done(through: bool) -> None:
            if through:
                self.confirmed(stand, [visit])
                self.pending.let_through(visit.id)
            else:
                self.tally(stand, "failed_calls")

        give_up = self.services.clock.mono() + LIFETIME.total_seconds()
        self.controllers.ask(Call(grant.kind, grant.facts, stand.gateway, visit.id, give_up, done))

    def confirmed(self, stand: Stand, visits: Iterable[Visit]) -> None:
        """A gateway or a controller has let these through: each counts, once."""
        for visit in visits:
            self.record(stand, visit, "grant")
            if visit.who:
                self.online.add(stand.code, [visit.who], (stand.gateway.session_minutes or 0) * 60 or None)

    def record(self, stand: Stand, visit: Visit, kind: Kind) -> int:
        """Counts a fact once for each visit; returns its number in the outbox, 0 where nothing is counted."""
        if not visit.counts:
            return 0
        fact = VisitFact(
            kind=kind,
            visit_id=visit.id,
            location_id=stand.location.code,
            area_path=stand.location.area_path,
            timezone=stand.location.timezone,
            hotspot=stand.code,
            campaign_id=visit.campaign,
            creative_id=visit.creative,
            language=visit.language,
            person=visit.who or visit.id,
            told_by=SPLASH_DEVICE if visit.who else SPLASH_SESSION,
        )
        return self.outbox.put(Seen(fact, self.services.clock.now()))

    def waiting(self, stand: Stand, queue: str) -> list[Waiting]:
        """What this gateway has still to fetch, also of what other workers were asked."""
        if self.services.settings.workers > 1:
            for grant in self._others(stand, queue):
                self.pending.put(grant)
        return self.pending.waiting(stand.code, queue)

    def _others(self, stand: Stand, queue: str) -> list[Waiting]:
        try:
            with self.services.db.read() as s:
                rows = queries.pending(s, stand.code, queue, self.services.clock.now())
            now = self.services.clock.now()
            return [open_waiting(row.sealed, self.services.sealer, now) for row in rows]
        except Exception as error:  # noqa: BLE001 - a gateway's poll is answered from memory, whatever is broken
            log.warning("grants of other workers cannot be read", error=type(error).__name__)
            return []

    def forget_grants(self, grants: list[Waiting]) -> None:
        """They are fetched, or nobody wants them any more."""
        if grants and self.services.settings.workers > 1:
            self.outbox.put(Fetched(tuple(grant.id for grant in grants), self.services.clock.now()))

    def is_through(self, visit_id: str, seconds: float) -> bool:
        """Whether the gateway has let this visit through, within `seconds`."""
        if self.services.settings.workers == 1:
            return self.pending.wait(visit_id, seconds)
        end = self.services.clock.mono() + seconds
        while not self.pending.wait(visit_id, 0.5):
            with self.services.db.read() as s:
                if queries.is_granted(s, visit_id):
                    return True
            if self.services.clock.mono() > end:
                return False
        return True

    def _load(self) -> dict[str, Stand]:
        with self.services.db.read() as s:
            generation = self.services.generation.current(s, GENERATION)
            now = self.services.clock.mono()
            if generation != self._read_at[0] or now > self._read_at[1] + ANEW_S:
                logos = queries.logos(s)
                stands = (self._stand(h, place, logos.get(h.code)) for h, place in queries.hotspots(s))
                self._stands = {stand.code: stand for stand in stands if stand}
                self._read_at = (generation, now)
        return self._stands

    def tally(self, stand: Stand, what: str) -> None:
        """Counts something for a hotspot's day."""
        self.outbox.put(Tallied(stand, what, self.services.clock.now()))

    def clocked(self, stand: Stand, told: datetime) -> None:
        """A gateway told its time: one that is wrong breaks what it signs, and what it lets through until when."""
        self.outbox.put(Clocked(stand, told, self.services.clock.now()))

    def _stand(self, hotspot: Hotspot, place: Location, logo: HotspotLogo | None) -> Stand | None:
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
            spot_of(hotspot.code, place),
            dialect,
            gateway,
            networks_of(hotspot.networks),
            hotspot.terms,
            hotspot.terms_version,
            _shown(logo),
        )

    def _write(self, batch: list[Item]) -> None:
        self.services.db.write(lambda s: deliver(s, batch))


def _shown(logo: HotspotLogo | None) -> ShownLogo | None:
    """It has two pixels or more for one of the page's."""
    if logo is None or not (logo.width and logo.height):
        return None
    return ShownLogo(logo_address(logo), max(1, logo.width // 2), max(1, logo.height // 2), logo.version)


def deliver(s: Session, batch: list[Item]) -> None:
    """Writes what was seen, each fact of a visit once."""
    days: dict[tuple[str, date], Counter[str]] = {}
    seen = [item for item in batch if isinstance(item, Seen)]
    for one, new in zip(seen, record_visits(s, [(one.fact, one.at) for one in seen]), strict=True):
        if new and one.fact.kind in DAY_COUNTS:
            day = one.at.astimezone(ZoneInfo(one.fact.timezone)).date()
            days.setdefault((one.fact.hotspot, day), Counter())[DAY_COUNTS[one.fact.kind]] += 1
    for item in batch:
        if isinstance(item, Asked):
            queries.keep_pending(s, item.grant, item.sealed, item.at)
        elif isinstance(item, Fetched):
            queries.forget_pending(s, item.ids)
        elif isinstance(item, Accepted):
            hour = item.at.replace(minute=0, second=0, microsecond=0)
            queries.add_acceptance(s, item.hotspot, item.version, item.language, hour, 1)
        elif isinstance(item, Tallied):
            day = item.at.astimezone(ZoneInfo(item.stand.location.timezone)).date()
            days.setdefault((item.stand.code, day), Counter())[item.what] += 1
        elif isinstance(item, Clocked):
            day = item.at.astimezone(ZoneInfo(item.stand.location.timezone)).date()
            queries.keep_clock(s, item.stand.code, day, round((item.told - item.at).total_seconds()))
    for (code, day), counts in days.items():
        queries.add_to_day(s, code, day, counts, batch[-1].at)
