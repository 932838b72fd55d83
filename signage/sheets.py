"""Sheets, each shared by all screens of a shape that have one programme, whatever their location.

Working out a programme is the dear part, so it happens in a native thread, one sheet after the other, each once,
however many wait for it; meanwhile the others are answered.
"""

from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Executor, Future
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple

from core.errors import Busy
from media.distance import Geometry
from playlists.index import Profile, index_of
from playlists.plot import Timeline
from playlists.programme import Spot, World
from playlists.resolve import resolve
from signage.manifest import Codes, Pictures, Plan, Sheet, fill, lay_out, window

SHEETS_KEPT = 1_000
MOST_WAITING = 200  # different sheets that are asked for and not made yet; some seconds' work
MADE_A_SECOND = 20  # a cautious guess, for Retry-After
UNDRAWN = timedelta(seconds=2)  # while pictures are missing, it is looked again so soon

Link = tuple[str, str]


class SheetKey(NamedTuple):
    """All that a sheet depends on, within one world."""

    profile: Profile
    size: tuple[int, int]
    geometry: Geometry | None
    accepts: str


@dataclass(frozen=True, slots=True)
class Laid:
    """A sheet, the links that it may show, their codes at each location that asked, packed, and what came of both."""

    sheet: Sheet
    links: tuple[Link, ...]
    until: datetime
    packed: dict[str, str] = field(default_factory=dict)
    plans: dict[tuple[str, bool], Plan] = field(default_factory=dict)

    def plan(self, location: str, testing: bool, look_up: Callable[[str], Codes]) -> Plan:
        """The sheet with a location's codes; those of a screen in test mode have `/T` behind them."""
        held = self.plans.get((location, testing))
        if held is None:
            codes = self.codes(location, look_up)
            told = {one: f"{code}/T" for one, code in codes.items()} if testing else codes
            held = self.plans[location, testing] = fill(self.sheet, told)
        return held

    def codes(self, location: str, look_up: Callable[[str], Codes]) -> Codes:
        """The codes of these links at a location; looked up once."""
        held = self.packed.get(location)
        if held is None:
            found = look_up(location)
            held = self.packed[location] = " ".join(found.get(link, "-") for link in self.links)
        return {link: code for link, code in zip(self.links, held.split(" "), strict=True) if code != "-"}


class Sheets:
    """The sheets of one world. ``draw``: what pictures there are for a shape. ``lane``: one native thread."""

    def __init__(
        self,
        world: World,
        draw: Callable[[World, SheetKey, datetime], Pictures],
        public_url: str,
        lane: Callable[[], Executor],
    ) -> None:
        self.world, self._draw, self._public_url, self._lane = world, draw, public_url, lane
        self._laid: OrderedDict[SheetKey, Laid] = OrderedDict()
        self._making: dict[SheetKey, Future[Laid]] = {}

    def of(self, key: SheetKey, spot: Spot, now: datetime) -> Laid:
        """The sheet for spots like this one. Raises KeyError where no picture fits it yet, Busy where too many wait."""
        held = self._laid.get(key)
        return held if held is not None and now < held.until else self._made(key, spot, now)

    def forget_codes(self) -> None:
        """Locations may have other codes now."""
        for laid in self._laid.values():
            laid.packed.clear()
            laid.plans.clear()

    def _made(self, key: SheetKey, spot: Spot, now: datetime) -> Laid:
        under_way = self._making.get(key)
        if under_way is not None:
            return under_way.result()
        if len(self._making) >= MOST_WAITING:
            raise Busy("Programmes are being worked out", retry_after_s=MOST_WAITING // MADE_A_SECOND)
        pictures = self._draw(self.world, key, now)
        task = self._making[key] = self._lane().submit(_lay, self.world, key, spot, pictures, self._public_url, now)
        try:
            return self._keep(key, task.result())
        finally:
            self._making.pop(key, None)

    def _keep(self, key: SheetKey, laid: Laid) -> Laid:
        before = self._laid.pop(key, None)
        if before is not None and before.links == laid.links:
            laid.packed.update(before.packed)
        self._laid[key] = laid
        if len(self._laid) > SHEETS_KEPT:
            self._laid.popitem(last=False)
        return laid


def _lay(world: World, key: SheetKey, spot: Spot, pictures: Pictures, public_url: str, now: datetime) -> Laid:
    shown, links = _mentioned(index_of(world).timeline(key.profile))
    fitting = {one: picture for one, picture in pictures.items() if one in shown}
    sheet = lay_out(resolve(world, spot, *window(now)), key.size, fitting, public_url, now)
    return Laid(sheet, tuple(sorted(links)), sheet.until if sheet.complete else min(sheet.until, now + UNDRAWN))


def _mentioned(timeline: Timeline) -> tuple[set[tuple[str, str]], set[Link]]:
    """The (creative, language) and the (campaign, creative) of all that a timeline may ever show."""
    entries = {entry for one in timeline.contenders for entry in one.entries} | {timeline.fallback}
    shown = {(one.creative_id, one.language) for one in entries}
    return shown, {(one.campaign_id or "", one.creative_id) for one in entries}
