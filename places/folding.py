"""Vietnamese names made searchable and sortable, the same on every database engine.

SQLite has no ICU and neither engine's own folding knows that đ is a kind of d, so both keys are
made here and stored beside the name.
"""

import re
import unicodedata

SORT_KEY_LENGTH = 480

_TONES = {"\u0300": "1", "\u0309": "2", "\u0303": "3", "\u0301": "4", "\u0323": "5"}
_VARIANTS = {"\u0306": "1", "\u0302": "1", "\u031b": "1"}  # breve, circumflex, horn
_RANKS = {"â": "2", "ơ": "2"}  # second among the letter's own variants: a ă â, o ô ơ
_WORDS = re.compile(r"\d+|\s+|[^\d\s]")


def fold(text: str) -> str:
    """The text without marks, case and doubled spaces: "Đà  Nẵng" and "da nang" are one."""
    letters = unicodedata.normalize("NFKD", text.replace("Đ", "d").replace("đ", "d"))
    bare = "".join(each for each in letters if not unicodedata.combining(each))
    return " ".join(bare.casefold().split())


def sort_key(text: str) -> str:
    """A key whose plain comparison is Vietnamese order: letters first, then tones.

    a < ă < â, d < đ, o < ô < ơ; tones level, huyền, hỏi, ngã, sắc, nặng; "Phường 2" before
    "Phường 10". Only digits and small Latin letters occur, which every collation orders alike.
    """
    pairs = [_element(each) for each in _WORDS.findall(unicodedata.normalize("NFC", text.strip()))]
    letters = "".join(letter for letter, _ in pairs)
    tones = "".join(tone for _, tone in pairs)
    return f"{letters}00{tones}"[:SORT_KEY_LENGTH]


def _element(part: str) -> tuple[str, str]:
    if part.isspace():
        return "00", ""
    if part.isdecimal():
        return f"01{int(part) % 10**9:09d}", ""
    return _letter(part.casefold())


def _letter(letter: str) -> tuple[str, str]:
    if letter == "đ":
        return "d1", "0"
    marks = unicodedata.normalize("NFD", letter)
    toneless = unicodedata.normalize("NFC", "".join(m for m in marks if m not in _TONES))
    tone = next((_TONES[mark] for mark in marks if mark in _TONES), "0")
    base = marks[0]
    if not ("a" <= base <= "z"):
        return f"02{ord(base):06x}" if not base.isalpha() else f"zz{ord(base):06x}", "0"
    variant = next((_VARIANTS[mark] for mark in marks if mark in _VARIANTS), "0")
    return base + _RANKS.get(toneless, variant), tone
