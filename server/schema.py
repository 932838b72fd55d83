"""The tables, brought up to what this version needs, one start at a time."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Engine, NullPool, create_engine, event, make_url, text

from core.db import sqlite_module
from core.later import later

if TYPE_CHECKING:
    from alembic import command, config, script
else:  # web workers know this module too, and migrate nothing
    command, config, script = (later(f"alembic.{part}") for part in ("command", "config", "script"))

MIGRATIONS = Path(__file__).resolve().parent.parent / "migrations"
PATIENCE_MS = 300_000  # another start's revisions may have a year of rows to rewrite
LOOK_EVERY_MS = 50
LOCK = 7_305_810  # any number that no other program on the same PostgreSQL takes for its advisory lock


def upgrade(url: str) -> None:
    """Runs the revisions that this database has not seen, all in one transaction; waits for another start's."""
    with _connected(url) as connection:
        command.upgrade(_config(connection), "head")


def revise(message: str) -> Path:
    """Writes a revision from what the models have beyond the revisions so far; the file. It wants to be read."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/empty.db"
        upgrade(url)
        with _connected(url) as connection:
            found = _config(connection)
            number = len(list(script.ScriptDirectory.from_config(found).walk_revisions())) + 1
            made = command.revision(found, message, autogenerate=True, rev_id=f"{number:04d}")
    return Path(made.path)  # type: ignore[union-attr]


def _config(connection: Connection) -> config.Config:
    made = config.Config(attributes={"connection": connection})
    made.set_main_option("script_location", str(MIGRATIONS))
    made.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    return made


@contextmanager
def _connected(url: str) -> Iterator[Connection]:
    """A connection in a transaction that nobody else can be in at the same time."""
    engine = _sqlite(url) if make_url(url).get_backend_name() == "sqlite" else create_engine(url, poolclass=NullPool)
    try:
        with engine.begin() as connection:
            if engine.dialect.name == "postgresql":
                connection.execute(text(f"SELECT pg_advisory_xact_lock({LOCK})"))
            yield connection
    finally:
        engine.dispose()


def _sqlite(url: str) -> Engine:
    """Foreign keys stay off: a table that is made anew takes its rows along, and its rows' children stay."""
    engine = create_engine(url, module=sqlite_module(), poolclass=NullPool)

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _: object) -> None:
        connection.isolation_level = None
        connection.execute(f"PRAGMA busy_timeout = {PATIENCE_MS}")
        _keep_wal(connection)
        connection.execute("PRAGMA synchronous = FULL")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


def _keep_wal(connection: Any) -> None:
    """Switches to WAL. Two starts that do so at once are told of a lock by SQLite without its waiting: wait here."""
    for tries_left in range(PATIENCE_MS // LOOK_EVERY_MS, -1, -1):
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite_module().OperationalError as error:
            if "locked" not in str(error) or not tries_left:
                raise
            time.sleep(LOOK_EVERY_MS / 1000)
