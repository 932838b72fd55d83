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


def fill(services: Services, screens: int, creatives: int = 30, programmes: int = 1) -> list[str]:
    """Makes all that; the tokens of the screens. ``programmes``: so many wards have a campaign each, with hours."""
    now = services.clock.now()
    tokens = [new_secret() for _ in range(screens)]

    def work(s: Session) -> None:
        create_area(s, code="93", name="Hậu Giang", now=now)
        for name in ("builtin", *(f"crv_{n}" for n in range(creatives))):
            _creative(s, name, now)
        wards = [_ward(s, n, now) for n in range(programmes)]
        places = (screens - 1) // SCREENS_A_LOCATION + 1
        locations = [_location(s, n, wards[n % programmes], now) for n in range(places)]
        for n, ward in enumerate(wards):
            _publish(s, [f"crv_{n}" for n in range(creatives)], ward, 6 + n % 6 if programmes > 1 else None, now)
        s.execute(insert(Screen), [_screen(n, locations[n // SCREENS_A_LOCATION], now) for n in range(screens)])
        keys = [{"digest": digest(t), "screen_id": f"scr_{n}", "created_at": now} for n, t in enumerate(tokens)]
        s.execute(insert(ScreenKey), keys)
        Generation().bump(s, GENERATION)

    services.db.write(work)
    return tokens


def _ward(s: Session, n: int, now: datetime) -> str:
    return create_area(s, code=f"93-{n}", name=f"Phường {n}", parent="93", now=now).code


def _location(s: Session, n: int, ward: str, now: datetime) -> str:
    code = f"vt-{n}"
    create_location(s, code=code, name=f"Toà nhà {n}", area=ward, venue_kind="office_elevator", now=now)
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


def _publish(s: Session, creatives: list[str], ward: str, opens: int | None, now: datetime) -> None:
    """All of them round the clock; or the first half only from an hour on until late."""
    made = playlists.create_campaign(
        s,
        name="Bluezone",
        starts_at=now,
        ends_at=now.replace(year=now.year + 1),
        destination={"android_url": "https://play.google.com/store/apps/details?id=com.mic.bluezone"},
        owner_area=ward,
        by=SYSTEM,
        now=now,
    )
    half = 0 if opens is None else len(creatives) // 2
    hours = [{"from": f"{opens or 0:02}:00", "to": "22:30"}]
    for some, parts in ((creatives[:half], hours), (creatives[half:], [])):
        if some:
            playlists.add_placement(
                s, made.id, creatives=some, targets={"areas": [ward]}, dayparts=parts, by=SYSTEM, now=now
            )
    playlists.submit(s, made.id, by=SYSTEM, now=now)
    playlists.approve(s, made.id, by=SYSTEM, now=now)
