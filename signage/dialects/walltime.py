"""Wall-clock times without an offset, as Xibo's players read and tell them. Pure.

In the hour that a clock goes through twice such a time means two moments. It is read as the first: the same row means
the same moment however late it is told, which matters more than an hour once a year.
"""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

FORMAT = "%Y-%m-%d %H:%M:%S"
_LETTERS = len("2026-11-22 07:00:00")


def told(moment: datetime, zone: ZoneInfo) -> str:
    """What clocks in the zone show."""
    return moment.astimezone(zone).strftime(FORMAT)


def heard(text: str, zone: ZoneInfo) -> datetime:
    """The moment at which clocks in the zone showed this, first. Raises ValueError."""
    moment = datetime.fromisoformat(text)  # reports have thousands of these: twenty times as fast as by the format
    if len(text) != _LETTERS or moment.tzinfo is not None:
        raise ValueError(f"{text!r} is not a time like {FORMAT}")
    return moment.replace(tzinfo=zone, fold=0).astimezone(UTC)
