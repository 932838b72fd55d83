"""Reading untrusted files, inside the limited child: the tasks that media.decoder may be asked for."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pillow_heif
from PIL import Image, ImageFile, UnidentifiedImageError

from media import apart, documents, films
from media.master import normalised, write_master
from media.refusal import Refusal

MOST_PIXELS = 50_000_000
MOST_SIDE = 16_384
MOST_FRAMES = 600
_PHOTO_FORMATS = ("JPEG", "HEIF", "AVIF")


def answer(task: str, request: dict[str, Any]) -> dict[str, Any]:
    """What `task` finds. Memory that runs out ends the process: the parent says so."""
    tasks: dict[str, Callable[..., dict[str, Any]]] = {
        "image": read_image,
        "frames": count_frames,
        "document": documents.count_pages,
        "page": documents.read_page,
        "film": films.examine,
        "fitted film": films.fit_film,
        "compare": apart.compare,
    }
    try:
        return tasks[task](**request)
    except Refusal as why:
        return {"refused": str(why)}


def read_image(source: str, pillow: str, master: str) -> dict[str, Any]:
    """Reads the whole picture and writes its master: upright, sRGB, no metadata."""
    with _opened(source, pillow) as image:
        image.load()
        picture = normalised(image)
    mime = write_master(picture, Path(master), is_photo=pillow in _PHOTO_FORMATS)
    return {"width": picture.width, "height": picture.height, "master_mime": mime}


def count_frames(source: str, pillow: str) -> dict[str, Any]:
    """How many pictures there are: more than one is an animation."""
    with _opened(source, pillow) as image:
        return {"frames": _frames(image)}


@contextmanager
def _opened(source: str, pillow: str) -> Iterator[Image.Image]:
    """The picture, its header judged. Whatever its decoder raises within becomes a Refusal."""
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    pillow_heif.register_heif_opener()
    Image.MAX_IMAGE_PIXELS = None  # our own limit is stricter and judged from the header
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(source, formats=(pillow,)) as image:
                _check_header(image)
                yield image
    except UnidentifiedImageError:
        raise Refusal("The picture is broken: its header cannot be read") from None
    except MemoryError:
        raise Refusal("The picture needs more memory than reading a picture may take") from None
    except Refusal:
        raise
    except Exception as error:  # noqa: BLE001 - whatever a decoder raises, the file is at fault
        raise Refusal(f"The picture is broken or cut short ({_short(error)})") from None


def _check_header(image: Image.Image) -> None:
    width, height = image.size
    if width * height > MOST_PIXELS or max(width, height) > MOST_SIDE:
        raise Refusal(
            f"The picture is {width} × {height} pixels; at most {MOST_PIXELS // 1_000_000} megapixels "
            f"and {MOST_SIDE} pixels a side are accepted"
        )
    if _frames(image) > MOST_FRAMES:
        raise Refusal(f"The animation has more than {MOST_FRAMES} pictures")


def _frames(image: Image.Image) -> int:
    return int(getattr(image, "n_frames", 1))


def _short(error: Exception) -> str:
    return str(error).splitlines()[0][:120] if str(error) else type(error).__name__
