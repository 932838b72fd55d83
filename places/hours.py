"""Operating hours: when a place is open, in its own local time. Pure.

Written as the API writes dayparts: [{"days": ["mon", …], "from": "06:00", "to": "22:00"}, …].
An empty list is always open; "to" at or before "from" runs past midnight; "24:00" ends a day.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
Hours = Sequence[Mapping[str, Any]]
DAY_MINUTES = 24 * 60

_TIME = re.compile(r"([01]\d|2[0-3]):([0-5]\d)|24:00")


def minutes(text: str) -> int:
    """Minutes since midnight of a time such as "07:30"; ValueError for what is no time of day."""
    if not _TIME.fullmatch(text):
        raise ValueError(f"{text!r} is not a time of day such as 07:30")
    return int(text[:2]) * 60 + int(text[3:])


def read(text: str) -> list[dict[str, Any]]:
    """Hours as people write them in a table: "mon-fri 06:00-22:00; sat,sun 07:00-12:00". ValueError."""
    windows = []
    for part in filter(None, (piece.strip() for piece in text.split(";"))):
        days, _, span = part.lower().rpartition(" ")
        start, dash, end = span.replace("–", "-").partition("-")
        window = {"days": _days(days), "from": start, "to": end}
        if not dash or _window_faults(window):
            raise ValueError('must be hours such as "mon-fri 06:00-22:00; sat,sun 07:00-12:00"')
        windows.append(window)
    return windows


def _days(text: str) -> list[str]:
    """Days parted by commas, or spans of them; none stands for all."""
    found: set[str] = set()
    for part in filter(None, text.replace(" ", "").replace("–", "-").split(",")):
        first, _, last = part.partition("-")
        if first in DAYS and (last or first) in DAYS:
            start, span = DAYS.index(first), (DAYS.index(last or first) - DAYS.index(first)) % 7
            found |= {DAYS[(start + step) % 7] for step in range(span + 1)}
        else:
            found.add(part)
    return [day for day in DAYS if day in found] + sorted(found - set(DAYS)) if text else list(DAYS)


def faults(hours: Hours) -> list[str]:
    """What is wrong with these hours, in words; empty when nothing is."""
    return [fault for window in hours for fault in _window_faults(window)]


def _window_faults(window: Mapping[str, Any]) -> list[str]:
    unknown = set(window) - {"days", "from", "to"}
    found = [f"unknown member {name!r}" for name in sorted(unknown)]
    days = window.get("days")
    if not isinstance(days, list | tuple) or not days or set(days) - set(DAYS):
        found.append(f"days must be some of {', '.join(DAYS)}")
    return found + [fault for end in ("from", "to") for fault in _time_faults(window.get(end), end)]


def _time_faults(value: object, end: str) -> list[str]:
    try:
        at = minutes(str(value))
    except ValueError:
        return [f"{end} must be a time of day such as 07:30"]
    return ["from must be before 24:00"] if end == "from" and at == DAY_MINUTES else []


def open_at(hours: Hours, local: datetime) -> bool:
    """Is the place open at this local wall-clock time?"""
    if not hours:
        return True
    now = local.hour * 60 + local.minute
    today, yesterday = DAYS[local.weekday()], DAYS[(local - timedelta(days=1)).weekday()]
    return any(_covers(window, today, yesterday, now) for window in hours)


def _covers(window: Mapping[str, Any], today: str, yesterday: str, now: int) -> bool:
    start, end = minutes(window["from"]), minutes(window["to"])
    if end > start:
        return today in window["days"] and start <= now < end
    late = today in window["days"] and now >= start
    early = yesterday in window["days"] and now < end
    return late or early
