"""Plans, each shared by the screens of one shape at one location, made when first asked for and kept for a while."""

from collections import OrderedDict
from datetime import datetime, timedelta
from typing import NamedTuple

from core.db import Database
from measure.links import codes_for
from media.distance import Geometry
from media.encoding_queries import ready_encodings
from media.models import Encoding, Rendition
from media.queries import ready_renditions
from playlists.index import Profile, index_of
from playlists.plot import Timeline
from playlists.programme import Spot, World
from playlists.resolve import resolve
from signage.manifest import Codes, Picture, Pictures, Plan, lay_out, window

PLANS_KEPT = 1_000
CODES_KEPT = 500  # needed only while a plan is made
UNDRAWN = timedelta(seconds=2)  # while pictures are missing, it is looked again so soon


class PlanKey(NamedTuple):
    """All that a plan depends on, within one world."""

    profile: Profile
    size: tuple[int, int]
    geometry: Geometry | None
    location: str
    testing: bool
    accepts: str


class Plans:
    """The plans of the world that is published now."""

    def __init__(self, db: Database, public_url: str) -> None:
        self._db, self._public_url = db, public_url
        self.world = World()
        self._plans: OrderedDict[PlanKey, tuple[Plan, datetime]] = OrderedDict()
        self._codes: dict[str, Codes] = {}
        self._pictures: dict[tuple[tuple[int, int], Geometry | None, str], tuple[Pictures, datetime]] = {}

    def publish(self, world: World) -> None:
        """Another world from now on."""
        self.world = world
        self.forget()

    def forget(self) -> None:
        """What was read from the database may have changed."""
        self._plans.clear()
        self._codes.clear()
        self._pictures.clear()

    def of(
        self, spot: Spot, geometry: Geometry | None, now: datetime, *, testing: bool = False, accepts: str = ""
    ) -> Plan:
        """The plan for a spot that is seen like this, with pictures as ``accepts`` (a type) where there are such.

        A screen in test mode shows codes of its own (`/T` behind them), whose scans are not counted. Raises KeyError
        where no picture fits it yet.
        """
        profile = index_of(self.world).profile(spot)
        key = PlanKey(profile, (spot.width, spot.height), geometry, spot.location, testing, accepts)
        held = self._plans.get(key)
        if held is None or held[1] <= now:
            plan = self._make(key, spot, now)
            held = plan, plan.until if plan.complete else min(plan.until, now + UNDRAWN)
            self._plans[key] = held
            if len(self._plans) > PLANS_KEPT:
                self._plans.popitem(last=False)
        return held[0]

    def _make(self, key: PlanKey, spot: Spot, now: datetime) -> Plan:
        timeline = index_of(self.world).timeline(key.profile)
        shown, linked = _mentioned(timeline)
        pictures = {one: picture for one, picture in self._drawn(key, now).items() if one in shown}
        codes = {one: code for one, code in self._codes_at(key.location).items() if one in linked}
        if key.testing:
            codes = {one: f"{code}/T" for one, code in codes.items()}
        programme = resolve(self.world, spot, *window(now))
        return lay_out(programme, key.size, pictures, codes, self._public_url, now)

    def _drawn(self, key: PlanKey, now: datetime) -> Pictures:
        asked = key.size, key.geometry, key.accepts
        held = self._pictures.get(asked)
        if held is None or held[1] <= now:
            with self._db.read() as s:
                rows = ready_renditions(s, sorted({"builtin", *self.world.creatives}), *key.size, key.geometry)
                encoded = ready_encodings(s, rows.values(), key.accepts, key.geometry)
            box = {one: _picture(row, encoded.get(row.sha256, row)) for one, row in rows.items()}
            held = self._pictures[asked] = box, now + UNDRAWN
        return held[0]

    def _codes_at(self, location: str) -> Codes:
        found = self._codes.get(location)
        if found is None:
            if len(self._codes) > CODES_KEPT:
                self._codes.clear()
            with self._db.read() as s:
                links = codes_for(s, location)
            found = {(campaign, what): code for (_, campaign, what), code in sorted(links.items())}
            found |= {("", what): code for (_, what), code in found.items()}  # a takeover's entries name no campaign
            self._codes[location] = found
        return found


def _picture(row: Rendition, file: Rendition | Encoding) -> Picture:
    """The rendition, in the file that is sent of it."""
    place = None
    if row.qr_x is not None and row.qr_y is not None and row.qr_width is not None:
        place = (row.qr_x, row.qr_y, row.qr_width)
    return Picture(file.sha256, file.bytes, file.mime, place, row.sha256, row.has_sound)


def _mentioned(timeline: Timeline) -> tuple[set[tuple[str, str]], set[tuple[str, str]]]:
    """The (creative, language) and the (campaign, creative) of all that a timeline may ever show."""
    entries = {entry for one in timeline.contenders for entry in one.entries} | {timeline.fallback}
    shown = {(one.creative_id, one.language) for one in entries}
    return shown, {(one.campaign_id or "", one.creative_id) for one in entries}
