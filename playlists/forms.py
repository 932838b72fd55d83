"""What operators and scripts write, read into nouns; every fault is named by its field.

The documents are those of the management API: targets, dayparts, destinations, as plain JSON values.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any, TypeVar
from urllib.parse import urlsplit

from core.errors import FieldError, Invalid
from playlists.dayparts import DAYS, MINUTES_A_DAY, Daypart, Holiday, clock_of, minute_of, overlap
from playlists.programme import PRIORITIES, Arm
from playlists.targets import KINDS, MEDIA, SHAPES, Target

T = TypeVar("T")
DESTINATIONS = ("android_url", "ios_url", "other_url")
MOST_DAYPARTS = 50
MOST_VALUES = 5_000
DEEPEST = 4
LONGEST_CAMPAIGN_DAYS = 3_660
CHOICES: dict[str, Sequence[str]] = {"media": MEDIA, "shapes": SHAPES}


class Faults:
    """Collects what is wrong, field by field, so that an operator sees all of it at once."""

    def __init__(self) -> None:
        self.errors: list[FieldError] = []

    def add(self, field: str, message: str) -> None:
        self.errors.append((field, message))

    def check(self, holds: bool, field: str, message: str) -> bool:
        """Adds the message unless it holds; returns whether it does."""
        if not holds:
            self.add(field, message)
        return holds


@contextmanager
def judging() -> Iterator[Faults]:
    """Raises Invalid at the end of the block if anything was found."""
    faults = Faults()
    yield faults
    if faults.errors:
        raise Invalid(faults.errors)


def name(faults: Faults, text: object, field: str = "name") -> str:
    """A name that people will read."""
    clean = " ".join(text.split()) if isinstance(text, str) else ""
    faults.check(0 < len(clean) <= 200, field, "must have 1 to 200 characters")
    return clean


def period(faults: Faults, starts_at: datetime, ends_at: datetime) -> None:
    """A campaign's or a takeover's span."""
    for field, moment in (("starts_at", starts_at), ("ends_at", ends_at)):
        if not faults.check(moment.tzinfo is not None, field, "must carry its offset from UTC"):
            return
    faults.check(starts_at < ends_at, "ends_at", "must be after the start")
    faults.check(
        (ends_at - starts_at).days <= LONGEST_CAMPAIGN_DAYS, "ends_at", "must lie within ten years of the start"
    )


def destination(faults: Faults, doc: Mapping[str, Any] | None) -> dict[str, str]:
    """Where the campaign's codes lead: at least one address, each http or https."""
    doc = doc or {}
    for field in sorted(set(doc) - set(DESTINATIONS)):
        faults.add(f"destination.{field}", "is not known; allowed: " + ", ".join(DESTINATIONS))
    found = {field: str(doc[field]).strip() for field in DESTINATIONS if doc.get(field)}
    for field, url in found.items():
        faults.check(_is_web_address(url), f"destination.{field}", "must be an http or https address")
    faults.check(bool(found), "destination", "must name at least one of " + ", ".join(DESTINATIONS))
    return found


def _is_web_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and len(url) <= 2_000 and not _has_blank(url)
    except ValueError:
        return False


def _has_blank(text: str) -> bool:
    return any(letter.isspace() or not letter.isprintable() for letter in text)


def target(faults: Faults, doc: object, field: str = "targets", depth: int = 0) -> Target:
    """A condition on spots; one that names nothing is refused."""
    if not isinstance(doc, Mapping) or not faults.check(depth < DEEPEST, field, "is nested too deeply"):
        faults.check(isinstance(doc, Mapping), field, "must be an object")
        return Target()
    for key in sorted(set(map(str, doc)) - {*KINDS, "any", "not"}):
        faults.add(f"{field}.{key}", "is not known; allowed: " + ", ".join((*KINDS, "any", "not")))
    alternatives = doc.get("any") or ()
    if not faults.check(_is_list(alternatives), f"{field}.any", "must be a list of targets"):
        alternatives = ()
    found = Target(
        **{kind: _values(faults, doc.get(kind), f"{field}.{kind}", CHOICES.get(kind)) for kind in KINDS},
        any_of=tuple(target(faults, one, f"{field}.any[{place}]", depth + 1) for place, one in enumerate(alternatives)),
        not_=target(faults, doc["not"], f"{field}.not", depth + 1) if doc.get("not") else None,
    )
    faults.check(not found.is_empty, field, "must name at least one of " + ", ".join(KINDS))
    return found


def _values(faults: Faults, value: object, field: str, choices: Sequence[str] | None) -> tuple[str, ...]:
    if value is None:
        return ()
    if not _is_list(value) or not all(isinstance(one, str) and 0 < len(one) <= 64 for one in value):  # type: ignore[attr-defined]
        faults.add(field, "must be a list of words of 1 to 64 characters")
        return ()
    found = tuple(dict.fromkeys(value))  # type: ignore[call-overload]
    faults.check(len(found) <= MOST_VALUES, field, f"may hold at most {MOST_VALUES} values")
    for one in found:
        if choices and one not in choices:
            faults.add(field, f"{one!r} is not known; allowed: " + ", ".join(choices))
    return found


def _is_list(value: object) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str)


def dayparts(faults: Faults, docs: object, field: str = "dayparts") -> tuple[Daypart, ...]:
    """Windows of the local day, none of which is empty or overlaps another."""
    if docs is None:
        return ()
    if not faults.check(_is_list(docs), field, "must be a list"):
        return ()
    listed = list(docs)  # type: ignore[call-overload]
    faults.check(len(listed) <= MOST_DAYPARTS, field, f"may hold at most {MOST_DAYPARTS}")
    found = [one for place, doc in enumerate(listed) if (one := _daypart(faults, doc, f"{field}[{place}]"))]
    if len(found) == len(listed) <= MOST_DAYPARTS:
        for place, one in enumerate(found):
            for earlier, other in enumerate(found[:place]):
                faults.check(not overlap(other, one), f"{field}[{place}]", f"overlaps {field}[{earlier}]")
    return tuple(found)


PARTS = ("days", "from", "to", "first_date", "last_date")


def _daypart(faults: Faults, doc: object, field: str) -> Daypart | None:
    if not isinstance(doc, Mapping):
        faults.add(field, "must be an object")
        return None
    before = len(faults.errors)
    for key in sorted(set(map(str, doc)) - set(PARTS)):
        faults.add(f"{field}.{key}", "is not known; allowed: " + ", ".join(PARTS))
    days = _values(faults, doc.get("days"), f"{field}.days", DAYS)
    start = _read(faults, doc.get("from", "00:00"), f"{field}.from", minute_of, "must be a time as 07:00")
    end = _read(faults, doc.get("to", "24:00"), f"{field}.to", minute_of, "must be a time as 09:00, at most 24:00")
    first = _read(faults, doc.get("first_date"), f"{field}.first_date", _date, "must be a date as 2026-12-31")
    last = _read(faults, doc.get("last_date"), f"{field}.last_date", _date, "must be a date as 2026-12-31")
    if start is not None and end is not None:
        faults.check(start < MINUTES_A_DAY, f"{field}.from", "must be before 24:00")
        faults.check(start != end, f"{field}.to", "must differ from the start; a whole day is 00:00 to 24:00")
    if first and last:
        faults.check(first <= last, f"{field}.last_date", "must not be before the first day")
    if len(faults.errors) > before or start is None or end is None:
        return None
    return Daypart(start, end, tuple(day for day in DAYS if day in days), first, last)


def _read(faults: Faults, value: object, field: str, read: Callable[[str], T | None], message: str) -> T | None:
    if value is None:
        return None
    found = read(value) if isinstance(value, str) else None
    faults.check(found is not None, field, message)
    return found


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        return None


def holiday(faults: Faults, doc: Mapping[str, Any]) -> Holiday:
    """An entry of the calendar of days that are not as others."""
    title = name(faults, doc.get("name"))
    first = _read(faults, doc.get("first") or "", "first", _date, "must be a date as 2027-02-05")
    last = _read(faults, doc.get("last") or doc.get("first") or "", "last", _date, "must be a date as 2027-02-11")
    if first and last:
        faults.check(first <= last, "last", "must not be before the first day")
        faults.check((last - first).days < 60, "last", "must lie within sixty days of the first")
    today = date.min
    return Holiday(title, first or today, last or today, str(doc.get("area") or ""))


def weight(faults: Faults, value: object) -> int:
    """The share of air time among equals."""
    return _whole(faults, value, "weight", 1, 100)


def priority(faults: Faults, value: str) -> str:
    """One of three named levels."""
    faults.check(value in PRIORITIES, "priority", "must be one of filler, normal, important")
    return value


def cap(faults: Faults, value: object) -> int | None:
    """The most plays in any hour."""
    return None if value is None else _whole(faults, value, "max_plays_per_hour", 1, 3_600)


def _whole(faults: Faults, value: object, field: str, least: int, most: int) -> int:
    right = isinstance(value, int) and not isinstance(value, bool) and least <= value <= most
    faults.check(right, field, f"must be a whole number from {least} to {most}")
    return value if right else least  # type: ignore[return-value]


def creatives(faults: Faults, value: object, field: str = "creatives") -> tuple[str, ...]:
    """Ids of what to show, each once."""
    found = _values(faults, value, field, None)
    faults.check(0 < len(found) <= 100, field, "must name 1 to 100 creatives")
    return found


def arms(faults: Faults, docs: object, field: str = "variants") -> tuple[Arm, ...]:
    """The variants of an experiment: none, or at least two."""
    if not docs:
        return ()
    if not faults.check(_is_list(docs) and 2 <= len(docs) <= 10, field, "must be a list of 2 to 10 variants"):  # type: ignore[arg-type]
        return ()
    found = [_arm(faults, doc, f"{field}[{place}]") for place, doc in enumerate(docs)]  # type: ignore[arg-type, var-annotated]
    names = [one.name for one in found]
    faults.check(len(set(names)) == len(names), field, "must have names that differ")
    return tuple(found)


def _arm(faults: Faults, doc: object, field: str) -> Arm:
    if not isinstance(doc, Mapping):
        faults.add(field, "must be an object")
        return Arm("", ())
    for key in sorted(set(map(str, doc)) - {"name", "creatives", "share"}):
        faults.add(f"{field}.{key}", "is not known; allowed: name, creatives, share")
    return Arm(
        name(faults, doc.get("name"), f"{field}.name"),
        creatives(faults, doc.get("creatives"), f"{field}.creatives"),
        _whole(faults, doc.get("share", 1), f"{field}.share", 1, 100),
    )


def on_holidays(faults: Faults, value: str) -> str:
    """What a placement does on the calendar's days."""
    faults.check(value in ("play", "skip", "only"), "on_holidays", "must be one of play, skip, only")
    return value


def target_doc(one: Target) -> dict[str, Any]:
    """The document that reads as this target."""
    doc: dict[str, Any] = {kind: list(values) for kind, values in one.conditions() if values}
    if one.any_of:
        doc["any"] = [target_doc(inner) for inner in one.any_of]
    if one.not_ is not None:
        doc["not"] = target_doc(one.not_)
    return doc


def daypart_doc(one: Daypart) -> dict[str, Any]:
    """The document that reads as this daypart."""
    doc: dict[str, Any] = {"days": list(one.days), "from": clock_of(one.start), "to": clock_of(one.end)}
    if one.first_date:
        doc["first_date"] = one.first_date.isoformat()
    if one.last_date:
        doc["last_date"] = one.last_date.isoformat()
    return doc


def arm_doc(one: Arm) -> dict[str, Any]:
    """The document that reads as this variant."""
    return {"name": one.name, "creatives": list(one.creatives), "share": one.share}
