"""A province with two communes, a bus station and a mall, some creatives, and people who may do things there."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.db import Database
from tests.playlists.office import Office, furnish


@pytest.fixture
def office(db: Database) -> Office:
    return furnish(db)


@pytest.fixture
def one_office(sqlite_template: Path, tmp_path: Path) -> Iterator[Office]:
    """On SQLite alone, for refusals that come before any SQL could differ."""
    shutil.copy(sqlite_template, tmp_path / "bangtin.db")
    database = Database(f"sqlite:///{tmp_path / 'bangtin.db'}")
    yield furnish(database)
    database.close()
