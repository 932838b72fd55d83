"""The busy path: who asks and what is to be played, answered from memory.

A process keeps, for each screen that polls it, a card (who and where) and a poster (the manifest's bytes and ETag).
Once in FRESH_S it looks at three small marks in the database. What has changed is dropped and made anew when it is
next asked for, never wholesale; so an unchanged poll touches no row. Bodies are kept within a budget, ETags of all.
"""

from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from sqlalchemy.orm import Session

from core.security import digest
from core.services import Services
from core.snapshot import Snapshot
from measure.links import codes_for
from media.distance import Geometry
from media.queries import ready_renditions
from places.models import Location
from playlists.index import index_of
from playlists.languages import rotation
from playlists.programme import Programme, Spot, World
from playlists.queries import load_world
from playlists.resolve import resolve
from signage import queries
from signage.actions import GENERATION
from signage.geometry import geometry_of
from signage.manifest import Manifest, Picture, ScreenFacts, build, window
from signage.models import Screen

FRESH_S = 2.0
SETTLES = timedelta(seconds=10)  # another process's transaction may commit a little after the time it wrote down
BODIES_KEPT = 64_000_000
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
    area_path: str
    location_name: str
    testing: bool


@dataclass(slots=True)
class Poster:
    """A screen's manifest: the body may have been dropped to save room, the ETag never is."""

    etag: str
    until: datetime
    body: bytes | None


def card_of(screen: Screen, place: Location) -> Card:
    """The card of a screen at its location."""
    facts = ScreenFacts(screen.id, screen.name, place.code, screen.width, screen.height, place.timezone)
    spot = Spot(
        id=screen.id,
        location=place.code,
        area_path=place.area_path,
        venue_kind=place.venue_kind,
        tags=tuple(place.tags),
        medium="screen",
        width=screen.width,
        height=screen.height,
        timezone=place.timezone,
        languages=rotation(place.languages) or ("vi",),
    )
    return Card(facts, geometry_of(screen, place), spot, place.area_path, place.name, screen.testing)


class Board:
    """One process's memory of its screens."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._keys: dict[str, Key] = {}
        self._cards: dict[str, Card] = {}
        self._posters: dict[str, Poster] = {}
        self._bodies: OrderedDict[str, int] = OrderedDict()
        self._bytes = 0
        self._world = World()
        self._marks: Marks | None = None
        self._looked_at = datetime(1970, 1, 1, tzinfo=UTC)
        self._fresh = Snapshot(self._look, ttl_s=FRESH_S, mono=services.clock.mono)

    # ---- what is asked ----

    def screen_of(self, secret: str, now: datetime) -> str | None:
        """The id of the screen that this secret speaks for."""
        self._fresh.get()
        key = digest(secret)
        held = self._keys.get(key)
        if held is not None and (held.until is None or now < held.until):
            return held.screen_id
        with self._services.db.read() as s:
            found = queries.valid_key(s, key, now)
        if found is None:
            return None
        self._keys[key] = Key(found.screen_id, found.expires_at)
        return found.screen_id

    def card(self, screen_id: str) -> Card | None:
        """Who the screen is; None once it was closed."""
        self._fresh.get()
        found = self._cards.get(screen_id)
        if found is None:
            with self._services.db.read() as s:
                hung = queries.hung(s, screen_id)
            if hung is None:
                return None
            found = self._cards[screen_id] = card_of(hung.screen, hung.location)
        return found

    def etag(self, screen_id: str, now: datetime) -> str:
        """The ETag of what the screen plays. Raises KeyError where no picture fits it yet."""
        self._fresh.get()
        poster = self._posters.get(screen_id)
        if poster is None or poster.until <= now:
            poster = self._hang(screen_id, now)
        return poster.etag

    def body(self, screen_id: str, now: datetime) -> tuple[bytes, str]:
        """The manifest and its ETag. Raises KeyError where no picture fits the screen yet."""
        self.etag(screen_id, now)
        poster = self._posters[screen_id]
        if poster.body is None:
            poster = self._hang(screen_id, now)
        if screen_id in self._bodies:
            self._bodies.move_to_end(screen_id)
        assert poster.body is not None
        return poster.body, poster.etag

    def programme(self, card: Card, now: datetime) -> Programme:
        """What the screen plays, resolved for the window around ``now``."""
        self._fresh.get()
        return resolve(self._world, card.spot, *window(now))

    @property
    def world(self) -> World:
        """What is published, at most FRESH_S old."""
        self._fresh.get()
        return self._world

    # ---- how it stays true ----

    def _look(self) -> bool:
        now = self._services.clock.now()
        with self._services.db.read() as s:
            marks = self._read_marks(s)
            held = self._marks
            if held is None or marks.programme != held.programme:
                self._world = load_world(s)
                self._drop_posters(list(self._posters))
            if held is None or marks.places != held.places:
                self._cards.clear()
                self._drop_posters(list(self._posters))
            if held is not None and marks.screens != held.screens:
                self._forget(queries.changed_since(s, self._looked_at - SETTLES))
        self._marks, self._looked_at = marks, now
        return True

    def _read_marks(self, s: Session) -> Marks:
        current: Callable[[Session, str], int] = self._services.generation.current
        return Marks(current(s, PROGRAMME), current(s, GENERATION), queries.places_mark(s))

    def _forget(self, screens: Iterable[str]) -> None:
        gone = set(screens)
        for screen_id in gone:
            self._cards.pop(screen_id, None)
        self._drop_posters(gone)
        self._keys = {key: held for key, held in self._keys.items() if held.screen_id not in gone}

    def _drop_posters(self, screens: Iterable[str]) -> None:
        for screen_id in screens:
            self._posters.pop(screen_id, None)
            self._bytes -= self._bodies.pop(screen_id, 0)

    def _hang(self, screen_id: str, now: datetime) -> Poster:
        card = self.card(screen_id)
        if card is None:
            raise KeyError(screen_id)
        made = self._make(card, now)
        until = made.until if made.complete else min(made.until, now + timedelta(seconds=FRESH_S))
        poster = self._posters[screen_id] = Poster(made.etag, until, made.body)
        self._bytes += len(made.body) - self._bodies.pop(screen_id, 0)
        self._bodies[screen_id] = len(made.body)
        while self._bytes > BODIES_KEPT and len(self._bodies) > 1:
            oldest, size = self._bodies.popitem(last=False)
            self._bytes -= size
            if oldest in self._posters:
                self._posters[oldest].body = None
        return poster

    def _make(self, card: Card, now: datetime) -> Manifest:
        programme = resolve(self._world, card.spot, *window(now))
        index = index_of(self._world)
        timeline = index.timeline(index.profile(card.spot))
        entries = {entry for stage in timeline.stages for entry in stage.loop.entries} | {timeline.fallback}
        facts = card.facts
        with self._services.db.read() as s:
            creatives = sorted({one.creative_id for one in entries})
            ready = ready_renditions(s, creatives, facts.width, facts.height, card.geometry)
            links = codes_for(s, facts.location)
        wanted = {(one.creative_id, one.language) for one in entries}
        pictures = {key: Picture(r.sha256, r.bytes, r.mime, _box(r)) for key, r in ready.items() if key in wanted}
        codes = {(campaign, creative): code for (_, campaign, creative), code in links.items()}
        mine = {(one.campaign_id or "", one.creative_id) for one in entries}
        codes = {key: code for key, code in codes.items() if key in mine}
        return build(facts, programme, pictures, codes, self._services.settings.public_url, now)


def _box(rendition: object) -> tuple[int, int, int] | None:
    x, y, width = (getattr(rendition, name) for name in ("qr_x", "qr_y", "qr_width"))
    return None if width is None else (x, y, width)
