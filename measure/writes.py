"""The statements that write facts and counts: one statement a batch, in both engines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import DeclarativeBase, Session

from measure.metrics import METRICS, DayKey, Tally, What, by_day, by_period, digest_id
from measure.models import DayCount, DekadCount, HourlyCount, MonthCount, Slice
from measure.rows import add_up, put
from measure.spans import Grain

Row = Mapping[str, Any]


Model = type[DeclarativeBase]


def _insert(model: Model, dialect: str) -> Any:
    table = model.__table__
    assert isinstance(table, Table)
    return (sqlite if dialect == "sqlite" else postgresql).insert(table)


def _dialect(s: Session) -> str:
    return s.get_bind().dialect.name


@cache
def _unless_there(model: Model, dialect: str) -> Any:
    return _insert(model, dialect).on_conflict_do_nothing()


@cache
def _unless_there_telling(model: Model, dialect: str) -> Any:
    return _unless_there(model, dialect).returning(*model.__table__.primary_key)


@cache
def _raising(model: Model, dialect: str, column: str) -> Any:
    statement, table = _insert(model, dialect), model.__table__
    keys, new = [each.name for each in table.primary_key], statement.excluded[column]
    return statement.on_conflict_do_update(index_elements=keys, set_={column: new}, where=table.c[column] < new)


def insert_new(s: Session, model: Model, rows: Sequence[Row]) -> None:
    """Inserts those of the rows whose key is not there yet."""
    if rows:
        s.connection().execute(_unless_there(model, _dialect(s)), list(rows))


def insert_once(s: Session, model: Model, row: Row) -> bool:
    """Inserts the row; False, and nothing done, where its key is there already."""
    return s.connection().execute(_unless_there_telling(model, _dialect(s)), dict(row)).first() is not None


def insert_fresh(s: Session, model: Model, rows: Sequence[Row]) -> set[tuple[Any, ...]]:
    """Inserts those of the rows whose key is not there yet, in one statement; returns the keys that were new."""
    if not rows:
        return set()
    return {tuple(key) for key in s.connection().execute(_unless_there_telling(model, _dialect(s)), list(rows))}


def insert_all(s: Session, model: Model, rows: Sequence[Row]) -> None:
    """Inserts rows that must be new."""
    if rows:
        s.connection().execute(_insert(model, _dialect(s)), list(rows))


def raise_to(s: Session, model: Model, rows: Sequence[Row], column: str) -> None:
    """Inserts the rows, or raises one column of those that are there to the new value if that is higher."""
    s.connection().execute(_raising(model, _dialect(s), column), list(rows))


@lru_cache(maxsize=65_536)
def slice_id(what: What) -> int:
    """The id of the slice that counts this."""
    return digest_id(what)


def add_tally(s: Session, tally: Tally) -> None:
    """Adds a tally to the rollups of hour, day, dekad and month. Rows go in key order, so that writers never cross."""
    cells = sorted((cell.hour_ms, slice_id(cell.what), cell, n) for cell, n in tally.cells.items())
    slices = {id_: (id_, *cell.what) for _, id_, cell, _ in cells}
    put(s, Slice, ("id", *What._fields), [slices[id_] for id_ in sorted(slices)], new=False)
    hours = [(hour, id_, cell.day.isoformat(), *n) for hour, id_, cell, n in cells]
    add_up(s, HourlyCount, ("hour", "slice", "local_date", "n", "late"), hours, ("n", "late"))
    days = by_day(tally)
    _add_totals(s, DayCount, "local_date", days)
    _add_totals(s, DekadCount, "dekad", by_period(days, Grain.DEKAD))
    _add_totals(s, MonthCount, "month", by_period(days, Grain.MONTH))


def _add_totals(
    s: Session,
    model: type[DayCount | DekadCount | MonthCount],
    period: str,
    totals: Mapping[DayKey, Mapping[str, int]],
) -> None:
    names = (*METRICS, "late")
    rows = [
        (key.day.isoformat(), key.location, key.campaign, key.area_path, *(counts[name] for name in names))
        for key, counts in sorted(totals.items())
    ]
    sums = [name for name in names if any(counts[name] for counts in totals.values())]
    add_up(s, model, (period, "location", "campaign", "area_path", *names), rows, sums or names[:1])
