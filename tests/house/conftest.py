"""The house's own rules do not depend on the engine: SQLite is enough."""

import shutil
from pathlib import Path

import pytest


@pytest.fixture
def database_url(sqlite_template: Path, tmp_path: Path) -> str:
    """An empty SQLite database with all tables."""
    shutil.copy(sqlite_template, tmp_path / "bangtin.db")
    return f"sqlite:///{tmp_path / 'bangtin.db'}"
