"""Different people a day: told apart by a token or a gateway's session, under a salt that dies with the day.

Behind one station's wifi all phones share an address, so addresses would hide nine of ten people; they are not used.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Select, delete, func, literal, select, update
from sqlalchemy.orm import Session

from core.paths import ROOT, below
from measure.hll import STANDARD_ERROR, estimate, merge, pack, touch, unpack
from measure.hours import day_bounds_ms
from measure.links import DEFAULT_TIMEZONE
from measure.models import DailySalt, Link, Scan, Sketch, SketchRegister
from measure.rows import of_keys, put_in_place
from measure.writes import insert_new, raise_to

# What was counted, and how people were told apart: a token of one day in the phone, the gateway's name for the phone
# (its address under a digest of one day), or only the visit, which counts somebody who comes back as a second person.
SCAN_TOKEN, SPLASH_DEVICE, SPLASH_SESSION = "scan:token", "splash:device", "splash:session"
SALT_OUTLIVES_DAY = timedelta(hours=6)


class Place(NamedTuple):
    """Where somebody was, and on which local day."""

    day: date
    location: str
    area_path: str


class Sight(NamedTuple):
    """Somebody was somewhere; `kind` says how `person` tells them apart."""

    place: Place
    kind: str
    person: str


def see(s: Session, place: Place, kind: str, person: str) -> None:
    """Takes a person into the day's sketch. What `person` was is not kept, and after the day cannot be found again."""
    see_all(s, [Sight(place, kind, person)])


def see_all(s: Session, sights: Iterable[Sight]) -> None:
    """The same for many at once; a sight without a person is of nobody."""
    ranks: dict[tuple[Place, str, int], int] = {}
    known = [sight for sight in sights if sight.person]
    salts = {day: salt_of(s, day) for day in sorted({sight.place.day for sight in known})}
    for sight in known:
        touched = touch(sight.person, salts[sight.place.day])
        key = (sight.place, sight.kind, touched.register)
        ranks[key] = max(touched.rank, ranks.get(key, 0))
    rows = [
        place._asdict() | {"kind": kind, "register": register, "rank": rank}
        for (place, kind, register), rank in sorted(ranks.items())
    ]
    if rows:
        raise_to(s, SketchRegister, rows, "rank")


def salt_of(s: Session, day: date) -> bytes:
    """The day's salt, made at the day's first need."""
    salt = _salt_there(s, day)
    if salt is None:
        insert_new(s, DailySalt, [{"day": day, "salt": secrets.token_bytes(32)}])
        salt = _salt_there(s, day)
        assert salt is not None
    return salt


def _salt_there(s: Session, day: date) -> bytes | None:
    """Asked for with every group of scans, so past any mapper."""
    for row in of_keys(s, "SELECT salt FROM daily_salt WHERE day IN {keys}", [day.isoformat()]):
        return bytes(row[0])
    return None


class Uniques(NamedTuple):
    """About how many different people on one day, with the standard error of that estimate."""

    day: date
    kind: str
    estimate: int
    plus_minus: int


def uniques(
    s: Session, first: date, last: date, *, under: Sequence[str] = (ROOT,), locations: Iterable[str] | None = None
) -> list[Uniques]:
    """For each day and kind the number of different people in the whole scope: who was in two wards counts once.

    Days cannot be merged, because each has a salt of its own: their sum is a sum of days, and has to be called so.
    """
    found: dict[tuple[date, str], list[dict[int, int]]] = {}
    for day, kind, sketch in [*_open(s, first, last, under, locations), *_packed(s, first, last, under, locations)]:
        found.setdefault((day, kind), []).append(sketch)
    result = []
    for (day, kind), sketches in sorted(found.items()):
        people = estimate(merge(sketches))
        result.append(Uniques(day, kind, round(people), max(1, round(people * STANDARD_ERROR))))
    return result


_Part = tuple[date, str, dict[int, int]]


def _open(
    s: Session, first: date, last: date, under: Sequence[str], locations: Iterable[str] | None
) -> Iterable[_Part]:
    """Days that still run: the highest ranks, found by the database."""
    parts: dict[tuple[date, str], dict[int, int]] = {}
    for touches in (_splash_touches(), _scan_touches()):
        model = touches.subquery().c
        query = select(model.day, model.kind, model.register, func.max(model.rank))
        query = query.where(model.day.between(first, last), below(model.area_path, under))
        if locations is not None:
            query = query.where(model.location.in_(list(locations)))
        for day, kind, register, rank in s.execute(query.group_by(model.day, model.kind, model.register)):
            parts.setdefault((day, kind), {})[register] = rank
    return [(day, kind, sketch) for (day, kind), sketch in parts.items()]


def _splash_touches() -> Select[date, str, str, str, int, int]:
    each = SketchRegister
    return select(each.day, each.kind, each.location, each.area_path, each.register, each.rank)


def _scan_touches() -> Select[date, str, str, str, int | None, int | None]:
    """What people's scans touch; what turned out to be a flood is not among them."""
    kind = literal(SCAN_TOKEN).label("kind")
    query = select(Scan.local_date.label("day"), kind, Link.location, Scan.area_path, Scan.register, Scan.rank)
    return query.join(Link, Link.code == Scan.code).where(Scan.verdict == "person", Scan.rank.is_not(None))


def _packed(
    s: Session, first: date, last: date, under: Sequence[str], locations: Iterable[str] | None
) -> Iterable[_Part]:
    query = select(Sketch.day, Sketch.kind, Sketch.registers).where(Sketch.day.between(first, last))
    query = query.where(below(Sketch.area_path, under))
    if locations is not None:
        query = query.where(Sketch.location.in_(list(locations)))
    return [(day, kind, unpack(registers)) for day, kind, registers in s.execute(query)]


def close_days(s: Session, now: datetime) -> int:
    """Packs the sketches of days that are over and destroys their salts; returns how many days were closed."""
    over = [day for day in s.scalars(select(DailySalt.day)) if _is_over(day, now)]
    for day in over:
        _pack_day(s, day)
        s.execute(delete(DailySalt).where(DailySalt.day == day))
    return len(over)


def _is_over(day: date, now: datetime) -> bool:
    end_ms = day_bounds_ms(day, DEFAULT_TIMEZONE)[1]
    return now.timestamp() * 1000 >= end_ms + SALT_OUTLIVES_DAY.total_seconds() * 1000


def _pack_day(s: Session, day: date) -> None:
    paths: dict[tuple[str, str], str] = {}  # a place that moved within the day: its people stay together
    sketches: dict[tuple[str, str], list[dict[int, int]]] = {}
    for touches in (_splash_touches(), _scan_touches()):
        model = touches.subquery().c
        keys = (model.location, model.kind, model.area_path, model.register)
        rows = s.execute(select(*keys, func.max(model.rank)).where(model.day == day).group_by(*keys))
        for location, kind, path, register, rank in rows:
            paths[location, kind] = path
            sketches.setdefault((location, kind), []).append({register: rank})
    packed = [(day.isoformat(), *key, paths[key], pack(merge(sketch))) for key, sketch in sorted(sketches.items())]
    put_in_place(s, Sketch, ("day", "location", "kind", "area_path", "registers"), packed)
    s.execute(delete(SketchRegister).where(SketchRegister.day == day))
    s.execute(update(Scan).where(Scan.local_date == day).values(register=None, rank=None))
