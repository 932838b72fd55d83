"""Migrations lead from nothing to exactly what the models say, on both engines."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, inspect, select, text

from core.db import Base, Database, sqlite_module
from measure.metrics import METRICS
from measure.models import DekadCount
from server import schema
from server.rooms import load_tables
from tests.support.engines import make_tables

MIGRATED_TWICE = "SELECT count(*) FROM alembic_version"


@pytest.fixture(params=["sqlite", "postgresql"])
def bare_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database without any table."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/bare.db"
    else:
        with request.getfixturevalue("postgres_server").bare_database() as url:
            yield url


def connect(url: str):
    return create_engine(url, module=sqlite_module()) if url.startswith("sqlite") else create_engine(url)


def triggers(url: str) -> set[str]:
    """The names of all triggers of ours."""
    query = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    if not url.startswith("sqlite"):
        query = "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
    engine = connect(url)
    with engine.connect() as connection:
        found = set(connection.scalars(text(query)))
    engine.dispose()
    return found


def test_it_works(bare_url: str) -> None:
    schema.upgrade(bare_url)
    load_tables()
    engine = connect(bare_url)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        differences = compare_metadata(context, Base.metadata)
    engine.dispose()
    assert not differences, 'models and migrations differ; run: make migration m="what changes"'


def test_triggers_come_along(bare_url: str, tmp_path: Path) -> None:
    schema.upgrade(bare_url)
    migrated = triggers(bare_url)
    assert migrated
    if bare_url.startswith("sqlite"):
        made = f"sqlite:///{tmp_path}/made.db"
        make_tables(made)
        assert migrated == triggers(made)


def test_a_second_start_changes_nothing(bare_url: str) -> None:
    schema.upgrade(bare_url)
    schema.upgrade(bare_url)
    db = Database(bare_url)
    with db.read() as s:
        assert s.scalar(text(MIGRATED_TWICE)) == 1
    db.close()


def test_starts_at_the_same_time_wait_for_each_other(bare_url: str) -> None:
    failures: list[BaseException] = []

    def start() -> None:
        try:
            schema.upgrade(bare_url)
        except BaseException as error:  # noqa: BLE001 - a thread's error is told to the test
            failures.append(error)

    threads = [threading.Thread(target=start) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures


def test_thirds_of_a_month_are_made_of_the_days_that_are_there(bare_url: str) -> None:
    days = ("2026-02-10", "2026-02-11", "2026-02-20", "2026-02-21", "2026-02-28")
    with schema._connected(bare_url) as connection:
        command.upgrade(schema._config(connection), "0012")
        names = ", ".join((*METRICS, "late"))
        for day in days:
            ones = ", ".join("1" for _ in (*METRICS, "late"))
            into = f"INSERT INTO day_count (local_date, location, campaign, area_path, {names})"
            connection.execute(text(f"{into} VALUES ('{day}', 'ben-xe', 'c', '/93/', {ones})"))
    schema.upgrade(bare_url)
    db = Database(bare_url)
    with db.read() as s:
        found = {(str(row.dekad), row.plays, row.late) for row in s.scalars(select(DekadCount))}
    db.close()
    assert found == {("2026-02-01", 1, 1), ("2026-02-11", 2, 2), ("2026-02-21", 2, 2)}


def test_a_failing_revision_leaves_nothing_behind(
    bare_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    versions = tmp_path / "migrations" / "versions"
    versions.mkdir(parents=True)
    (versions.parent / "env.py").write_text((schema.MIGRATIONS / "env.py").read_text())
    (versions / "0001_breaks.py").write_text(
        "from alembic import op\nrevision, down_revision = '0001', None\n"
        "def upgrade():\n    op.execute('CREATE TABLE half (id INTEGER)')\n    op.execute('THIS IS NOT SQL')\n"
    )
    monkeypatch.setattr(schema, "MIGRATIONS", versions.parent)
    with pytest.raises(Exception, match="THIS IS NOT SQL"):
        schema.upgrade(bare_url)
    engine = connect(bare_url)
    assert inspect(engine).get_table_names() == []
    engine.dispose()
