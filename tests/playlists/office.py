"""What tests of the verbs work with: places, people, creatives, and short ways to say common things."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy.orm import Session

from core.db import Database
from media.models import Creative, Rendition, ScanVerdict
from people.roles import Grant, Principal
from places.actions import create_area, create_location
from playlists import actions
from playlists.models import Campaign, Placement
from playlists.programme import Spot, World
from playlists.queries import load_world
from playlists.resolve import resolve
from tests.playlists.worlds import spot
from tests.support.clock import MORNING

T = TypeVar("T")
STORES = {
    "android_url": "https://play.google.com/store/apps/details?id=vn.example",
    "ios_url": "https://apps.apple.com/1",
}


def person(name: str, role: str, path: str = "/") -> Principal:
    return Principal("user", f"usr_{name}", name, (Grant(role, path),))


ALICE = person("alice", "approver")
BOB = person("bob", "editor", "/93/")
CHI = person("chi", "approver", "/93/")
DUNG = person("dung", "editor", "/79/")
VIEWER = person("viewer", "viewer")


class Office:
    """One database with a small true world in it, at MORNING."""

    def __init__(self, db: Database) -> None:
        self.db = db
        self.now = MORNING

    def do(self, verb: Callable[..., T], *args: Any, **kwargs: Any) -> T:
        """Runs a verb in a transaction of its own."""
        kwargs = {"by": ALICE, "now": self.now} | kwargs
        return self.db.write(lambda s: verb(s, *args, **kwargs))

    def later(self, **duration: float) -> datetime:
        self.now += timedelta(**duration)
        return self.now

    def campaign(self, **changes: Any) -> Campaign:
        facts: dict[str, Any] = {
            "name": "Bluezone",
            "starts_at": MORNING,
            "ends_at": MORNING + timedelta(days=30),
            "destination": STORES,
            "owner_area": None,
        }
        return self.do(actions.create_campaign, **(facts | changes))

    def placement(self, campaign: Campaign, **changes: Any) -> Placement:
        facts: dict[str, Any] = {"creatives": ["crv_a"], "targets": {"areas": ["93"]}}
        return self.do(actions.add_placement, campaign.id, **(facts | changes))

    def live(self, **changes: Any) -> Campaign:
        """A campaign that has been placed, submitted and approved."""
        made = self.campaign()
        self.placement(made, **changes)
        self.do(actions.submit, made.id)
        self.do(actions.approve, made.id)
        return self.read(made.id)

    def read(self, campaign_id: str) -> Campaign:
        with self.db.read() as s:
            return s.get_one(Campaign, campaign_id)

    def world(self, at: datetime | None = None, **more: Any) -> World:
        with self.db.read() as s:
            return load_world(s, at, **more)

    def shown(self, where: Spot | None = None, at: datetime | None = None) -> set[str]:
        """Ids of the creatives that play now at the bus station."""
        segment = resolve(self.world(), where or SPOT, at or self.now, (at or self.now) + timedelta(hours=1)).segments[
            0
        ]
        return {entry.creative_id for entry in segment.loop}


SPOT = spot(location="ben-xe", area_path="/93/93-1/", venue_kind="bus_station")


def furnish(db: Database) -> Office:
    db.write(_furnish)
    return Office(db)


def _furnish(s: Session) -> None:
    for code, parent in (("93", None), ("93-1", "93"), ("93-2", "93"), ("79", None)):
        create_area(s, code=code, name=f"Area {code}", parent=parent, now=MORNING)
    create_location(s, code="ben-xe", name="Bến xe", area="93-1", venue_kind="bus_station", now=MORNING)
    create_location(s, code="mall", name="Mall", area="79", venue_kind="mall", now=MORNING)
    for name, owner in (("crv_a", "/"), ("crv_b", "/"), ("crv_93", "/93/"), ("crv_79", "/79/")):
        s.add(creative(name, owner))
    s.flush()


def refuse_code(s: Session, creative_id: str) -> None:
    """The gate has looked at the creative's only picture, and no phone can read its code."""
    shape = {"creative_id": creative_id, "language": "vi", "width": 1920, "height": 1080, "sha256": "0" * 64}
    s.add(Rendition(**shape, design=1, bytes=1, mime="image/jpeg", contrast=7.0, cut=[], made_at=MORNING))
    told = {"reasons": [{"code": "zxing_cannot_read", "values": {}}]}
    s.add(ScanVerdict(**shape, geometry="", verdict="refused", grade="F", report=told, judged_at=MORNING))
    s.flush()


def creative(name: str, owner: str = "/") -> Creative:
    return Creative(
        id=name,
        owner_path=owner,
        name=name,
        texts={"vi": {"headline": "Xin chào"}},
        duration_ms=10_000,
        fit="cover",
        focal_x=0.5,
        focal_y=0.5,
        background="#004c97",
        created_by="usr_alice",
        created_at=MORNING,
    )
