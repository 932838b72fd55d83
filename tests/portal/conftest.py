"""Pages do not depend on the engine, so they are tried on SQLite alone; what stores or asks is tried on both."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from portal import memory
from tests.portal.served import Served, environ_of, furnish


@pytest.fixture
def engine() -> str:
    """A module that tries both engines has a fixture of this name of its own, with parameters."""
    return "sqlite"


@pytest.fixture
def database_url(request: pytest.FixtureRequest, tmp_path: Path, engine: str) -> Iterator[str]:
    """The URL of an empty database with all tables."""
    if engine == "sqlite":
        shutil.copy(request.getfixturevalue("sqlite_template"), tmp_path / "bangtin.db")
        yield f"sqlite:///{tmp_path / 'bangtin.db'}"
    else:
        with request.getfixturevalue("postgres_server").database() as url:
            yield url


@pytest.fixture(autouse=True)
def patient(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """However slow the machine is, a test sees what it has just stored; tests of impatience say `impatient`."""
    if "impatient" not in request.fixturenames:
        monkeypatch.setattr(memory, "PATIENCE_S", 10.0)


@pytest.fixture
def impatient() -> None:
    """This test keeps to the true limits."""


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    """The settings of a house with a hotspot and a campaign, in a folder of its own."""
    made = environ_of(tmp_path)
    furnish(made)
    return made


@pytest.fixture
def served(environ: dict[str, str], tmp_path: Path) -> Iterator[Served]:
    """The web server over it, alone."""
    made = Served(tmp_path, "wsgi:app", environ)
    yield made
    made.stop()
