"""A film as a screen shows it: cut to the shape, under veil, words and panel, the code's place free."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urlsplit

from PIL import Image

from core.services import Services
from media import sandbox
from media.compose import Composed, Design, compose, layer
from media.geometry import Shape
from media.models import Asset, Creative, Rendition
from media.qr import modules_across
from media.render import design_of
from media.sandbox import Limits
from media.shelf import Stored, put_file
from media.sniff import MP4, WEBM
from media.store import Store, store_of

# Panels that are ten years old play 1080 lines at most; larger ones scale the film up.
_LARGEST_SIDE = 1920
_LIMITS = Limits(memory=3 << 29, cpu_s=500, wall_s=280)


def film_rendition(
    creative: Creative, film: Asset, language: str, shape: Shape, services: Services
) -> tuple[Stored, Composed]:
    """Makes the film for one language and shape. Raises Refused or DecoderStopped."""
    store = store_of(services.settings)
    over, composed = layer(_design(creative, language, services), shape, modules_across(services.settings.public_url))
    store.drafts.mkdir(parents=True, exist_ok=True)
    target = store.drafts / f"film-{creative.id}-{language}-{shape.width}x{shape.height}"
    words = target.with_suffix(".png")
    try:
        over.resize(_film_size(shape)).save(words, "PNG", compress_level=1)
        sandbox.run("fitted film", _order(creative, film, store, str(target), str(words), shape), _LIMITS)
        return put_file(store.public, target, store.drafts), composed
    finally:
        target.unlink(missing_ok=True)
        words.unlink(missing_ok=True)


def _order(creative: Creative, film: Asset, store: Store, target: str, words: str, shape: Shape) -> dict[str, object]:
    width, height = _film_size(shape)
    return {
        "source": str(store.originals.local(film.sha256)),
        "demuxer": WEBM.demuxer if film.mime == WEBM.mime else MP4.demuxer,
        "target": target,
        "layer": words,
        "width": width,
        "height": height,
        "seconds": creative.duration_ms / 1000,
        "focal": [creative.focal_x, creative.focal_y],
    }


def film_still(creative: Creative, rendition: Rendition, poster: Image.Image, services: Services) -> Image.Image:
    """The film's poster as that screen shows it."""
    design = replace(_design(creative, rendition.language, services), over_film=True)
    shape = Shape(rendition.width, rendition.height)
    return compose(design, shape, poster, modules_across(services.settings.public_url)).image


def _design(creative: Creative, language: str, services: Services) -> Design:
    return replace(design_of(creative, language), address=urlsplit(services.settings.public_url).netloc)


def _film_size(shape: Shape) -> tuple[int, int]:
    """The shape, within what old panels play, in even numbers as 4:2:0 wants them."""
    scale = min(1.0, _LARGEST_SIDE / max(shape.width, shape.height))
    return round(shape.width * scale / 2) * 2, round(shape.height * scale / 2) * 2
