"""Fonts by language, each pinned as a package, so that a text looks the same on every machine."""

from __future__ import annotations

import enum
import io
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

from PIL import ImageFont, features


class Weight(enum.IntEnum):
    """Weights we set text in, on the scale of OpenType."""

    MEDIUM = 500
    SEMIBOLD = 600
    EXTRABOLD = 800


class CannotSet(ValueError):
    """A text cannot be drawn right on this machine; the message names the package that is missing."""


@dataclass(frozen=True, slots=True)
class Family:
    """Where a family's files lie, and whether drawing it needs an engine that joins and reorders letters."""

    package: str
    distribution: str
    file: str
    is_variable: bool = False
    needs_shaping: bool = False


_STATIC_NAMES = {Weight.MEDIUM: "Medium", Weight.SEMIBOLD: "SemiBold", Weight.EXTRABOLD: "ExtraBold"}
_VIETNAMESE = Family("fontpkg_be_vietnam_pro", "fontpkg-be-vietnam-pro", "files/BeVietnamPro-{weight}.ttf")


def _cjk(folder: str, name: str) -> Family:
    return Family("justmytype_intl_cjk", "justmytype-intl-cjk", f"fonts/ofl/{folder}/{name}[wght].ttf", True)


def _south_east(folder: str, name: str) -> Family:
    path = f"fonts/ofl/{folder}/{name}[wdth,wght].ttf"
    return Family("justmytype_intl_sea", "justmytype-intl-sea", path, True, needs_shaping=True)


FAMILIES = {
    "vi": _VIETNAMESE,
    "en": _VIETNAMESE,
    "fr": _VIETNAMESE,
    "de": _VIETNAMESE,
    "es": _VIETNAMESE,
    "ru": Family("fontpkg_noto_sans", "fontpkg-noto-sans", "files/NotoSans[wdth,wght].ttf", True),
    "zh-Hans": _cjk("notosanssc", "NotoSansSC"),
    "zh-Hant": _cjk("notosanstc", "NotoSansTC"),
    "ja": _cjk("notosansjp", "NotoSansJP"),
    "ko": _cjk("notosanskr", "NotoSansKR"),
    "th": _south_east("notosansthai", "NotoSansThai"),
    "km": _south_east("notosanskhmer", "NotoSansKhmer"),
    "lo": _south_east("notosanslao", "NotoSansLao"),
}


def path_of(language: str, weight: Weight) -> Path:
    """The font file for `language`; raises CannotSet naming the package where it is not installed."""
    family = FAMILIES.get(language)
    if family is None:
        raise CannotSet(f"no font is known for the language {language!r}")
    if family.needs_shaping and not features.check("raqm"):
        raise CannotSet(f"text in {language!r} needs the system package libfribidi0")
    spec = find_spec(family.package)
    folders = list(spec.submodule_search_locations or ()) if spec else []
    if not folders:
        raise CannotSet(f"text in {language!r} needs the Python package {family.distribution}")
    return Path(folders[0]) / family.file.format(weight=_STATIC_NAMES[weight])


@lru_cache(maxsize=128)
def face(language: str, weight: Weight, size: int) -> ImageFont.FreeTypeFont:
    """The face of `language` at `size` pixels an em."""
    font = ImageFont.truetype(path_of(language, weight), size)
    if FAMILIES[language].is_variable:
        font.set_variation_by_axes([_setting(axis, weight) for axis in font.get_variation_axes()])
    return font


def _setting(axis: ImageFont.Axis, weight: Weight) -> float:
    is_weight = bytes(axis["name"] or b"") == b"Weight"
    return float(weight if is_weight else axis["default"] or 0)


# Shaping takes letters apart into others that no text spells out: Khmer's vowels that stand on both sides of a
# consonant, the sara am of Thai and Lao.
_PARTS = (0x0E32, 0x0E4D, 0x0EB2, 0x0ECD, 0x17C1)


def cut_down(language: str, weight: Weight, text: str) -> bytes:
    """A font file with the letters of `text` alone, and all that shaping needs to join them, at one weight: so
    that a poster carries some kilobytes of a typeface of ten megabytes. Raises CannotSet."""
    from fontTools import subset  # type: ignore[import-untyped]  # 12 MB: web workers print nothing
    from fontTools.varLib import instancer  # type: ignore[import-untyped]

    kept = subset.Options(layout_features=["*"], notdef_outline=True, hinting=False)
    out = io.BytesIO()
    with subset.load_font(str(path_of(language, weight)), kept) as font:
        cutter = subset.Subsetter(kept)
        cutter.populate(text=text, unicodes=_PARTS if FAMILIES[language].needs_shaping else ())
        cutter.subset(font)
        if "fvar" in font:
            axes = {axis.axisTag: axis.defaultValue for axis in font["fvar"].axes}
            instancer.instantiateVariableFont(font, axes | {"wght": float(weight)}, inplace=True)
        font.save(out)
    return out.getvalue()


@lru_cache(maxsize=16)
def _letters(language: str) -> frozenset[int]:
    """Every letter that the typeface of `language` can draw, as code points."""
    from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

    with TTFont(str(path_of(language, Weight.MEDIUM)), lazy=True) as font:
        return frozenset(font.getBestCmap())


def undrawable(language: str, text: str) -> str:
    """What of `text` the typeface of its language has no sign for, each once; it would be drawn as empty boxes."""
    known = _letters(language)
    return "".join(dict.fromkeys(c for c in text if ord(c) not in known and not c.isspace() and c != "\u200b"))


def missing(languages: tuple[str, ...]) -> dict[str, str]:
    """Why each of `languages` cannot be drawn here; empty where all can."""
    found = {}
    for language in languages:
        try:
            path_of(language, Weight.MEDIUM)
        except CannotSet as why:
            found[language] = str(why)
    return found
