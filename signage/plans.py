"""Plans, each shared by the screens of one shape at one location: a sheet with the location's codes filled in."""

from collections import OrderedDict
from concurrent.futures import Executor
from datetime import datetime
from functools import cached_property

from core.db import Database
from core.threads import native_executor
from measure.links import codes_for
from media.distance import Geometry
from media.encoding_queries import ready_encodings
from media.models import Encoding, Rendition
from media.queries import ready_renditions
from playlists.index import index_of
from playlists.programme import Spot, World
from signage.manifest import Codes, Picture, Pictures, Plan
from signage.sheets import UNDRAWN, SheetKey, Sheets

TAILS_KEPT = 1_000  # of some 15 kB each


class Plans:
    """The plans of the world that is published now."""

    def __init__(self, db: Database, public_url: str) -> None:
        self._db, self._public_url = db, public_url
        self._tails: OrderedDict[bytes, bytes] = OrderedDict()
        self._pictures: dict[tuple[tuple[int, int], Geometry | None, str], tuple[Pictures, datetime]] = {}
        self._sheets = self._sheets_of(World())

    @property
    def world(self) -> World:
        """What is published."""
        return self._sheets.world

    def publish(self, world: World) -> None:
        """Another world from now on, or the same with other pictures: what was worked out for it is kept then."""
        self._sheets = self._sheets_of(self.world if world == self.world else world)
        self._pictures.clear()

    def forget_codes(self) -> None:
        """Locations may have other codes now."""
        self._sheets.forget_codes()

    def of(
        self, spot: Spot, geometry: Geometry | None, now: datetime, *, testing: bool = False, accepts: str = ""
    ) -> Plan:
        """The plan for a spot that is seen like this, with pictures as ``accepts`` (a type) where there are such.

        A screen in test mode shows codes of its own (`/T` behind them), whose scans are not counted. Raises KeyError
        where no picture fits it yet, Busy where too many wait for theirs.
        """
        key = SheetKey(index_of(self.world).profile(spot), (spot.width, spot.height), geometry, accepts)
        return self._sheets.of(key, spot, now).plan(spot.location, testing, self._codes_at)

    def tail(self, plan: Plan) -> bytes:
        """The plan's lines as bytes; those of many plans are kept, which cannot go stale: the digest names them."""
        held = self._tails.get(plan.digest)
        if held is None:
            held = self._tails[plan.digest] = plan.tail()
            if len(self._tails) > TAILS_KEPT:
                self._tails.popitem(last=False)
        return held

    def _sheets_of(self, world: World) -> Sheets:
        return Sheets(world, self._drawn, self._public_url, lambda: self._lane)

    @cached_property
    def _lane(self) -> Executor:
        return native_executor(1)

    def _drawn(self, world: World, key: SheetKey, now: datetime) -> Pictures:
        asked = key.size, key.geometry, key.accepts
        held = self._pictures.get(asked)
        if held is None or held[1] <= now:
            with self._db.read() as s:
                rows = ready_renditions(s, sorted({"builtin", *world.creatives}), *key.size, key.geometry)
                encoded = ready_encodings(s, rows.values(), key.accepts, key.geometry)
            box = {one: _picture(row, encoded.get(row.sha256, row)) for one, row in rows.items()}
            held = self._pictures[asked] = box, now + UNDRAWN
        return held[0]

    def _codes_at(self, location: str) -> Codes:
        with self._db.read() as s:
            links = codes_for(s, location)
        found = {(campaign, what): code for (_, campaign, what), code in sorted(links.items())}
        return found | {("", what): code for (_, what), code in found.items()}  # a takeover's entries name no campaign


def _picture(row: Rendition, file: Rendition | Encoding) -> Picture:
    """The rendition, in the file that is sent of it."""
    place = None
    if row.qr_x is not None and row.qr_y is not None and row.qr_width is not None:
        place = (row.qr_x, row.qr_y, row.qr_width)
    return Picture(file.sha256, file.bytes, file.mime, place, row.sha256, row.has_sound)
