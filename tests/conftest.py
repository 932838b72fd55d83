"""What every test may ask for, and how a run ends."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest
from flask import Flask
from flask.testing import FlaskClient

from core.db import Database
from core.services import Services, make_services
from core.settings import Settings, load_settings
from server.app import create_app
from tests.support.clock import FrozenClock
from tests.support.engines import Postgres, make_tables, postgres

LIVE = {"browser", "gateway", "timeout"}  # a real browser, a real gateway, or servers that take their time
# What is found out with made-up inputs does not depend on how busy the machine is.
hypothesis.settings.register_profile("house", hypothesis.settings.default, deadline=None)
hypothesis.settings.load_profile("house")
IN_CI = os.environ.get("CI", "").lower() in ("1", "true", "yes")


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with every table, made once."""
    file = tmp_path_factory.mktemp("template") / "empty.db"
    make_tables(f"sqlite:///{file}")
    return file


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Postgres]:
    """A real PostgreSQL of this run's own.

    Its folder is not one of pytest's: another run that starts meanwhile closes those to every other user.
    """
    with tempfile.TemporaryDirectory(prefix="bangtin-pg-") as folder, postgres(Path(folder)) as server:
        yield server


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of an empty database with all tables: every test that asks runs on both engines."""
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("sqlite_template"), tmp_path / "bangtin.db")
        yield f"sqlite:///{tmp_path / 'bangtin.db'}"
    else:
        with request.getfixturevalue("postgres_server").database() as url:
            yield url


@pytest.fixture
def db(database_url: str) -> Iterator[Database]:
    """An empty database, on both engines in turn."""
    database = Database(database_url)
    yield database
    database.close()


@pytest.fixture
def clock() -> FrozenClock:
    """Nine in the morning in Hậu Giang, until the test moves it."""
    return FrozenClock()


@pytest.fixture
def services(database_url: str, tmp_path: Path, clock: FrozenClock) -> Iterator[Services]:
    """What doors and jobs are handed, over an empty database, on both engines in turn."""
    settings = load_settings(
        {
            "BANGTIN_PUBLIC_URL": "http://localhost:8000",
            "BANGTIN_DATA_DIR": str(tmp_path / "data"),
            "BANGTIN_DATABASE_URL": database_url,
            "BANGTIN_SECRET_KEY": "a key that only the tests know, and that is long enough",
            "BANGTIN_DEMO": "0",
        }
    )
    made = make_services(settings, clock)
    yield made
    made.db.close()


class WholeAnswers(FlaskClient):
    """Reads every answer to its end, so that a file sent is a file closed."""

    def open(self, *args, buffered: bool = True, **kwargs):
        return super().open(*args, buffered=buffered, **kwargs)


@pytest.fixture
def settings(services: Services) -> Settings:
    """The settings of this test's house."""
    return services.settings


@pytest.fixture
def app(services: Services) -> Flask:
    """The whole application: every room's doors, on the frozen clock."""
    made = create_app(services=services)
    made.testing = True
    made.test_client_class = WholeAnswers
    return made


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """Speaks to the application under its own name."""
    return app.test_client()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests that stand on live processes may be met by a busy machine: a second try (a real gateway a third).

    All others have one: what they judge does not depend on the machine. In CI, whose machine is anybody's, they too
    have a second. The end of the run names every test that needed it, to be mended.
    """
    for item in items:
        live = any(mark.name in LIVE for mark in item.iter_markers())
        tries = 2 if item.get_closest_marker("gateway") else int(live or IN_CI)
        if tries:
            item.add_marker(pytest.mark.flaky(reruns=tries))


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """In CI nothing may be left out."""
    if IN_CI and left_out(session.config) and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    reasons = left_out(terminalreporter.config)
    if not reasons:
        return
    terminalreporter.section("left out", sep="=", red=IN_CI, bold=True)
    for reason, count in sorted(reasons.items()):
        terminalreporter.write_line(f"{count} test{'s' if count > 1 else ''} left out: {reason}")
    if IN_CI:
        terminalreporter.write_line("CI=true: a test that is left out is a failure")


def left_out(config: pytest.Config) -> dict[str, int]:
    """Reason → number of tests that were skipped for it. Empty in an xdist worker."""
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    counts: dict[str, int] = {}
    for report in reporter.stats.get("skipped", []) if reporter else []:
        reason = report.longrepr[2].removeprefix("Skipped: ") if isinstance(report.longrepr, tuple) else "expected"
        counts[reason] = counts.get(reason, 0) + 1
    return counts
