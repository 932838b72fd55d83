"""Many rows in one statement, past any mapper: for the ledger, where every microsecond is paid a million times."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import chain
from typing import Any

from sqlalchemy import CursorResult
from sqlalchemy.orm import DeclarativeBase, Session

AT_ONCE = (128, 64, 32, 16, 8, 4, 2, 1)  # rows in a statement: few texts, so that each is parsed once and kept


def is_sqlite(s: Session) -> bool:
    """Whether this session speaks to SQLite."""
    return s.get_bind().dialect.name == "sqlite"


def in_rows(
    s: Session, statement: str, rows: Sequence[Sequence[Any]], types: Sequence[str] = ()
) -> Iterator[CursorResult[Any]]:
    """Runs a statement that has ``{rows}`` in the place of its VALUES on many rows at once, past any mapper.

    ``types``: those of the columns, where the statement does not tell them. Each step of a statement lets other
    threads in, and they may keep the interpreter for milliseconds: so there are few.
    """
    mark = "?" if is_sqlite(s) else "%s"
    marks = tuple(f"CAST({mark} AS {one})" for one in types) or (mark,) * (len(rows[0]) if rows else 0)
    done = 0
    while done < len(rows):
        many = next(size for size in AT_ONCE if size <= len(rows) - done)
        values = tuple(chain.from_iterable(rows[done : done + many]))
        yield s.connection().exec_driver_sql(_with_rows(statement, marks, many), values)
        done += many


def of_keys(s: Session, query: str, keys: Sequence[str], *more: Any) -> Iterator[Any]:
    """The rows of a query that has ``IN {keys}`` and then a ``{mark}`` for each of ``more``.

    The last key is said again until their number is one of few, so that each text is parsed once and kept.
    """
    mark = "?" if is_sqlite(s) else "%s"
    while keys:
        many = next((size for size in reversed(AT_ONCE) if size >= len(keys)), AT_ONCE[0])
        some, keys = [*keys[:many], *[keys[-1]] * (many - len(keys))], keys[many:]
        text = query.format(keys=f"({', '.join([mark] * many)})", mark=mark)
        yield from s.connection().exec_driver_sql(text, (*some, *more))


@lru_cache(maxsize=500)
def _with_rows(statement: str, marks: tuple[str, ...], rows: int) -> str:
    return statement.format(rows=", ".join([f"({', '.join(marks)})"] * rows))


def put(
    s: Session, model: type[DeclarativeBase], columns: Sequence[str], rows: Sequence[Sequence[Any]], *, new: bool = True
) -> None:
    """Inserts rows of these columns. They are all ``new``, or those that are there already stay as they are."""
    kept = "" if new else " ON CONFLICT DO NOTHING"
    statement = f"INSERT INTO {model.__tablename__} ({', '.join(columns)}) VALUES {{rows}}{kept}"
    for _ in in_rows(s, statement, rows):
        pass


def add_up(
    s: Session, model: type[DeclarativeBase], columns: Sequence[str], rows: Sequence[Sequence[Any]], sums: Sequence[str]
) -> None:
    """Inserts rows, or adds the columns named by ``sums`` to those that are there."""
    table = model.__tablename__
    _meet(s, model, columns, rows, [f"{name} = {table}.{name} + excluded.{name}" for name in sums])


def put_in_place(
    s: Session, model: type[DeclarativeBase], columns: Sequence[str], rows: Sequence[Sequence[Any]]
) -> None:
    """Inserts rows, or puts them in the place of those with the same key."""
    keys = {column.name for column in model.__table__.primary_key}
    _meet(s, model, columns, rows, [f"{name} = excluded.{name}" for name in columns if name not in keys])


def _meet(
    s: Session, model: type[DeclarativeBase], columns: Sequence[str], rows: Sequence[Sequence[Any]], changes: list[str]
) -> None:
    """Inserts rows; those that meet one with their key make these changes to it instead."""
    keys = ", ".join(column.name for column in model.__table__.primary_key)
    into = f"INSERT INTO {model.__tablename__} ({', '.join(columns)}) VALUES {{rows}}"
    for _ in in_rows(s, f"{into} ON CONFLICT ({keys}) DO UPDATE SET {', '.join(changes)}", rows):
        pass
