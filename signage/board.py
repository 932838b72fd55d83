"""The busy path: who asks and what is to be played, answered from memory.

A process keeps, for each screen, a card (who and where) and a poster (the ETag of its manifest and how long that
holds). Once in FRESH_S it looks at three small marks in the database. A screen that was changed is looked up again,
the others stay; so an unchanged poll touches no row. Bodies are put together anew from a plan that all screens of a
shape at a location share, which costs less than keeping them.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from sqlalchemy.orm import Session

from core.security import digest
from core.services import Services
from core.snapshot import Snapshot
from media.distance import Geometry
from playlists.languages import rotation
from playlists.programme import Spot, World
from playlists.queries import load_world
from signage import queries
from signage.actions import GENERATION
from signage.geometry import geometry_of
from signage.manifest import Manifest, Plan, ScreenFacts, build, etag_of
from signage.plans import Plans
from signage.queries import HungFacts

FRESH_S = 2.0
SETTLES = timedelta(seconds=10)  # another process's transaction may commit a little after the time it wrote down
PROGRAMME = "programme"


class Marks(NamedTuple):
    """Grow whenever something was published, a screen was changed, or a place was."""

    programme: int
    screens: int
    places: queries.PlacesMark


class Key(NamedTuple):
    """For whom a secret speaks, and until when."""

    screen_id: str
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Card:
    """Who a screen is and where it hangs, as the busy path needs it."""

    facts: ScreenFacts
    geometry: Geometry | None
    spot: Spot
    location_name: str
    testing: bool

    @property
    def area_path(self) -> str:
        """Where the location lies."""
        return self.spot.area_path


class Poster(NamedTuple):
    """The ETag of a screen's manifest, until when it holds, and for a player that decodes what beyond JPEG and PNG."""

    etag: str
    until: datetime
    accepts: str


def card_of(row: HungFacts) -> Card:
    """The card of a screen at its location."""
    facts = ScreenFacts(row.id, row.name, row.location, row.width, row.height, row.timezone)
    spot = Spot(
        id=row.id,
        location=row.location,
        area_path=row.area_path,
        venue_kind=row.venue_kind,
        tags=tuple(row.tags),
        medium="screen",
        width=row.width,
        height=row.height,
        timezone=row.timezone,
        languages=rotation(row.languages) or ("vi",),
    )
    return Card(facts, geometry_of(row, row), spot, row.location_name, row.testing)


class Board:
    """One process's memory of its screens."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._keys: dict[str, Key] = {}
        self._cards: dict[str, Card] = {}
        self._posters: dict[str, Poster] = {}
        self._plans = Plans(services.db, services.settings.public_url)
        self._marks: Marks | None = None
        self._looked_at = datetime(1970, 1, 1, tzinfo=UTC)
        self._fresh = Snapshot(self._look, ttl_s=FRESH_S, mono=services.clock.mono)

    # ---- what is asked ----

    def screen_of(self, secret: str, now: datetime) -> str | None:
        """The id of the screen that this secret speaks for."""
        self._fresh.get()
        key = digest(secret)
        held = self._keys.get(key)
        if held is None or (held.until is not None and held.until <= now):
            held = self._find_key(key, now)
        return held.screen_id if held else None

    def card(self, screen_id: str) -> Card | None:
        """Who the screen is; None once it was closed."""
        self._fresh.get()
        found = self._cards.get(screen_id)
        if found is None:
            with self._services.db.read() as s:
                row = queries.hung_facts(s, screen_id)
            found = card_of(row) if row else None
            if found:
                self._cards[screen_id] = found
        return found

    def etag(self, screen_id: str, now: datetime, accepts: str = "") -> str:
        """The ETag of what the screen plays. Raises KeyError and Busy as `manifest` does."""
        self._fresh.get()
        poster = self._posters.get(screen_id)
        if poster is not None and now < poster.until and poster.accepts == accepts:
            return poster.etag
        card, plan = self._plan(screen_id, now, accepts)
        etag = etag_of(card.facts, plan)
        self._hang(screen_id, etag, plan, now, accepts)
        return etag

    def manifest(self, screen_id: str, now: datetime, accepts: str = "") -> Manifest:
        """What the screen plays, in pictures as ``accepts`` where there are such. Raises KeyError where no picture fits
        it yet, Busy where too many wait for their programme."""
        card, plan = self._plan(screen_id, now, accepts)
        made = build(card.facts, plan, self._plans.tail(plan))
        self._hang(screen_id, made.etag, plan, now, accepts)
        return made

    def _plan(self, screen_id: str, now: datetime, accepts: str) -> tuple[Card, Plan]:
        card = self.card(screen_id)
        if card is None:
            raise KeyError(screen_id)
        return card, self._plans.of(card.spot, card.geometry, now, testing=card.testing, accepts=accepts)

    def _hang(self, screen_id: str, etag: str, plan: Plan, now: datetime, accepts: str) -> None:
        lasts = plan.until if plan.complete else min(plan.until, now + timedelta(seconds=FRESH_S))
        self._posters[screen_id] = Poster(etag, lasts, accepts)

    def body(self, screen_id: str, now: datetime) -> tuple[bytes, str]:
        """The manifest's bytes and its ETag, for who only reads it. Raises KeyError as `manifest` does."""
        made = self.manifest(screen_id, now)
        return made.body, made.etag

    @property
    def world(self) -> World:
        """What is published, at most FRESH_S old."""
        self._fresh.get()
        return self._plans.world

    # ---- how it stays true ----

    def _find_key(self, key: str, now: datetime) -> Key | None:
        with self._services.db.read() as s:
            found = queries.valid_key(s, key, now)
        if found is None:
            self._keys.pop(key, None)
            return None
        held = self._keys[key] = Key(found.screen_id, found.expires_at)
        return held

    def _look(self) -> bool:
        now = self._services.clock.now()
        with self._services.db.read() as s:
            marks, held = self._read_marks(s), self._marks
            if held is None:
                self._load_keys(s, now)
            if held is None or marks.programme != held.programme:
                self._plans.publish(load_world(s))
                self._posters.clear()
            if held is None or marks.places != held.places:
                self._load_cards(s)
            if held is not None and marks.screens != held.screens:
                self._forget(queries.changed_since(s, self._looked_at - SETTLES))
        self._marks, self._looked_at = marks, now
        return True

    def _read_marks(self, s: Session) -> Marks:
        current: Callable[[Session, str], int] = self._services.generation.current
        return Marks(current(s, PROGRAMME), current(s, GENERATION), queries.places_mark(s))

    def _load_keys(self, s: Session, now: datetime) -> None:
        """All keys at once, at the start: one by one they would cost a query for each screen."""
        self._keys = {row.digest: Key(row.screen_id, row.expires_at) for row in queries.valid_keys(s, now)}

    def _load_cards(self, s: Session) -> None:
        self._cards = {row.id: card_of(row) for row in queries.all_hung_facts(s)}
        self._posters.clear()
        self._plans.forget_codes()

    def _forget(self, screens: Iterable[str]) -> None:
        gone = set(screens)
        for screen_id in gone:
            self._cards.pop(screen_id, None)
            self._posters.pop(screen_id, None)
        self._plans.forget_codes()  # a new screen may have brought new codes to its location
        self._keys = {key: held for key, held in self._keys.items() if held.screen_id not in gone}
