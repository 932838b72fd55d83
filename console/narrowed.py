"""What a page of rows is narrowed to, in words: so that nobody takes a part for the whole."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta

from babel.dates import format_date

from console import words
from console.dashboard import measure_name
from console.ui import channel_name, language_name
from core.i18n import current_language
from core.i18n import gettext as _

_A_MONDAY = date(2024, 1, 1)


Names = Mapping[tuple[str, str], str]


def narrowed(asked: Mapping[str, str], names: Names, areas: Mapping[str, str]) -> list[str]:
    """A phrase for each thing that the rows are narrowed to, of what the address asks; `-` stands for none.

    `names` are those of the rows shown and `areas` (path -> name) those that the person may see: an address tells
    nobody the name of something else.
    """
    told = {
        "metric": lambda value: ", ".join(map(words.metric_name, value.split(","))),
        "location": lambda value: names.get(("location", value)) or _unseen(),
        "area_path": lambda value: areas.get(value) or _unseen(),
        "creative": lambda value: names.get(("creative", value)) or _unseen(),
        "language": language_name,
        "channel": channel_name,
        "measure": measure_name,
        "venue_kind": words.venue_name,
    }
    found = [_or_none(tell, asked[name]) for name, tell in told.items() if asked.get(name)]
    return [*found, *([_hour(asked)] if asked.get("hour") else [])]


def _or_none(tell: Callable[[str], str], value: str) -> str:
    return _("none named") if value == "-" else tell(value)


def _unseen() -> str:
    return _("one without rows here")


def _hour(asked: Mapping[str, str]) -> str:
    hour, zone, weekday = int(asked["hour"]), asked.get("zone", ""), asked.get("weekday", "")
    span = {"begin": f"{hour:02d}:00", "end": f"{(hour + 1) % 24:02d}:00"}
    clock = _("by the clocks of %(zone)s", zone=zone) if zone else _("by each location's own clock")
    told = _("from %(begin)s to %(end)s", **span)
    return ", ".join(each for each in (_weekday(weekday), told, clock) if each)


def _weekday(number: str) -> str:
    if not number:
        return ""
    return str(format_date(_A_MONDAY + timedelta(days=int(number)), "EEEE", locale=current_language()))
