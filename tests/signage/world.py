"""The smallest true world of a screen: a place, a published campaign, pictures that fit, and a player to hold them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from core.services import Services
from media.models import Creative, Rendition
from people.roles import SYSTEM
from places.actions import create_area, create_location
from playlists import actions as playlists
from signage import actions
from signage.models import Screen

SIZE = (1080, 1920)
on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # the engine makes no difference
PLAYER = "/api/v1/player"


def make_places(s: Session, now: datetime) -> None:
    """A province with an office building and a bus station."""
    create_area(s, code="93", name="Hậu Giang", now=now)
    create_location(s, code="vt-01", name="Toà nhà A", area="93", venue_kind="office_elevator", now=now)
    create_location(s, code="bx-01", name="Bến xe Vị Thanh", area="93", venue_kind="bus_station", now=now)


def make_creative(s: Session, name: str, now: datetime, *, drawn: bool = True, seconds: float = 8) -> None:
    """A creative whose id is its name, drawn for the screens of this world."""
    row = Creative(
        id=name,
        owner_path="/93/",
        name=name,
        texts={"vi": {"headline": "Cài Bluezone"}},
        duration_ms=int(seconds * 1000),
        fit="cover",
        focal_x=0.5,
        focal_y=0.5,
        background="#0d47a1",
        created_by="tests",
        created_at=now,
    )
    s.add(row)
    s.flush()
    if drawn:
        draw(s, name, now)


def draw(s: Session, name: str, now: datetime, size: tuple[int, int] = SIZE) -> None:
    """What the drawing job leaves behind; the bytes are another room's affair."""
    s.add(
        Rendition(
            creative_id=name,
            language="vi",
            width=size[0],
            height=size[1],
            design=1,
            sha256=(name.encode().hex() + "0" * 64)[:64],
            bytes=1000,
            mime="image/jpeg",
            qr_x=700,
            qr_y=1500,
            qr_width=290,
            contrast=7.0,
            cut=[],
            made_at=now,
        )
    )
    s.flush()


def publish(s: Session, now: datetime, *creatives: str, at: str = "vt-01", **placement: Any) -> str:
    """An approved campaign that plays these creatives at a location; its id."""
    made = playlists.create_campaign(
        s,
        name="Bluezone",
        starts_at=now - timedelta(days=1),
        ends_at=now + timedelta(days=30),
        destination={"android_url": "https://play.google.com/store/apps/details?id=com.mic.bluezone"},
        owner_area="93",
        by=SYSTEM,
        now=now,
    )
    playlists.add_placement(
        s, made.id, creatives=list(creatives), targets={"locations": [at]}, by=SYSTEM, now=now, **placement
    )
    playlists.submit(s, made.id, by=SYSTEM, now=now)
    playlists.approve(s, made.id, by=SYSTEM, now=now)
    return made.id


def take_over(s: Session, now: datetime, creative: str, minutes: float = 60) -> str:
    """A takeover of the office building; its id."""
    made = playlists.takeover(
        s,
        creative=creative,
        targets={"locations": ["vt-01"]},
        starts_at=now,
        ends_at=now + timedelta(minutes=minutes),
        reason="Diễn tập",
        owner_area="93",
        by=SYSTEM,
        now=now,
    )
    return str(getattr(made, "id", None) or made.takeover.id)


def make_world(s: Session, now: datetime) -> None:
    """Places, a fallback, and a campaign of two creatives in the office building."""
    make_places(s, now)
    for name in ("builtin", "crv_a", "crv_b"):
        make_creative(s, name, now)
    publish(s, now, "crv_a", "crv_b")


@dataclass
class Player:
    """A screen's side of the player API."""

    client: FlaskClient
    token: str
    screen: str

    def get(self, path: str, **headers: str) -> TestResponse:
        return self.client.get(f"{PLAYER}/{path}", headers=self._headers(headers))

    def post(self, path: str, body: object) -> TestResponse:
        return self.client.post(f"{PLAYER}/{path}", json=body, headers=self._headers({}))

    def _headers(self, more: dict[str, str]) -> dict[str, str]:
        named = {name.replace("_", "-"): value for name, value in more.items()}
        return {"Authorization": f"Bearer {self.token}", **named}


def hang(services: Services, client: FlaskClient, location: str = "vt-01", name: str = "Thang máy A") -> Player:
    """A screen with a key, and its player."""
    now = services.clock.now()

    def work(s: Session) -> tuple[Screen, str]:
        made = actions.create(s, location=location, name=name, width=SIZE[0], height=SIZE[1], by=SYSTEM, now=now)
        return made, actions.give_key(s, made.id, by=SYSTEM, now=now)

    made, key = services.db.write(work)
    return Player(client, key, made.id)


def batch(clock_now: datetime, *seqs: int, epoch: str = "0123456789ab", **changes: Any) -> dict[str, Any]:
    """A batch of plays of ``crv_a``, ten seconds apart, the last ten seconds ago."""
    rows = [
        {
            "seq": seq,
            "entry": "000000000000-vi",
            "creative": "crv_a",
            "placement": None,
            "sha256": "a" * 64,
            "boot": "boot-1",
            "mono_ms": 1_000_000 - 10_000 * (len(seqs) - place),
            "wall": clock_now.isoformat(),
            "duration_ms": 8_000,
            "expected_ms": 8_000,
            "end": "complete",
            "display": "on",
            "revision": "r",
        }
        for place, seq in enumerate(seqs)
    ]
    usual = {
        "epoch": epoch,
        "first": seqs[0] if seqs else 1,
        "now": {"wall": clock_now.isoformat(), "mono_ms": 1_000_000, "boot": "boot-1"},
        "plays": rows,
    }
    return usual | changes
