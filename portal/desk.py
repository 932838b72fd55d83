"""What one process keeps in memory to serve travellers: hotspots, prompts, and facts that wait to be written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Literal

from core.ids import new_id
from core.log import log
from core.services import Services
from measure.ledger import VisitFact
from measure.uniques import SPLASH_DEVICE, SPLASH_SESSION
from portal import queries
from portal.actions import GENERATION
from portal.controllers import Call, Caller
from portal.gateways.base import Poll, ServerCall
from portal.memory import Memory, Shelf
from portal.online import Online, within
from portal.outbox import Outbox
from portal.pages import Kept
from portal.pending import LIFETIME, Pending, Waiting, open_waiting, seal_waiting
from portal.prompts import Prompts
from portal.salt import DailySalt
from portal.seen import Accepted, Asked, Clocked, Fetched, Item, Missed, Seen, Tallied, deliver
from portal.stands import PageKey, Stand, stand_at
from portal.vigil import Vigil
from portal.visit import Visit

Kind = Literal["splash_view", "grant", "store_click"]
KNOWN_FOR_S = 2.0
ANEW_S = 60.0  # a location's new name or area shows after this at the latest


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
        self._vigil = Vigil(services.settings.data_dir / "vigil")
        self.outbox: Outbox[Item] = Outbox(
            self._write, holds=lambda first: self._vigil.hold(first.at), rests=self._vigil.rest
        )
        for since in self._vigil.left_behind():
            log.warning("a process ended with views that it had not written", since=since.isoformat())
            self.outbox.put(Missed(since, services.clock.now()))

    def stand(self, code: str) -> Stand | None:
        """The open hotspot of that code."""
        return self._memory.get().get(code)

    def stand_at_once(self, code: str) -> Stand | None:
        """The same for a gateway that polls: it need not hear of a change in this very answer."""
        return self._memory.at_once().get(code) or self.stand(code)

    def stands(self) -> Mapping[str, Stand]:
        """All open hotspots, by code."""
        return self._memory.get()

    def unifi_at(self, site: str, address: str) -> Stand | None:
        """The hotspot of a UniFi site: by the phone's network, else by the site's name, else the only one there is."""
        all_of_them = [stand for stand in self.stands().values() if stand.dialect.name == "unifi"]
        near = [stand for stand in all_of_them if within(address, stand.networks)]
        named = [stand for stand in all_of_them if stand.gateway.text("site") == site]
        return next((found[0] for found in (near, named, all_of_them) if len(found) == 1), None)

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
                settings, sealer = self.services.settings, self.services.sealer
                stands = (stand_at(h, place, logos.get(h.code), settings, sealer) for h, place in queries.hotspots(s))
                self._stands = {stand.code: stand for stand in stands if stand}
                self._read_at = (generation, now)
        return self._stands

    def tally(self, stand: Stand, what: str) -> None:
        """Counts something for a hotspot's day."""
        self.outbox.put(Tallied(stand, what, self.services.clock.now()))

    def clocked(self, stand: Stand, told: datetime) -> None:
        """A gateway told its time: one that is wrong breaks what it signs, and what it lets through until when."""
        self.outbox.put(Clocked(stand, told, self.services.clock.now()))

    def _write(self, batch: list[Item]) -> None:
        self.services.db.write(lambda s: deliver(s, batch))
