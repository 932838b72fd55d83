"""What an operator wishes a creative to be, checked: field by field, with words that say how to mend it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from core.errors import FieldError, Invalid
from media import colour
from media.fonts import missing, undrawable
from media.layout import Corner, QrWish
from media.picture import Fit
from media.typeset import clean
from media.words import LANGUAGES

NAME_MOST = 200
TEXT_MOST = {"headline": 160, "call_to_action": 200, "on_phone": 200}  # on_phone: in place of the call, where the
# reader holds the phone that would have to scan; it is drawn on no picture
DURATION_MS = (3_000, 120_000)
WIDTH_PCT = (5.0, 80.0)
DEFAULT_BACKGROUND = "#0D47A1"


@dataclass(frozen=True, slots=True)
class CreativeWish:
    """A creative as it was asked for. `qr` None means that it carries no code; with `sound` a film keeps its own."""

    name: str
    texts: Mapping[str, Mapping[str, str]]
    asset_id: str | None = None
    duration_ms: int = 10_000
    fit: str = "cover"
    focal: tuple[float, float] = (0.5, 0.5)
    background: str = DEFAULT_BACKGROUND
    qr: QrWish | None = field(default_factory=QrWish)
    sound: bool = False


def parse_qr(corner: str = Corner.BOTTOM_RIGHT, width_pct: float = QrWish().width_pct) -> QrWish:
    """The place for the code. Raises Invalid."""
    faults: list[FieldError] = []
    if corner not in set(Corner):
        faults.append(("qr.corner", f"must be one of {', '.join(Corner)}"))
    if not WIDTH_PCT[0] <= width_pct <= WIDTH_PCT[1]:
        faults.append(("qr.width_pct", f"must be from {WIDTH_PCT[0]:g} to {WIDTH_PCT[1]:g}"))
    if faults:
        raise Invalid(faults)
    return QrWish(Corner(corner), float(width_pct))


def checked(wish: CreativeWish) -> CreativeWish:
    """The wish with its texts composed (NFC) and trimmed. Raises Invalid with every fault at once."""
    texts = {language: _clean(said) for language, said in wish.texts.items()}
    faults = [*_name_faults(wish.name), *_text_faults(texts, wish.asset_id), *_look_faults(wish)]
    if faults:
        raise Invalid(faults)
    return replace(wish, name=clean(wish.name), texts=texts)


def _clean(said: Mapping[str, str]) -> dict[str, str]:
    return {key: clean(text) for key, text in said.items()}


def _name_faults(name: str) -> list[FieldError]:
    fits = 1 <= len(clean(name)) <= NAME_MOST
    return [] if fits else [("name", f"must have 1 to {NAME_MOST} characters")]


def _text_faults(texts: Mapping[str, Mapping[str, str]], asset_id: str | None) -> list[FieldError]:
    if not texts:
        return [("texts", "name at least one language, such as vi")]
    faults = [fault for language, said in texts.items() for fault in _language_faults(language, said)]
    if asset_id is None and any(not said.get("headline") for said in texts.values()):
        faults.append(("texts", "a notice without a picture needs a headline in each language"))
    return faults


def _language_faults(language: str, said: Mapping[str, str]) -> list[FieldError]:
    if language not in LANGUAGES:
        return [(f"texts.{language}", f"is not one of {', '.join(LANGUAGES)}")]
    faults = [(f"texts.{language}.{key}", "is not known") for key in said if key not in TEXT_MOST]
    for key, most in TEXT_MOST.items():
        if len(said.get(key, "")) > most:
            faults.append((f"texts.{language}.{key}", f"may have {most} characters"))
    if not any(said.values()):
        return faults
    if why := missing((language,)).get(language):
        return [*faults, (f"texts.{language}", why)]
    return [*faults, *_letter_faults(language, said)]


def _letter_faults(language: str, said: Mapping[str, str]) -> Iterator[FieldError]:
    for key, text in said.items():
        if signs := undrawable(language, text):
            yield f"texts.{language}.{key}", f"the typeface of this language has no sign for {signs}"


def _look_faults(wish: CreativeWish) -> list[FieldError]:
    faults: list[FieldError] = []
    low, high = DURATION_MS
    if not low <= wish.duration_ms <= high:
        faults.append(("duration_ms", f"must be from {low} to {high}"))
    if wish.fit not in set(Fit):
        faults.append(("fit", f"must be one of {', '.join(Fit)}"))
    if not all(0 <= share <= 1 for share in wish.focal):
        faults.append(("focal", "both shares must be from 0 to 1"))
    try:
        colour.parse(wish.background)
    except ValueError as why:
        faults.append(("background", str(why)))
    return faults
