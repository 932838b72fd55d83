"""The smallest true world with wifi: a bus station in Vị Thanh, its hotspot, and what a phone sends."""

from __future__ import annotations

import base64
import hashlib
import io
from datetime import timedelta
from typing import Any

from PIL import Image
from sqlalchemy.orm import Session

from core.services import Services
from media.actions import create_creative
from media.jobs import render
from media.logos import BOX as LOGO_BOX
from media.logos import MOST_BYTES as MOST_LOGO_BYTES
from media.logos import Logo
from media.queries import creatives_to_draw
from media.wishes import CreativeWish
from people.roles import SYSTEM
from places.actions import create_area, create_location
from places.queries import location
from playlists import actions as playlists
from portal.actions import create_hotspot, set_logo
from portal.models import Hotspot

BASE = "http://10.77.0.1:2050"
KEY = "s3cretkey"
HID = hashlib.sha256(b"4de4955f").hexdigest()
DAY = timedelta(days=1)


def make_place(s: Session, services: Services) -> None:
    """A province, a commune, and its bus station."""
    now = services.clock.now()
    create_area(s, code="93", name="Hậu Giang", kind="province", now=now)
    create_area(s, code="93-1", name="Vị Thanh", parent="93", kind="commune", now=now)
    create_location(s, code="ST01", name="Bến xe Vị Thanh", area="93-1", venue_kind="bus_station", now=now)


def make_hotspot(services: Services, code: str = "ST01", **more: Any) -> Hotspot:
    """A hotspot of the station, with openNDS level 1 unless told otherwise; the first one makes the station."""
    wanted = {"dialect": "opennds", "grant_base": BASE, "settings": {"level": 1, "faskey": KEY}} | more

    def work(s: Session) -> Hotspot:
        if location(s, "ST01") is None:
            make_place(s, services)
        return create_hotspot(
            s, code=code, location="ST01", by=SYSTEM, now=services.clock.now(), sealer=services.sealer, **wanted
        )

    return services.db.write(work)


def show_logo(services: Services, code: str = "ST01") -> Logo:
    """The largest logo that a host may have."""
    size = LOGO_BOX
    noise = Image.effect_noise(size, 60).convert("RGB")
    for quality in range(100, 0, -1):
        out = io.BytesIO()
        noise.save(out, "WEBP", quality=quality)
        if out.tell() <= MOST_LOGO_BYTES:
            break
    logo = Logo(out.getvalue(), "image/webp", *size)
    services.db.write(lambda s: set_logo(s, code, logo, by=SYSTEM, now=services.clock.now()))
    return logo


def fas(gateway: str = "10.77.0.1:2050", hid: str = HID) -> str:
    """The query of a level 1 redirect."""
    told = (
        f"hid={hid}, clientip=10.77.0.60, clientmac=02:00:00:00:77:02, client_type=cpd_can, "
        f"gatewayname=Ga%20B%e1%ba%bfn, gatewayaddress={gateway}, originurl=http%3a%2f%2fneverssl.com, (null)(null)"
    )
    return "fas=" + base64.b64encode(told.encode()).decode()


TEXTS = {
    "vi": {"headline": "Cài Bluezone, bảo vệ cả nhà", "call_to_action": "Miễn phí, không dùng dữ liệu cá nhân"},
    "en": {"headline": "Install Bluezone, protect your family", "call_to_action": "Free, and no personal data"},
}
PLAY = "http://play.google.com/store/apps/details?id=com.mic.bluezone"
APPLE = "http://apps.apple.com/vn/app/bluezone/id1508062685"


def make_campaign(services: Services) -> str:
    """A campaign of one creative on the station's splash, approved; returns its id."""
    now = services.clock.now()

    def work(s: Session) -> str:
        creative = make_creative(s, services)
        made = playlists.create_campaign(
            s,
            name="Bluezone",
            starts_at=now - DAY,
            ends_at=now + 30 * DAY,
            destination={"android_url": PLAY, "ios_url": APPLE, "other_url": "http://bluezone.example/"},
            owner_area="93",
            by=SYSTEM,
            now=now,
        )
        playlists.add_placement(
            s, made.id, creatives=[creative], targets={"locations": ["ST01"], "media": ["splash"]}, by=SYSTEM, now=now
        )
        playlists.submit(s, made.id, by=SYSTEM, now=now)
        playlists.approve(s, made.id, by=SYSTEM, now=now)
        return made.id

    return services.db.write(work)


def make_creative(s: Session, services: Services) -> str:
    """A creative in Vietnamese and English."""
    wish = CreativeWish("Bluezone", TEXTS)
    return create_creative(s, wish, owner_path="/93/", by="system", now=services.clock.now()).id


def draw(services: Services) -> None:
    """Does at once what the job process would do next: the pictures of all creatives."""
    with services.db.read() as s:
        ids = creatives_to_draw(s)
    for each in ids:
        render(services, {"creative_id": each})
