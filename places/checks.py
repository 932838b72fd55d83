"""What an area or a location may be: every rule with the message that tells how to mend it. Pure."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any
from zoneinfo import available_timezones

from places import hours
from places.areas import AREA_KINDS
from places.venues import VENUES

Fault = tuple[str, str]
Check = Callable[[Any], str | None]

MAX_TAGS = 50
_TAG = re.compile(r"[^\s,;][^,;\n\r\t]{0,49}")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_ZONES = available_timezones()


def clean(text: str) -> str:
    """A name as it is kept: NFC, one line, no control characters, no doubled spaces."""
    kept = "".join(c if unicodedata.category(c)[0] != "C" or c in "\u200c\u200d" else " " for c in text)
    return " ".join(unicodedata.normalize("NFC", kept).split())


def faults(facts: Mapping[str, Any], checks: Mapping[str, Check]) -> list[Fault]:
    """(field, what is wrong) for each fact that breaks its rule, and for each that has none."""
    found = [(name, checks[name](value) if name in checks else "unknown") for name, value in facts.items()]
    return [(name, fault) for name, fault in found if fault is not None]


def _name(value: Any) -> str | None:
    fits = isinstance(value, str) and 0 < len(clean(value)) <= 200
    return None if fits else "must be 1 to 200 characters"


def _text(value: Any) -> str | None:
    fits = value is None or (isinstance(value, str) and len(value) <= 200)
    return None if fits else "must be at most 200 characters"


def _number(low: float, high: float, *, optional: bool = True, whole: bool = False) -> Check:
    def check(value: Any) -> str | None:
        if value is None and optional:
            return None
        number = isinstance(value, int if whole else int | float) and not isinstance(value, bool)
        fits = number and low <= value <= high
        return None if fits else f"must be {'a whole number' if whole else 'a number'} from {low:g} to {high:g}"

    return check


def _one_of(allowed: Mapping[str, Any]) -> Check:
    def check(value: Any) -> str | None:
        return None if value in allowed else f"must be one of {', '.join(allowed)}"

    return check


def _zone(value: Any) -> str | None:
    return None if value in _ZONES else "must be an IANA time zone such as Asia/Ho_Chi_Minh"


def _day(value: Any) -> str | None:
    return None if value is None or isinstance(value, date) else "must be a date such as 2026-08-30"


def _switch(value: Any) -> bool:
    return isinstance(value, bool)


def _clock_time(value: Any) -> bool:
    return isinstance(value, str) and re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", value) is not None


def _addresses(value: Any) -> bool:
    mails = value if isinstance(value, list) else [value]
    return all(isinstance(each, str) and re.fullmatch(r"[^@\s]+@[^@\s]+", each) is not None for each in mails)


def _hooks(value: Any) -> bool:
    urls = value if isinstance(value, list) else [value]
    return all(isinstance(each, str) and re.fullmatch(r"https?://\S+", each) is not None for each in urls)


def _people(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _quota(value: Any) -> bool:
    return _people(value) and 1 <= value <= 10**9


def _minutes(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 5 <= value <= 1440


# What may be set for an area: how it is checked, and how to mend it.
_SETTINGS: dict[str, tuple[Callable[[Any], bool], str]] = {
    "four_eyes": (_switch, "true or false"),
    "report_closes": (_clock_time, "a time such as 15:00"),
    "aggregate_closes": (_clock_time, "a time such as 16:30"),
    "report_mail": (_addresses, "a mail address, or a list of them"),
    "report_webhook": (_hooks, "an address such as https://example.vn/hook, or a list of them"),
    "media_quota_mb": (_quota, "how many megabytes of files may be kept, at least 1"),
    "officials": (_people, "how many officials there are"),
    "alert_mail": (_addresses, "a mail address, or a list of them"),
    "alert_webhook": (_hooks, "an address such as https://example.vn/hook, or a list of them"),
    "alert_after_minutes": (_minutes, "a whole number of minutes from 5 to 1440"),
}


def _settings(value: Any) -> str | None:
    if not isinstance(value, dict) or set(value) - set(_SETTINGS):
        return f"may hold only {', '.join(_SETTINGS)}"
    for name, given in value.items():
        is_right, what = _SETTINGS[name]
        if not is_right(given):
            return f"{name} must be {what}"
    return None


def _tags(value: Any) -> str | None:
    if not isinstance(value, list) or len(value) > MAX_TAGS:
        return f"must be a list of at most {MAX_TAGS} words"
    good = all(isinstance(tag, str) and _TAG.fullmatch(tag) for tag in value)
    return None if good else "a tag is 1 to 50 characters without comma, semicolon or line break"


def _hours(value: Any) -> str | None:
    if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
        return 'must be a list such as [{"days": ["mon"], "from": "06:00", "to": "22:00"}]'
    return "; ".join(hours.faults(value)) or None


def _languages(value: Any) -> str | None:
    if not isinstance(value, dict) or not value or len(value) > 20:
        return 'must give each language its share, such as {"vi": 80, "en": 20}'
    if not all(isinstance(code, str) and _LANGUAGE.fullmatch(code) for code in value):
        return "languages are codes such as vi, en, zh-Hans"
    shares = _number(1, 100, optional=False, whole=True)
    return next((f"{code}: {bad}" for code, share in value.items() if (bad := shares(share))), None)


AREA_CHECKS: dict[str, Check] = {
    "name": _name,
    "kind": _one_of(AREA_KINDS),
    "population": _number(0, 10_000_000_000, whole=True),
    "population_source": _text,
    "population_as_of": _day,
    "smartphone_users": _number(0, 10_000_000_000, whole=True),
    "target_population_pct": _number(0, 100),
    "target_by": _day,
    "timezone": _zone,
    "settings": _settings,
}

LOCATION_CHECKS: dict[str, Check] = {
    "name": _name,
    "venue_kind": _one_of(VENUES),
    "timezone": _zone,
    "latitude": _number(-90, 90),
    "longitude": _number(-180, 180),
    "tags": _tags,
    "viewing_distance_m": _number(0.1, 1000),
    "audience_multiplier": _number(0, 100_000, optional=False),
    "audience_source": _text,
    "operating_hours": _hours,
    "languages": _languages,
}
