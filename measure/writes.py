"""The statements that write facts and counts: one statement a batch, in both engines."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import DeclarativeBase, Session

from measure.metrics import METRICS, Tally, What, by_day, digest_id
from measure.models import DayCount, HourlyCount, MonthCount, Slice

Row = Mapping[str, Any]


def _insert(s: Session, model: type[DeclarativeBase]) -> Any:
    table = model.__table__
    assert isinstance(table, Table)
    dialect = sqlite if s.get_bind().dialect.name == "sqlite" else postgresql
    return dialect.insert(table)


def insert_new(s: Session, model: type[DeclarativeBase], rows: Sequence[Row]) -> None:
    """Inserts those of the rows whose key is not there yet."""
    if rows:
        s.connection().execute(_insert(s, model).on_conflict_do_nothing(), list(rows))


def insert_once(s: Session, model: type[DeclarativeBase], row: Row) -> bool:
    """Inserts the row; False, and nothing done, where its key is there already."""
    statement = _insert(s, model).on_conflict_do_nothing().returning(*model.__table__.primary_key)
    return s.connection().execute(statement, dict(row)).first() is not None


def insert_all(s: Session, model: type[DeclarativeBase], rows: Sequence[Row]) -> None:
    """Inserts rows that must be new."""
    if rows:
        s.connection().execute(_insert(s, model), list(rows))


def add_up(s: Session, model: type[DeclarativeBase], rows: Sequence[Row], columns: Iterable[str]) -> None:
    """Inserts the rows, or adds the named columns to those that are there."""
    if not rows:
        return
    statement = _insert(s, model)
    table = model.__table__
    sums = {name: table.c[name] + statement.excluded[name] for name in columns}
    keys = [column.name for column in table.primary_key]
    s.connection().execute(statement.on_conflict_do_update(index_elements=keys, set_=sums), list(rows))


def raise_to(s: Session, model: type[DeclarativeBase], rows: Sequence[Row], column: str) -> None:
    """Inserts the rows, or raises one column of those that are there to the new value if that is higher."""
    statement = _insert(s, model)
    table = model.__table__
    keys = [each.name for each in table.primary_key]
    new = statement.excluded[column]
    higher = statement.on_conflict_do_update(index_elements=keys, set_={column: new}, where=table.c[column] < new)
    s.connection().execute(higher, list(rows))


def add_or_replace(s: Session, model: type[DeclarativeBase], rows: Sequence[Row]) -> None:
    """Inserts the rows, or puts them in the place of those with the same key."""
    statement = _insert(s, model)
    table = model.__table__
    keys = [column.name for column in table.primary_key]
    values = {column.name: statement.excluded[column.name] for column in table.columns if column.name not in keys}
    s.connection().execute(statement.on_conflict_do_update(index_elements=keys, set_=values), list(rows))


def slice_id(what: What) -> int:
    """The id of the slice that counts this."""
    return digest_id(what)


def add_tally(s: Session, tally: Tally) -> None:
    """Adds a tally to the rollups of hour, day and month. Rows go in key order, so that writers never cross."""
    cells = sorted((cell.hour_ms, slice_id(cell.what), cell) for cell in tally.counts)
    slices = {id_: cell.what._asdict() | {"id": id_} for _, id_, cell in cells}
    insert_new(s, Slice, [slices[id_] for id_ in sorted(slices)])
    hours = [
        {"hour": hour, "slice": id_, "local_date": cell.day, "n": tally.counts[cell], "late": tally.late[cell]}
        for hour, id_, cell in cells
    ]
    add_up(s, HourlyCount, hours, ("n", "late"))
    _add_days_and_months(s, tally)


def _add_days_and_months(s: Session, tally: Tally) -> None:
    days, months = [], []
    for key, counts in sorted(by_day(tally).items()):
        place = {"location": key.location, "campaign": key.campaign, "area_path": key.area_path}
        days.append({"local_date": key.day} | place | counts)
        months.append({"month": key.day.replace(day=1)} | place | counts)
    columns = (*METRICS, "late")
    add_up(s, DayCount, days, columns)
    add_up(s, MonthCount, months, columns)
