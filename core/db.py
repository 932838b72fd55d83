"""The database: SQLite in WAL mode or PostgreSQL, read by many, written through one thread.

Reading opens a short transaction that cannot write. Writing hands a function to the process's one writer, a
native thread that runs whatever waits and commits once for all of them. A caller of :meth:`Database.write` returns
after the commit, so what is acknowledged is durable.
"""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import ModuleType
from typing import Any, TypeVar

import msgspec
from sqlalchemy import (
    BigInteger,
    Dialect,
    Engine,
    Integer,
    MetaData,
    Text,
    TypeDecorator,
    create_engine,
    event,
    make_url,
)
from sqlalchemy.orm import DeclarativeBase, Session

from core.writer import Together, Writer

T = TypeVar("T")
A = TypeVar("A")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
BUSY_TIMEOUT_MS = 10_000
CHECKPOINT_PAGES = 4_000  # 16 MB: each checkpoint waits for the disk twice more, and whoever commits waits with it
_MS = timedelta(milliseconds=1)

BigInt = BigInteger().with_variant(Integer(), "sqlite")  # SQLite's integers hold 64 bits; only INTEGER may be a row id


class Base(DeclarativeBase):
    """The one declarative base; the convention lets migrations name every constraint."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


def to_ms(moment: datetime) -> int:
    """Milliseconds since 1970 of an aware moment, exactly."""
    return (moment - EPOCH) // _MS


def from_ms(ms: int) -> datetime:
    """The aware UTC moment."""
    return EPOCH + ms * _MS


class Instant(TypeDecorator[datetime]):
    """An aware moment, kept as milliseconds since 1970: the same and sortable in both engines."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        return None if value is None else to_ms(value)

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:
        return None if value is None else from_ms(value)


class JsonDoc(TypeDecorator[Any]):
    """A document, kept as JSON text with sorted keys, so that equal documents are equal bytes."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        return None if value is None else msgspec.json.encode(value, order="deterministic").decode()

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        return None if value is None else msgspec.json.decode(value)


class Database:
    """One database, by URL; cheap to make, connects at first use."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._reader = _engine(url, for_writing=False)
        self.engine = _engine(url, for_writing=True)
        self._writer = Writer(self.engine, _gate(url))

    @property
    def dialect(self) -> str:
        """``sqlite`` or ``postgresql``."""
        return self.engine.dialect.name

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A session in a transaction of its own that cannot write."""
        with Session(self._reader, expire_on_commit=False) as session:
            yield session

    def write(self, work: Callable[[Session], T]) -> T:
        """Runs ``work`` in the writer and returns after its commit; an exception undoes ``work`` alone.

        Raises what ``work`` raised, or Busy or StorageFull where the database could not take it.
        """
        return self._writer.run(work)

    def copy_to(self, file: Path) -> None:
        """A copy as of one moment, while others read and write (SQLite's online backup).

        Raises LookupError on PostgreSQL, which has tools of its own.
        """
        if self.dialect != "sqlite":
            raise LookupError("PostgreSQL is copied with pg_dump")
        with closing(sqlite_module().connect(file)) as target, self._reader.connect() as source:
            source.connection.driver_connection.backup(target)  # type: ignore[union-attr]

    def write_together(self, work: Together[A, T], item: A) -> T:
        """For what many bring at once: ``work`` writes all items that wait for it in shared statements.

        It returns a result or an error for each item. Returns or raises this item's after the commit, or raises as
        :meth:`write` does. Give the same function each time: items are put together by it.
        """
        return self._writer.run_together(work, item)

    def close(self) -> None:
        """Ends the writer and every connection."""
        self._writer.close()
        self._reader.dispose()
        self.engine.dispose()


def _gate(url: str) -> Path | None:
    """The file by which processes that write the same SQLite file take turns."""
    parts = make_url(url)
    file = parts.database if parts.get_backend_name() == "sqlite" else None
    return Path(f"{file}-turn") if file and file != ":memory:" else None


def sqlite_module() -> ModuleType:
    """The SQLite to use: pysqlite3, whose build is free of the WAL-reset bug, or the standard library's."""
    try:
        import pysqlite3  # type: ignore[import-untyped]
    except ImportError:
        return sqlite3
    return pysqlite3  # type: ignore[no-any-return]


def _engine(url: str, *, for_writing: bool) -> Engine:
    if make_url(url).get_backend_name() == "sqlite":
        return _sqlite(url, for_writing)
    options: dict[str, Any] = {} if for_writing else {"execution_options": {"postgresql_readonly": True}}
    url = url.replace("postgresql://", "postgresql+psycopg://", 1)
    return create_engine(url, pool_pre_ping=True, pool_size=1 if for_writing else 10, **options)


def _sqlite(url: str, for_writing: bool) -> Engine:
    engine = create_engine(
        url,
        module=sqlite_module(),
        pool_size=1 if for_writing else 10,
        max_overflow=0 if for_writing else 20,
        connect_args={"check_same_thread": False},
    )
    begin = "BEGIN IMMEDIATE" if for_writing else "BEGIN"

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _: object) -> None:
        connection.isolation_level = None  # we begin transactions ourselves
        connection.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute(f"PRAGMA wal_autocheckpoint = {CHECKPOINT_PAGES}")
        if not for_writing:
            connection.execute("PRAGMA query_only = ON")

    @event.listens_for(engine, "begin")
    def start(connection: Any) -> None:
        connection.exec_driver_sql(begin)

    return engine
