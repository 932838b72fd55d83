"""Whether a photograph that a screen took of itself shows one of the pictures that should have been there."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from core.settings import Settings
from media import sandbox
from media.store import store_of

SAME = 16  # of 255, in the patch that differs most: more than JPEG and scaling do, less than another headline does
_LIMITS = sandbox.Limits(cpu_s=120, wall_s=180)  # films are looked through


class Wanted(NamedTuple):
    """A rendition that may be on the glass, and the place (left, top, width in its pixels) of the code over it."""

    sha256: str
    mime: str
    qr: tuple[int, int, int] | None = None


class Match(NamedTuple):
    """How far the photograph is from a picture (0 to 255), turned anticlockwise by so many degrees."""

    apart: float
    turn: int

    @property
    def same(self) -> bool:
        """Whether it is the same picture."""
        return self.apart <= SAME


def compare(settings: Settings, photo: bytes, wanted: Sequence[Wanted]) -> list[Match]:
    """How like each of these the photograph is, a file that is not on the shelf aside (then 255).

    Nobody trusts a photograph: it is read in the limited child. Raises Invalid for one that cannot be read, Busy.
    """
    shelf = store_of(settings).public
    there = [one for one in wanted if shelf.has(one.sha256)]
    files = [{"path": str(shelf.local(one.sha256)), "mime": one.mime, "qr": one.qr} for one in there]
    with tempfile.NamedTemporaryFile(suffix=".jpg") as file:
        Path(file.name).write_bytes(photo)
        told = sandbox.run("compare", {"photo": file.name, "wanted": files}, _LIMITS)
    found = dict(zip(there, map(Match, told["apart"], told["turns"]), strict=True))
    return [found.get(one, Match(255.0, 0)) for one in wanted]
