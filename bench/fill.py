"""A database with a fleet in it: places, a published campaign, and any number of screens with keys."""

from datetime import datetime
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from core.ids import new_secret
from core.security import digest
from core.services import Services
from core.snapshot import Generation
from media.models import Creative, Rendition
from people.roles import SYSTEM
from places.actions import create_area, create_location
from playlists import actions as playlists
from signage.actions import GENERATION
from signage.models import Screen, ScreenKey

SCREENS_A_LOCATION = 10
SIZE = (1080, 1920)


def fill(services: Services, screens: int, creatives: int = 30) -> list[str]:
    """Makes all that; the tokens of the screens."""
    now = services.clock.now()
    tokens = [new_secret() for _ in range(screens)]

    def work(s: Session) -> None:
        create_area(s, code="93", name="Hậu Giang", now=now)
        for name in ("builtin", *(f"crv_{n}" for n in range(creatives))):
            _creative(s, name, now)
        locations = [_location(s, n, now) for n in range((screens - 1) // SCREENS_A_LOCATION + 1)]
        _publish(s, [f"crv_{n}" for n in range(creatives)], now)
        s.execute(insert(Screen), [_screen(n, locations[n // SCREENS_A_LOCATION], now) for n in range(screens)])
        keys = [{"digest": digest(t), "screen_id": f"scr_{n}", "created_at": now} for n, t in enumerate(tokens)]
        s.execute(insert(ScreenKey), keys)
        Generation().bump(s, GENERATION)

    services.db.write(work)
    return tokens


def _location(s: Session, n: int, now: datetime) -> str:
    code = f"vt-{n}"
    create_location(s, code=code, name=f"Toà nhà {n}", area="93", venue_kind="office_elevator", now=now)
    return code


def _screen(n: int, location: str, now: datetime) -> dict[str, Any]:
    return {
        "id": f"scr_{n}",
        "name": f"Màn hình {n}",
        "location_code": location,
        "width": SIZE[0],
        "height": SIZE[1],
        "testing": False,
        "created_at": now,
        "changed_at": now,
    }


def _creative(s: Session, name: str, now: datetime) -> None:
    """In the place of what a running server may have made already: the built-in notice."""
    s.merge(
        Creative(
            id=name,
            owner_path="/93/",
            name=name,
            texts={"vi": {"headline": "Cài Bluezone"}},
            duration_ms=8_000,
            fit="cover",
            focal_x=0.5,
            focal_y=0.5,
            background="#0D47A1",
            created_by="bench",
            created_at=now,
        )
    )
    s.flush()
    s.merge(
        Rendition(
            creative_id=name,
            language="vi",
            width=SIZE[0],
            height=SIZE[1],
            design=1,
            sha256=(name.encode().hex() + "0" * 64)[:64],
            bytes=150_000,
            mime="image/jpeg",
            qr_x=700,
            qr_y=1500,
            qr_width=290,
            contrast=7.0,
            cut=[],
            made_at=now,
        )
    )


def _publish(s: Session, creatives: list[str], now: datetime) -> None:
    made = playlists.create_campaign(
        s,
        name="Bluezone",
        starts_at=now,
        ends_at=now.replace(year=now.year + 1),
        destination={"android_url": "https://play.google.com/store/apps/details?id=com.mic.bluezone"},
        owner_area="93",
        by=SYSTEM,
        now=now,
    )
    targets = {"areas": ["93"]}
    playlists.add_placement(s, made.id, creatives=creatives, targets=targets, by=SYSTEM, now=now)
    playlists.submit(s, made.id, by=SYSTEM, now=now)
    playlists.approve(s, made.id, by=SYSTEM, now=now)
