"""What the tests of this room are about."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec

from core.db import Database
from core.http import stamp
from measure.ledger import PlayOutcome, PlayPlace, record_plays
from measure.links import LinkWant, ensure_links
from measure.names import Named
from measure.playlog import PlayBatch, read_batch
from measure.stores import Destination
from tests.support.clock import MORNING

ZONE = "Asia/Ho_Chi_Minh"
PLAY_STORE = "https://play.google.com/store/apps/details?id=com.mic.bluezone"
APP_STORE = "https://apps.apple.com/vn/app/bluezone/id1508062685"
BLUEZONE = Destination(PLAY_STORE, APP_STORE, "https://bluezone.gov.vn")

ANDROID = (
    "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36"
)
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 "
    "(KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1"
)
DESKTOP = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36"


def want(**changes: Any) -> LinkWant:
    """A link for the screens of a bus station."""
    usual: dict[str, Any] = {
        "location_id": "ben-xe",
        "location_name": "Bến xe Vị Thanh",
        "area_path": "/93/31321/",
        "campaign_id": "cmp_1",
        "campaign_name": "Bluezone",
        "creative_id": "crv_1",
        "creative_name": "Khẩu trang",
        "channel": "screen",
        "measure": 10,
        "destination": BLUEZONE,
    }
    return LinkWant(**(usual | changes))


def make_link(db: Database, **changes: Any) -> str:
    """The code of such a link."""
    wanted = want(**changes)
    codes = db.write(lambda s: ensure_links(s, [wanted], MORNING))
    return codes[(wanted.location_id, wanted.campaign_id, wanted.creative_id or wanted.channel)]


def place(**changes: Any) -> PlayPlace:
    """A screen at that bus station."""
    usual: dict[str, Any] = {
        "screen_id": "scr_1",
        "location_id": "ben-xe",
        "area_path": "/93/31321/",
        "timezone": ZONE,
        "campaigns": {"plc_1": "cmp_1"},
        "languages": {"e1": "vi"},
        "names": [Named("location", "ben-xe", "Bến xe Vị Thanh"), Named("screen", "scr_1", "Cổng chính")],
    }
    return PlayPlace(**(usual | changes))


def row(seq: int, *, ago_ms: int | None = None, now_ms: int = 1_000_000, **changes: Any) -> dict[str, Any]:
    """A play of the running boot that began `ago_ms` before the batch was sent (else 10 s a play)."""
    ago_ms = (100 - seq) * 10_000 if ago_ms is None else ago_ms
    usual: dict[str, Any] = {
        "seq": seq,
        "entry": "e1",
        "creative": "crv_1",
        "placement": "plc_1",
        "sha256": "a" * 64,
        "boot": "b1",
        "mono_ms": now_ms - ago_ms,
        "wall": stamp(MORNING),
        "duration_ms": 10_000,
        "expected_ms": 10_000,
        "end": "complete",
        "display": "on",
        "revision": "r1",
    }
    return usual | changes


def batch(plays: list[dict[str, Any]], *, first: int | None = None, **changes: Any) -> PlayBatch:
    """The batch as it comes off the wire."""
    body: dict[str, Any] = {
        "epoch": "0123456789ab",
        "first": first if first is not None else (plays[0]["seq"] if plays else 1),
        "now": {"wall": stamp(MORNING), "mono_ms": 1_000_000, "boot": "b1"},
        "plays": plays,
    }
    return read_batch(msgspec.json.encode(body | changes))


def send(db: Database, sent: PlayBatch, at: datetime = MORNING, **changes: Any) -> PlayOutcome:
    """What the server answers to a batch."""
    where = place(**changes)
    return db.write(lambda s: record_plays(s, where, sent, at))
