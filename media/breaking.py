"""Where a line may break, by script: at spaces, between ideographs, between syllables."""

from __future__ import annotations

import re
import unicodedata

_NO_SPACES = ("zh-Hans", "zh-Hant", "ja")
_SYLLABIC = ("th", "lo", "km")
_HINT = "\u200b"
# Never at the start of a line, never at its end (the common core of JIS X 4051 and GB/T 15834).
_NOT_FIRST = set(
    "、。，．・：；？！゛゜ヽヾゝゞ々ー）］｝〕〉》」』】〙〗ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮ…‥,."
    ":;?!)]}%％”’ๆฯៗ។៕ຯໆ"
)
_NOT_LAST = set("（［｛〔〈《「『【〘〖([{“‘$￥₫")
_LEADING_VOWELS = set("เแโใไເແໂໃໄ")
_FOLLOWING_VOWELS = set("ะาำๅະາຳຽ")
_COENG = "\u17d2"


def pieces(text: str, language: str) -> tuple[str, ...]:
    """`text` in parts between which a line may break; each keeps the space that follows it."""
    words = re.findall(r"\S+\s*", text)
    if language in _NO_SPACES:
        return tuple(part for word in words for part in _ideographs(word))
    if language in _SYLLABIC:
        return tuple(part for word in words for part in _syllables(word))
    return tuple(words)


def _ideographs(word: str) -> list[str]:
    parts: list[str] = []
    for char in word:
        if parts and _holds(parts[-1], char):
            parts[-1] += char
        else:
            parts.append(char)
    return parts


def _holds(before: str, char: str) -> bool:
    """True where no break may come between `before` and `char`."""
    if char in _NOT_FIRST or char.isspace() or unicodedata.combining(char):
        return True
    last = before.rstrip()[-1:]
    return last in _NOT_LAST or (_is_narrow(last) and _is_narrow(char) and last == before[-1:])


def _is_narrow(char: str) -> bool:
    return unicodedata.east_asian_width(char) not in "WF"


def _syllables(word: str) -> list[str]:
    """Words marked with a zero-width space break there; a word without marks breaks between letter clusters."""
    if _HINT in word:
        return [part for part in word.split(_HINT) if part]
    parts: list[str] = []
    for char in word:
        if parts and _joins(parts[-1], char):
            parts[-1] += char
        else:
            parts.append(char)
    return parts


def _joins(before: str, char: str) -> bool:
    if char in _NOT_FIRST or char in _FOLLOWING_VOWELS or char.isspace():
        return True
    if unicodedata.category(char) in ("Mn", "Mc", "Cf"):
        return True
    last = before[-1]
    return last in _LEADING_VOWELS or last == _COENG or last in _NOT_LAST or (last.isascii() and char.isascii())
