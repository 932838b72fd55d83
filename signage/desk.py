"""What a process holds for its player doors: the board, and what screens said since it was last written down."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from threading import Thread
from typing import Any, TypeVar, cast

from flask import Flask, current_app
from sqlalchemy.orm import Session

from core.log import log
from core.services import Services, services_of
from measure.ledger import PlayOutcome, PlayReport, record_reports
from measure.playlog import PlayBatch
from media.actions import want_encoding
from signage import actions, queries
from signage.actions import Report, Result
from signage.board import Board
from signage.dialects.given import GivenEntries
from signage.models import Command
from signage.references import References
from signage.signing import Signer
from signage.takeovers import may_confirm

FLUSH_S = 15.0
AT_ONCE = 250  # screens whose heartbeats are written in one transaction
Decoded = tuple[int, int, str]  # width and height of a screen, and a type that its player decodes
KEPT = ("entry", "revision", "takeover_shown", "display", "storage", "media", "player")
_KEY = "signage"
T = TypeVar("T")


def desk() -> "Desk":
    """The desk of the app that is serving."""
    return desk_of(current_app)


def desk_of(app: Flask) -> "Desk":
    """The desk of this app, made at the first call."""
    held = app.extensions.get(_KEY)
    if held is None:
        held = app.extensions[_KEY] = Desk(services_of(app))
    return cast(Desk, held)


class Desk:
    """Plays, reports and heartbeats on their way into the database."""

    def __init__(self, services: Services) -> None:
        self.services = services
        self.board = Board(services)
        self.signer = Signer(services.sealer)
        self.references = References(services.db, self.board)
        self.given = GivenEntries(services.db)
        self._seen: dict[str, datetime] = {}
        self._reports: dict[str, Report] = {}
        self._confirmed: dict[str, str] = {}
        self._decoded: set[Decoded] = set()  # what players said that they decode, and what of it is yet to be written
        self._new_decoded: set[Decoded] = set()
        self._flushed = services.clock.mono()

    def heard(self, screen_id: str, now: datetime) -> None:
        """Remembers that a screen spoke; all that spoke are written down together every FLUSH_S seconds."""
        self._seen[screen_id] = now
        if self.services.clock.mono() - self._flushed >= FLUSH_S:
            self._flushed = self.services.clock.mono()
            Thread(target=self.flush, daemon=True).start()

    def asked_for(self, screen_id: str, accepts: str) -> None:
        """Remembers that the player on a screen decodes a type: pictures of its shape will be made in it."""
        card = self.board.card(screen_id)
        if card and (said := (card.facts.width, card.facts.height, accepts)) not in self._decoded:
            self._decoded.add(said)
            self._new_decoded.add(said)

    def flush(self) -> None:
        """Writes down who was heard of and what they said. What cannot be written now is tried again with the next."""
        seen, self._seen = self._seen, {}
        reports, self._reports = self._reports, {}
        decoded, self._new_decoded = self._new_decoded, set()
        try:
            for screens in _parts(seen.keys() | reports.keys()):
                self.services.db.write(partial(_keep, seen=_of(seen, screens), reports=_of(reports, screens)))
            if decoded:
                self.services.db.write(lambda s: _want(s, decoded, self.services.clock.now()))
        except Exception as error:  # noqa: BLE001 - a thread of its own: nobody else would hear of it
            log.warning("heartbeats were not written", screens=len(seen), error=str(error))
            self._seen, self._reports = {**seen, **self._seen}, {**reports, **self._reports}
            self._new_decoded |= decoded

    def take_plays(self, screen_id: str, batch: PlayBatch, received: datetime) -> PlayOutcome:
        """Puts a batch into the ledger; returns once it is durable. Raises Hole."""
        place = self.references.place(screen_id, batch.rows.good.values())
        outcome = self.services.db.write_together(record_reports, PlayReport(place, batch, received))
        self.references.kept(place.names)
        return outcome

    def take_status(
        self, screen_id: str, told: Mapping[str, Any], results: Sequence[Result], now: datetime
    ) -> Sequence[Command]:
        """Keeps a report; returns what the screen is asked to do. Troubles and answers are written at once."""
        self._reports[screen_id] = Report(now, {name: told[name] for name in KEPT})
        self._confirm(screen_id, told["takeover_shown"], now)
        if results or told["errors"]:
            self.services.db.write(lambda s: _answer(s, screen_id, told["errors"], results, now))
        with self.services.db.read() as s:
            return queries.open_commands(s, screen_id, now)

    def last_report(self, screen_id: str) -> Mapping[str, Any]:
        """What the screen said last, whether it was written down or not; empty where it never said anything."""
        held = self._reports.get(screen_id)
        if held is not None:
            return held.facts
        with self.services.db.read() as s:
            row = queries.status(s, screen_id)
        return {name: getattr(row, name) for name in KEPT} if row else {}

    def _confirm(self, screen_id: str, takeover_id: str | None, now: datetime) -> None:
        """Writes down at once, and once, that a screen shows a takeover: somebody waits for it."""
        if takeover_id is None or self._confirmed.get(screen_id) == takeover_id:
            return
        if may_confirm(self.board, screen_id, takeover_id, now):
            self.services.db.write(lambda s: actions.confirm_takeover(s, screen_id, takeover_id, now))
            self._confirmed[screen_id] = takeover_id


def _parts(heard: Iterable[str]) -> Iterator[list[str]]:
    """A few screens at a time, so that plays find the writer free in between."""
    screens = sorted(heard)
    return (screens[n : n + AT_ONCE] for n in range(0, len(screens), AT_ONCE))


def _of(facts: Mapping[str, T], screens: Iterable[str]) -> dict[str, T]:
    return {screen: facts[screen] for screen in screens if screen in facts}


def _keep(s: Session, seen: Mapping[str, datetime], reports: Mapping[str, Report]) -> None:
    actions.keep_seen(s, seen)
    actions.keep_statuses(s, reports)


def _want(s: Session, decoded: Iterable[Decoded], now: datetime) -> None:
    for width, height, accepts in sorted(decoded):
        want_encoding(s, width, height, accepts, now)


def _answer(
    s: Session, screen_id: str, troubles: Sequence[Mapping[str, str]], results: Sequence[Result], now: datetime
) -> None:
    actions.keep_troubles(s, screen_id, troubles, now)
    actions.answer_commands(s, screen_id, results, now)
