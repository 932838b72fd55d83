"""The gate at work: each picture of a creative is judged with a code laid on it, and the verdict is kept."""

from __future__ import annotations

import io

from PIL import Image
from sqlalchemy.orm import Session

from core.services import Services
from media import gate, qr, queries
from media.distance import Geometry
from media.film_renditions import film_still
from media.gate import Verdict
from media.geometry import Box
from media.models import Creative, Rendition, ScanVerdict
from media.shelf import put_bytes
from media.store import Store, store_of

SAMPLE_CODE = "K7F3Q9ZT"


def judge_creative(services: Services, creative: Creative, poster: Image.Image | None = None) -> None:
    """Judges what has not been judged yet; a film by its `poster`. Done twice it finds nothing left to do."""
    with services.db.read() as s:
        waiting = queries.unjudged(s, creative)
    text = qr.payload(services.settings.public_url, SAMPLE_CODE)
    store = store_of(services.settings)
    for rendition, geometry in waiting:
        screen = film_still(creative, rendition, poster, services) if poster else open_public(store, rendition.sha256)
        wants_code = creative.qr_corner is not None
        verdict = judge_rendition(screen, rendition, geometry, text, wants_code=wants_code)
        _keep(services, rendition, geometry, verdict, _evidence(verdict, store))


def judge_rendition(
    screen: Image.Image, rendition: Rendition, geometry: Geometry | None, text: str, *, wants_code: bool
) -> Verdict:
    """The verdict on one picture as a player shows it: with the overlay of a code of the usual length."""
    place = place_of(rendition)
    if place is None:
        return gate.NO_ROOM if wants_code else gate.NO_CODE
    return gate.judge(flattened(screen, place, text), place, text, geometry)


def place_of(rendition: Rendition) -> Box | None:
    """Where the code goes, quiet zone included; None on a picture without one."""
    x, y, width = rendition.qr_x, rendition.qr_y, rendition.qr_width
    return None if x is None or y is None or width is None else Box(x, y, x + width, y + width)


def flat_jpeg(store: Store, sha256: str, place: Box, text: str) -> bytes:
    """A picture of ours with the code for `text` in its place."""
    out = io.BytesIO()
    flattened(open_public(store, sha256), place, text).save(out, "JPEG", quality=90, subsampling=0)
    return out.getvalue()


def open_public(store: Store, sha256: str) -> Image.Image:
    """A picture that we made, from the public shelf."""
    with store.public.open(sha256) as file, Image.open(file, formats=("JPEG", "PNG", "WEBP")) as image:
        return image.convert("RGB")


def flattened(screen: Image.Image, place: Box, text: str) -> Image.Image:
    """The picture with the code for `text` in its place, as players show it."""
    shown = screen.copy()
    shown.paste(qr.drawing(text, place.width), place[:2])
    return shown


def _evidence(verdict: Verdict, store: Store) -> str | None:
    if verdict.evidence is None:
        return None
    out = io.BytesIO()
    verdict.evidence.save(out, "PNG", optimize=True)
    return put_bytes(store.public, out.getvalue(), store.drafts).sha256


def _keep(
    services: Services, rendition: Rendition, geometry: Geometry | None, verdict: Verdict, evidence: str | None
) -> None:
    row = ScanVerdict(
        creative_id=rendition.creative_id,
        language=rendition.language,
        width=rendition.width,
        height=rendition.height,
        geometry=geometry.key if geometry else "",
        sha256=rendition.sha256,
        verdict=verdict.verdict,
        grade=verdict.grade,
        report=verdict.report(),
        evidence_sha256=evidence,
        judged_at=services.clock.now(),
    )

    def work(s: Session) -> None:
        s.merge(row)
        if verdict.verdict == "refused":
            services.generation.bump(s, "programme")

    services.db.write(work)
