"""The languages of the visitors' pages."""

from __future__ import annotations

from core.i18n import best

# In the order in which the page offers them, each under its own name.
NAMES = {
    "vi": "Tiếng Việt",
    "en": "English",
    "zh-Hans": "简体中文",
    "zh-Hant": "繁體中文",
    "ko": "한국어",
    "ja": "日本語",
    "fr": "Français",
    "ru": "Русский",
    "de": "Deutsch",
    "th": "ไทย",
    "km": "ខ្មែរ",
    "lo": "ລາວ",
    "es": "Español",
}
DEFAULT = "vi"  # where the phone says nothing
_OFFERED = tuple(NAMES)
FOREIGN = "en"  # where it asks only for languages that we do not speak


def preferred(accept_language: str, asked: str | None = None) -> str:
    """The language of a page: the link's (`asked`), else what the phone's Accept-Language prefers."""
    if asked in NAMES:
        return str(asked)
    return best(accept_language, _OFFERED, FOREIGN if accept_language.strip(" *") else DEFAULT)
