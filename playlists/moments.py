"""Aware datetimes as whole ms since 1970 and back, for rooms' pure parts."""

from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MS = timedelta(milliseconds=1)


def to_ms(moment: datetime) -> int:
    """Milliseconds since 1970; what is finer is cut off."""
    return (moment - _EPOCH) // _MS


def from_ms(ms: int) -> datetime:
    """The moment, in UTC."""
    return _EPOCH + ms * _MS
