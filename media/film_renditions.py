"""A film as a screen shows it: cut to the shape, under veil, words and panel, the code's place free."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

from PIL import Image

from core.services import Services
from media import colour, sandbox
from media.compose import Composed, compose, layer
from media.design import Design
from media.geometry import Box, Shape
from media.models import Asset, Creative, Rendition
from media.qr import modules_across
from media.render import design_of
from media.sandbox import Limits, Watch
from media.shelf import Stored, put_file
from media.sniff import GIF, MOV, MP4, WEBM
from media.store import Store, store_of

# Panels that are ten years old play 1080 lines at most; larger ones scale the film up.
_LARGEST_SIDE = 1920
_LIMITS = Limits(memory=3 << 29, cpu_s=3000, wall_s=1500)  # two minutes of film on a slow machine


def film_rendition(
    creative: Creative,
    film: Asset,
    language: str,
    shape: Shape,
    services: Services,
    watch: Callable[[int], None] = lambda percent: None,
) -> tuple[Stored, Composed, bool]:
    """Makes the film for one language and shape; what is told last is whether it has sound.

    `watch` is told every second how many per cent are made, and ends the making by raising. Raises Refused,
    DecoderStopped, or what `watch` raises; nothing half made is left.
    """
    store = store_of(services.settings)
    over, composed = layer(_design(creative, language, services), shape, modules_across(services.settings.public_url))
    store.drafts.mkdir(parents=True, exist_ok=True)
    target = store.drafts / f"film-{creative.id}-{language}-{shape.width}x{shape.height}"
    words, progress = target.with_suffix(".png"), target.with_suffix(".progress")
    look = Watch(lambda: watch(_percent(progress)))
    try:
        over.resize(_film_size(shape)).save(words, "PNG", compress_level=1)
        order = _order(creative, film, store) | {"fitting": _fitting(creative, shape, composed.free)}
        files = {"target": str(target), "layer": str(words), "progress": str(progress)}
        made = sandbox.run("fitted film", order | files, _LIMITS, watch=look)
        return put_file(store.public, target, store.drafts), composed, bool(made["has_sound"])
    finally:
        for file in (target, words, progress):
            file.unlink(missing_ok=True)


def _percent(progress: Path) -> int:
    with suppress(OSError, ValueError):
        return int(progress.read_text())
    return 0


def _order(creative: Creative, film: Asset, store: Store) -> dict[str, object]:
    return {
        "source": str(store.originals.local(film.sha256)),
        "demuxer": _DEMUXERS.get(film.mime, MP4.demuxer),
        "seconds": creative.duration_ms / 1000,
        "sound": creative.sound,
    }


_DEMUXERS = {form.mime: form.demuxer for form in (MP4, MOV, WEBM, GIF)}


def _fitting(creative: Creative, shape: Shape, free: Box) -> dict[str, object]:
    """As `media.films.Fitting` reads it; `free` is what the words leave of the shape."""
    size = _film_size(shape)
    across, down = size[0] / shape.width, size[1] / shape.height
    room = (free.left * across, free.top * down, free.right * across, free.bottom * down)
    return {
        "size": size,
        "fit": creative.fit,
        "focal": (creative.focal_x, creative.focal_y),
        "aim": (free.top + free.bottom) / 2 / shape.height,
        "room": [round(edge) for edge in room],
        "ground": colour.parse(creative.background),
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
