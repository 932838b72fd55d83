"""What the job process does for this room."""

from __future__ import annotations

from typing import Any

from PIL import Image
from sqlalchemy.orm import Session

from core.jobs import Handler, Periodic, enqueue
from core.log import log
from core.services import Services
from media import colour, queries
from media.actions import ensure_builtin
from media.geometry import Shape
from media.judging import judge_creative
from media.models import Creative, Rendition, SplashPicture
from media.render import Drawn, open_master, renditions, splash_picture
from media.shelf import Stored, put_bytes
from media.store import store_of


def render(services: Services, payload: dict[str, Any]) -> None:
    """Draws what a creative still lacks. Run twice it finds nothing left to do."""
    with services.db.read() as s:
        creative = queries.creative(s, payload["creative_id"])
        if creative is None or creative.withdrawn_at is not None:
            return
        wanted = queries.missing_renditions(s, creative)
        master_sha = _master_of(s, creative)
        splash = queries.inline_picture(s, creative.id)
    if creative.asset_id is not None and master_sha is None:
        return  # still being prepared: the end of that job asks again
    master = _opened(services, creative, master_sha)
    if splash is None or splash.design != creative.design:
        _keep_splash(services, creative, master)
    for drawn in renditions(creative, master, wanted, services.settings.public_url):
        _keep(services, creative, drawn)
    judge_creative(services, creative)
    log.info("creative drawn", creative=creative.id, renditions=len(wanted))


def _master_of(s: Session, creative: Creative) -> str | None:
    asset = queries.asset(s, creative.asset_id) if creative.asset_id else None
    return asset.master_sha256 if asset else None


def _opened(services: Services, creative: Creative, sha256: str | None) -> Image.Image | None:
    if sha256 is None:
        return None
    return open_master(store_of(services.settings).public, sha256, colour.parse(creative.background))


def _keep_splash(services: Services, creative: Creative, master: Image.Image | None) -> None:
    data, width, height = splash_picture(creative, master)
    row = SplashPicture(
        creative_id=creative.id, design=creative.design, mime="image/webp", width=width, height=height, data=data
    )
    services.db.write(lambda s: s.merge(row))


def _keep(services: Services, creative: Creative, drawn: Drawn) -> None:
    store = store_of(services.settings)
    stored = put_bytes(store.public, drawn.content, store.drafts)

    def work(s: Session) -> None:
        s.merge(_row(services, creative, drawn, stored))
        services.generation.bump(s, "programme")  # a screen may be waiting for exactly this picture

    services.db.write(work)


def _row(services: Services, creative: Creative, drawn: Drawn, stored: Stored) -> Rendition:
    place = drawn.composed.qr
    return Rendition(
        creative_id=creative.id,
        language=drawn.language,
        width=drawn.shape.width,
        height=drawn.shape.height,
        design=creative.design,
        sha256=stored.sha256,
        bytes=stored.bytes,
        mime=drawn.mime,
        qr_x=place and place.left,
        qr_y=place and place.top,
        qr_width=place and place.width,
        contrast=round(drawn.composed.contrast, 2),
        cut=list(drawn.composed.cut),
        made_at=services.clock.now(),
    )


def shape(services: Services, payload: dict[str, Any]) -> None:
    """A new shape is wanted: every live creative is drawn for it, each in a job of its own."""
    size = Shape(payload["width"], payload["height"])
    now = services.clock.now()

    def work(s: Session) -> None:
        for creative_id in queries.live_creative_ids(s):
            enqueue(s, "media.render", {"creative_id": creative_id}, key=f"render:{creative_id}:{size}", now=now)

    services.db.write(work)


def complete(services: Services) -> None:
    """Sees to it that the built-in notice exists, and that nothing waits for a job that was lost."""
    now = services.clock.now()

    def work(s: Session) -> None:
        ensure_builtin(s, now)
        for creative_id in queries.live_creative_ids(s):
            if queries.missing_renditions(s, s.get_one(Creative, creative_id)):
                enqueue(s, "media.render", {"creative_id": creative_id}, key=f"render:{creative_id}:again", now=now)

    services.db.write(work)


JOBS = [
    Handler("media.render", render),
    Handler("media.shape", shape),
    Periodic("media.complete", 300, complete),
]
