"""What the job process does for this room."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

from PIL import Image
from sqlalchemy.orm import Session

from core.jobs import Handler, Periodic, enqueue
from core.log import log
from core.services import Services
from media import colour, queries
from media.actions import ensure_builtin
from media.compose import Composed
from media.encoding import Encoded
from media.encoding_queries import unencoded
from media.encodings import encode_creative
from media.film_renditions import film_rendition
from media.geometry import Shape
from media.judging import judge_creative
from media.models import Asset, Creative, Rendition, SplashPicture
from media.picture import Levels
from media.print_jobs import print_order
from media.render import open_master, renditions, splash_picture
from media.shelf import Stored, put_bytes
from media.store import store_of
from media.upkeep import sweep
from media.uploads import sweep_uploads

Wanted = tuple[str, Shape]  # language and shape of a picture to be drawn


class Stopped(Exception):
    """Nobody wants these pictures any longer: the creative was stopped, changed or withdrawn."""


def render(services: Services, payload: dict[str, Any]) -> None:
    """Draws what a creative still lacks. Run twice it finds nothing left to do."""
    with services.db.read() as s:
        creative = queries.creative(s, payload["creative_id"])
        if creative is None or not queries.is_being_drawn(s, creative.id, creative.design):
            return
        wanted = queries.missing_renditions(s, creative)
        asset = queries.asset(s, creative.asset_id) if creative.asset_id else None
        splash = queries.inline_picture(s, creative.id)
    film = asset if asset and asset.kind == "video" else None
    master = _opened(services, creative, asset.master_sha256 if asset else None)
    levels = Levels(master) if master else None
    if splash is None or splash.design != creative.design:
        _keep_splash(services, creative, master)
    try:
        if film is None:
            _draw(services, creative, levels, wanted)
        else:
            _film(services, creative, film, wanted)
    except Stopped:
        log.info("drawing stopped", creative=creative.id)
        return
    judge_creative(services, creative, master if film else None)
    if film is None:
        encode_creative(services, creative, levels)
    log.info("creative drawn", creative=creative.id, renditions=len(wanted))


def _draw(services: Services, creative: Creative, master: Levels | None, wanted: list[Wanted]) -> None:
    for drawn in renditions(creative, master, wanted, services.settings.public_url):
        _keep(services, creative, drawn.language, drawn.shape, drawn.composed, _put(services, drawn.encoded))
        _check_wanted(services, creative)


def _film(services: Services, creative: Creative, film: Asset, wanted: list[Wanted]) -> None:
    """One film after the other; how far all of them are together is written down every second."""

    def watch(done: int, percent: int) -> None:
        _check_wanted(services, creative)
        of_all = (100 * done + percent) // len(wanted)
        services.db.write(lambda s: queries.note_progress(s, creative.id, of_all))

    try:
        for done, (language, size) in enumerate(wanted):
            _check_wanted(services, creative)
            made = film_rendition(creative, film, language, size, services, partial(watch, done))
            stored, composed, has_sound = made
            _keep(services, creative, language, size, composed, _File(stored, "video/mp4", has_sound=has_sound))
    finally:
        services.db.write(lambda s: queries.note_progress(s, creative.id, None))


def _check_wanted(services: Services, creative: Creative) -> None:
    """Raises Stopped."""
    with services.db.read() as s:
        if not queries.is_being_drawn(s, creative.id, creative.design):
            raise Stopped


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


@dataclass(frozen=True, slots=True)
class _File:
    """What was made of a drawing, on the shelf. `quality` and `score` as `media.encoding` has them."""

    stored: Stored
    mime: str
    quality: int | None = None
    score: float | None = None
    has_sound: bool = False


def _put(services: Services, made: Encoded) -> _File:
    store = store_of(services.settings)
    return _File(put_bytes(store.public, made.content, store.drafts), made.mime, made.quality, made.score)


def _keep(services: Services, creative: Creative, language: str, size: Shape, composed: Composed, file: _File) -> None:
    place = composed.qr
    row = Rendition(
        creative_id=creative.id,
        language=language,
        width=size.width,
        height=size.height,
        design=creative.design,
        sha256=file.stored.sha256,
        bytes=file.stored.bytes,
        mime=file.mime,
        quality=file.quality,
        score=file.score,
        has_sound=file.has_sound,
        qr_x=place and place.left,
        qr_y=place and place.top,
        qr_width=place and place.width,
        contrast=round(composed.contrast, 2),
        cut=list(composed.cut),
        made_at=services.clock.now(),
    )

    def work(s: Session) -> None:
        s.merge(row)
        services.generation.bump(s, "programme")  # a screen may be waiting for exactly this picture

    services.db.write(work)


def shape(services: Services, payload: dict[str, Any]) -> None:
    """A new shape is wanted: every live creative is drawn for it, each in a job of its own."""
    size = Shape(payload["width"], payload["height"])
    now = services.clock.now()

    def work(s: Session) -> None:
        for creative_id in queries.creatives_to_draw(s):
            enqueue(s, "media.render", {"creative_id": creative_id}, key=f"render:{creative_id}:{size}", now=now)

    services.db.write(work)


def complete(services: Services) -> None:
    """Sees to it that the built-in notice exists, and that nothing waits for a job that was lost."""
    now = services.clock.now()

    def work(s: Session) -> None:
        ensure_builtin(s, now)
        for creative_id in queries.creatives_to_draw(s):
            creative = s.get_one(Creative, creative_id)
            if queries.missing_renditions(s, creative) or unencoded(s, creative):
                enqueue(s, "media.render", {"creative_id": creative_id}, key=f"render:{creative_id}:again", now=now)

    services.db.write(work)


def sweep_now(services: Services, payload: dict[str, Any]) -> None:
    """Somebody asked for it."""
    sweep(services)


JOBS = [
    Handler("media.sweep_now", sweep_now),
    Handler("media.render", render),
    Handler("media.shape", shape),
    Handler("media.print", print_order),
    Periodic("media.complete", 300, complete),
    Periodic("media.sweep", 86_400, sweep),
    Periodic("media.uploads", 3600, sweep_uploads),
]
