"""Where a line may break: at spaces, and in scripts that have none where a dictionary finds the end of a word."""

from __future__ import annotations

import re

from icu4py.breakers import LineBreaker

# Japanese and Chinese could break between almost any two letters; by phrases they read better. ICU knows phrases
# by the name of Japanese alone, with a dictionary that holds the words of both.
_PHRASES = "ja-u-lw-phrase"
_BY_DICTIONARY = {"zh-Hans": _PHRASES, "zh-Hant": _PHRASES, "ja": _PHRASES, "th": "th", "lo": "lo", "km": "km"}
_HINT = "\u200b"


def pieces(text: str, language: str) -> tuple[str, ...]:
    """`text` in parts between which a line may break; each keeps the space that follows it."""
    words = re.findall(r"\S+\s*", text)
    locale = _BY_DICTIONARY.get(language)
    return tuple(part for word in words for part in _parts(word, locale)) if locale else tuple(words)


def _parts(word: str, locale: str) -> list[str]:
    """What the writer marked with zero-width spaces breaks there and nowhere else; the rest as ICU has it."""
    if _HINT in word:
        return [part for part in word.split(_HINT) if part]
    parts: list[str] = []
    for part in LineBreaker(word, locale):
        if parts and parts[-1][-1].isascii() and part[0].isascii():
            parts[-1] += part  # an address or a foreign word stays whole
        else:
            parts.append(part)
    return parts
