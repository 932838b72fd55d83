"""Renditions once more for players that decode more than JPEG and PNG: made once such a player has asked, measured
against what was drawn, and judged by the scan gate as they will be sent."""

from __future__ import annotations

from sqlalchemy.orm import Session

from core.log import log
from core.services import Services
from media import encoding_queries as queries
from media import qr
from media.encoding import encode_webp
from media.geometry import Shape
from media.judging import SAMPLE_CODE, judge_rendition, open_public
from media.models import Creative, Encoding, Rendition
from media.picture import Levels
from media.render import drawing, is_photo
from media.shelf import put_bytes
from media.store import store_of


def encode_creative(services: Services, creative: Creative, master: Levels | None) -> None:
    """Makes and judges what is wanted and not there yet. Done twice it finds nothing left to do."""
    with services.db.read() as s:
        waiting = queries.unencoded(s, creative)
    for rendition, accepts in waiting:
        _keep(services, _encoded(services, creative, master, rendition, accepts))
    with services.db.read() as s:
        unjudged = queries.unjudged_encodings(s, creative.id)
    for row, rendition, geometries in unjudged:
        screen = open_public(store_of(services.settings), row.sha256)
        text, wants_code = qr.payload(services.settings.public_url, SAMPLE_CODE), creative.qr_corner is not None
        judged = {
            one.key if one else "": judge_rendition(screen, rendition, one, text, wants_code=wants_code).verdict
            for one in geometries
        }
        _note(services, row, judged)


def _encoded(
    services: Services, creative: Creative, master: Levels | None, rendition: Rendition, accepts: str
) -> Encoding:
    """The rendition, drawn anew (what was kept has lost something already) and encoded, or itself where it is less."""
    shape, store = Shape(rendition.width, rendition.height), store_of(services.settings)
    composed = drawing(creative, master, rendition.language, shape, services.settings.public_url)
    made = encode_webp(composed.image, is_photo=is_photo(master, shape))
    row = Encoding(
        creative_id=creative.id,
        language=rendition.language,
        width=shape.width,
        height=shape.height,
        accepts=accepts,
        of_sha256=rendition.sha256,
        sha256=rendition.sha256,
        bytes=rendition.bytes,
        mime=rendition.mime,
        quality=rendition.quality,
        score=1.0 if rendition.score is None else rendition.score,
        judged={},
    )
    if len(made.content) < rendition.bytes:
        stored = put_bytes(store.public, made.content, store.drafts)
        row.sha256, row.bytes, row.mime = stored.sha256, stored.bytes, made.mime
        row.quality, row.score = made.quality, made.score
    log.info("encoded", creative=creative.id, shape=str(shape), mime=row.mime, quality=row.quality, score=row.score)
    return row


def _keep(services: Services, row: Encoding) -> None:
    services.db.write(lambda s: s.merge(row))


def _note(services: Services, row: Encoding, judged: dict[str, str]) -> None:
    def work(s: Session) -> None:
        queries.note_judged(s, row, judged)
        services.generation.bump(s, "programme")  # players that asked for it are given it now

    services.db.write(work)
