"""Shapes that several resources share."""

from datetime import datetime
from typing import Annotated

from msgspec import UNSET, Meta, Struct, UnsetType

Name = Annotated[str, Meta(min_length=1, max_length=200)]
Reason = Annotated[str, Meta(min_length=1, max_length=500)]
Code = Annotated[str, Meta(pattern=r"^[A-Za-z0-9._-]{1,64}$", description="letters, digits, . - _")]
TimeOfDay = Annotated[str, Meta(pattern=r"^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$", examples=["07:30"])]
Day = Annotated[str, Meta(pattern="^(mon|tue|wed|thu|fri|sat|sun)$", examples=["mon"])]
Moment = Annotated[datetime, Meta(tz=True)]
Role = Annotated[str, Meta(pattern="^(viewer|editor|approver|admin|auditor)$", examples=["editor"])]
Url = Annotated[
    str, Meta(min_length=1, max_length=2000, examples=["https://play.google.com/store/apps/details?id=vn.app"])
]
Codes = Annotated[list[Annotated[str, Meta(min_length=1, max_length=64)]], Meta(max_length=5000)]


class Empty(Struct, forbid_unknown_fields=True):
    """Nothing: `{}`, or no body at all."""


class Window(Struct, forbid_unknown_fields=True, rename={"start": "from", "end": "to"}):
    """Days, and a time of day from which and to which; `to` before `from` runs past midnight."""

    days: Annotated[list[Day], Meta(min_length=1)]
    start: TimeOfDay
    end: TimeOfDay


class Daypart(Struct, kw_only=True, forbid_unknown_fields=True, rename={"start": "from", "end": "to"}):
    """A window of the local day, on some weekdays or all, between two dates or always."""

    days: list[Day] | UnsetType = UNSET
    start: TimeOfDay = "00:00"
    end: TimeOfDay = "24:00"
    first_date: str | UnsetType | None = UNSET
    last_date: str | UnsetType | None = UNSET


class Condition(Struct, kw_only=True, forbid_unknown_fields=True):
    """What a spot must be: one of the values within each kind named, in all the kinds named."""

    areas: Codes | UnsetType = UNSET
    locations: Codes | UnsetType = UNSET
    venue_kinds: Codes | UnsetType = UNSET
    tags: Codes | UnsetType = UNSET
    media: list[Annotated[str, Meta(pattern="^(screen|splash)$")]] | UnsetType = UNSET
    shapes: list[Annotated[str, Meta(pattern="^(landscape|portrait|square)$")]] | UnsetType = UNSET
    languages: Codes | UnsetType = UNSET


class LeftOut(Condition, kw_only=True, forbid_unknown_fields=True, rename={"alternatives": "any"}):
    """What is left out: what meets this condition and, if there are alternatives, one of them."""

    alternatives: list[Condition] | UnsetType = UNSET


class Targets(Condition, kw_only=True, forbid_unknown_fields=True, rename={"but": "not", "alternatives": "any"}):
    """A condition, alternatives one of which must hold too, and an exception from it all. Empty is refused."""

    alternatives: list[Condition] | UnsetType = UNSET
    but: LeftOut | UnsetType | None = UNSET
