"""The verbs of reports: tell installs, add a note, close what is due. No Flask; the caller opens the transaction."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from core.db import to_ms
from core.errors import Invalid
from core.paths import ROOT, within_any
from measure.rows import put_in_place
from places.models import Area
from places.queries import area, areas
from reports.closing import Closing
from reports.models import Installs, Reminder, UnitNote

MOST_REMARK = 4000
POPULATION, OFFICIALS = "population", "officials"


@dataclass(frozen=True, slots=True)
class InstallFact:
    """How many had installed in an area by the end of a day. `line` tells where it stood in what was imported."""

    line: int
    area: str
    day: str
    total: str
    who: str = POPULATION


def import_installs(
    s: Session,
    facts: Iterable[InstallFact],
    *,
    source: str,
    by: str,
    under: tuple[str, ...] = (ROOT,),
    today: date,
    now: datetime,
) -> int:
    """Takes numbers of installs over, all or none; a later number for the same area and day replaces the earlier.

    Raises Invalid naming every line that is wrong. Returns how many were taken.
    """
    known = {each.code: each for each in areas(s)}
    faults: list[tuple[str, str]] = []
    rows: dict[tuple[str, str, str], tuple[object, ...]] = {}
    for fact in facts:
        row, wrong = _read(fact, known, under, today)
        faults += [(f"line {fact.line}: {field}", what) for field, what in wrong]
        if row is not None:
            rows[row[:3]] = (*row, source, by, to_ms(now))
    if not source.strip():
        faults.insert(0, ("source", "must say who counted, or where the number was read"))
    if faults:
        raise Invalid(faults[:50])
    if not rows:
        raise Invalid([("rows", "must have at least one line")])
    put_in_place(s, Installs, ("area", "day", "who", "total", "source", "by", "at"), list(rows.values()))
    return len(rows)


_Row = tuple[str, str, str, int]  # area, day, of whom, how many


def _read(
    fact: InstallFact, known: Mapping[str, Area], under: tuple[str, ...], today: date
) -> tuple[_Row | None, list[tuple[str, str]]]:
    wrong: list[tuple[str, str]] = []
    place = known.get(fact.area.strip())
    if place is None or not within_any(place.path, under):
        wrong.append(("area", f"'{fact.area.strip()[:64]}' is no area of yours"))
    day = _day(fact.day)
    if day is None or day > today:
        wrong.append(("day", "must be a date such as 2026-11-22 or 22/11/2026, not in the future"))
    total = _number(fact.total)
    if total is None:
        wrong.append(("total", "must be a whole number, such as 55289 or 55.289"))
    if fact.who not in (POPULATION, OFFICIALS):
        wrong.append(("who", f"must be {POPULATION} or {OFFICIALS}"))
    if place is None or day is None or total is None or wrong:
        return None, wrong
    return (place.code, day.isoformat(), fact.who, total), []


def _day(text: str) -> date | None:
    parts = text.strip()[:10].replace("/", "-").split("-")
    if len(parts) != 3 or not all(part.isascii() and part.isdigit() for part in parts):
        return None
    numbers = [int(part) for part in parts]
    try:
        return date(*(numbers if len(parts[0]) == 4 else reversed(numbers)))
    except ValueError:
        return None


def _number(text: str) -> int | None:
    """Vietnamese and English groups of thousands are read; a fraction or a negative number is none of people."""
    plain = text.strip().removesuffix(".0")
    groups = plain.replace(",", ".").replace(" ", ".").split(".")
    if not all(group.isascii() and group.isdigit() for group in groups):
        return None
    if len(groups) > 1 and any(len(group) != 3 for group in groups[1:]):
        return None
    return int("".join(groups))


def add_note(
    s: Session, area_code: str, day: date, *, remark: str, by_hand: Mapping[str, int], by: str, now: datetime
) -> UnitNote:
    """What a unit adds to its report of a day; writing again changes the words and keeps when it was first there."""
    faults = []
    if len(remark) > MOST_REMARK:
        faults.append(("remark", f"may have {MOST_REMARK} characters"))
    for measure, n in by_hand.items():
        if measure not in {str(number) for number in range(1, 11)} or n < 0:
            faults.append((f"by_hand.{measure}", "must be a measure from 1 to 10 with a number of 0 or more"))
    if area(s, area_code) is None:
        faults.append(("area", "is not known"))
    if faults:
        raise Invalid(faults)
    found = s.get(UnitNote, (area_code, day))
    if found is None:
        found = UnitNote(area=area_code, day=day, first_at=now)
        s.add(found)
    found.remark, found.by_hand, found.by, found.at = remark.strip(), dict(by_hand), by, now
    s.flush()
    return found


def mark_reminded(s: Session, closing: Closing, now: datetime) -> None:
    """That this unit was reminded of this day."""
    s.merge(Reminder(area=closing.area, day=closing.day, at=now))
