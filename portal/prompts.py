"""The prompt that the resolver chose for a hotspot, with its picture and its tracked link, from memory."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from core.log import log
from core.services import Services
from measure.links import codes_for
from measure.scans import find_link
from measure.stores import Destination
from media.queries import creative as creative_of
from media.queries import inline_picture
from places.models import Location
from playlists.languages import rotation
from playlists.odds import Odds, odds_at
from playlists.programme import LoopEntry, Spot, World
from playlists.queries import load_world
from portal.languages import FOREIGN
from portal.memory import Memory, Shelf

CHANNEL = "splash"
WIDTH, HEIGHT = 360, 640  # the smallest phone that the page is drawn for
FRESH_S = 2.0
KEPT_S = 5.0  # a picture that has just been drawn shows after this at the latest


@dataclass(frozen=True, slots=True)
class Picture:
    """A small picture that travels within the page."""

    mime: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Prompt:
    """What a splash shows: words in one language, a picture, and the code of the way to the store."""

    campaign: str
    creative: str
    language: str
    headline: str
    call_to_action: str
    picture: Picture | None
    link_code: str | None
    destination: Destination


BARE = Prompt("", "", "", "", "", None, None, Destination())  # nothing is placed, or nothing can be read


def spot_of(hotspot: str, location: Location) -> Spot:
    """A hotspot as the resolver sees it."""
    return Spot(
        id=hotspot,
        location=location.code,
        area_path=location.area_path,
        venue_kind=location.venue_kind,
        tags=tuple(location.tags),
        medium="splash",
        width=WIDTH,
        height=HEIGHT,
        timezone=location.timezone,
        languages=rotation(location.languages),
    )


def wording(texts: Mapping[str, Mapping[str, str]], language: str) -> tuple[str, Mapping[str, str]]:
    """(language, texts) of a creative for a visitor: their own, else English, else whatever there is."""
    for wanted in (language, language.partition("-")[0], FOREIGN, *sorted(texts)):
        if wanted in texts:
            return wanted, texts[wanted]
    return language, {}


_SCANS = re.compile(
    r"\bQR\b|quét|\bscan|\bflash|escan|сканир|스캔|코드를 읽|扫|掃|スキャン|読み取|สแกน|ស្កេន|ສະແກນ",
    re.IGNORECASE,
)


def on_a_phone(words: Mapping[str, str]) -> str:
    """What stands below the headline where the reader holds the phone: words of its own, else the call to action.

    A call to scan is left out, for the phone that would have to scan is the one that shows it.
    """
    own, call = words.get("on_phone", ""), words.get("call_to_action", "")
    return own or ("" if _SCANS.search(call) else call)


class Prompts:
    """All prompts of one process: the world as it is published, and what was made of it for each hotspot."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._mono = services.clock.mono
        self._generation = -1
        self._last_world = World()
        self._world = Memory(self._load_world, ttl_s=FRESH_S, mono=self._mono, default=World())
        self._odds: Shelf[str, Odds] = Shelf()
        self._made: Shelf[tuple[str, str, str, str], Memory[Prompt]] = Shelf()

    def prompt(self, spot: Spot, language: str, visit_id: str, now: datetime) -> Prompt:
        """What this visit sees; BARE where nothing can be read, for the way on line must not wait for a prompt."""
        try:
            entry = self._drawn(spot, language, visit_id, now)
        except Exception as error:  # noqa: BLE001 - whatever is broken below, the traveller goes on line
            log.warning("no prompt can be chosen", hotspot=spot.id, error=type(error).__name__)
            return BARE
        return self.again(spot.location, entry.campaign_id or "", entry.creative_id, language)

    def _drawn(self, spot: Spot, language: str, visit_id: str, now: datetime) -> LoopEntry:
        world, odds = self._world.get(), self._odds.get(spot.id)
        if odds is None or not odds.hold(world, spot, now):
            odds = odds_at(world, spot, now)
            self._odds.keep(spot.id, odds)
        return odds.draw(visit_id, (language, FOREIGN))

    def again(self, location: str, campaign: str, creative: str, language: str) -> Prompt:
        """The prompt that a visit has seen, for the pages that follow."""
        if not creative:
            return BARE
        key = (campaign, creative, location, language)
        memory = self._made.get(key)
        if memory is None:
            memory = Memory(partial(self._make, *key), ttl_s=KEPT_S, mono=self._mono, default=BARE)
            self._made.keep(key, memory)
        return memory.get()

    def _load_world(self) -> World:
        with self._services.db.read() as s:
            generation = self._services.generation.current(s, "programme")
            if generation != self._generation:
                self._last_world = load_world(s)
                self._generation = generation
                for memory in self._made.values():
                    memory.forget()
        return self._last_world

    def _make(self, campaign: str, creative_id: str, location: str, language: str) -> Prompt:
        with self._services.db.read() as s:
            creative, picture = creative_of(s, creative_id), inline_picture(s, creative_id)
            code = codes_for(s, location).get((location, campaign, CHANNEL)) if campaign else None
            link = find_link(s, code) if code else None
        if creative is None or creative.withdrawn_at is not None:
            return BARE
        spoken, words = wording(creative.texts, language)
        return Prompt(
            campaign=campaign,
            creative=creative_id,
            language=spoken,
            headline=words.get("headline") or "",
            call_to_action=on_a_phone(words),
            picture=Picture(picture.mime, picture.data) if picture else None,
            link_code=code,
            destination=link.destination if link else Destination(),
        )
