"""What a creative says in one language, whatever the screen or sheet."""

from __future__ import annotations

from dataclasses import dataclass, field

from media.colour import Rgb
from media.layout import QrWish
from media.picture import Fit, Focal


@dataclass(frozen=True, slots=True)
class Design:
    """What a creative says in one language, whatever the screen."""

    language: str
    headline: str = ""
    action: str = ""
    fit: Fit = Fit.COVER
    focal: Focal = field(default_factory=Focal)
    background: Rgb = (13, 71, 161)
    qr: QrWish | None = None
    over_film: bool = False  # any picture may come to lie under the words
    address: str = ""  # what to type where a board is too small for any code
