"""The whole application over an empty database, on both engines."""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser, Page

from core.services import Services, make_services
from core.settings import load_settings
from media.actions import want_shape
from server.app import create_app
from signage.desk import Desk, desk
from tests.signage.kiosk import SIZE, FastClock, House
from tests.signage.world import Player, hang, make_world
from tests.support.browser import chromium


@pytest.fixture
def app(services: Services) -> Flask:
    return create_app(services.settings, services)


@pytest.fixture
def client(app: Flask) -> Iterator[FlaskClient]:
    with app.test_client() as client:
        yield client


@pytest.fixture
def world(services: Services) -> Services:
    """The services, with a place and a campaign in the database."""
    now = services.clock.now()
    services.db.write(lambda s: make_world(s, now))
    return services


@pytest.fixture
def player(world: Services, client: FlaskClient) -> Player:
    """A screen in the office building."""
    return hang(world, client)


@pytest.fixture
def counter(app: Flask) -> Desk:
    """The desk behind the player doors."""
    with app.app_context():
        return desk()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium("--host-resolver-rules=MAP panel.test 127.0.0.1") as opened:
        yield opened


@pytest.fixture(scope="module")
def blank() -> Iterator[Page]:
    """A page of an origin of its own, with nothing in it."""
    with chromium() as opened:
        page = opened.new_page()
        page.route(
            "http://localhost/**", lambda route: route.fulfill(body="<title>x</title>", content_type="text/html")
        )
        yield page


def services_in(folder: Path) -> Services:
    """Services over a SQLite of their own: what a player does is the same on either engine."""
    settings = {
        "BANGTIN_DATA_DIR": str(folder),
        "BANGTIN_DATABASE_URL": f"sqlite:///{folder}/bangtin.db",
        "BANGTIN_DEMO": "0",
    }
    return make_services(load_settings(settings))


class Stock(NamedTuple):
    """A data folder in which all is drawn, and the creatives by colour."""

    folder: Path
    ids: dict[str, str]


@pytest.fixture(scope="session")
def stock(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Stock:
    """Drawn once; each test takes a copy."""
    folder = tmp_path_factory.mktemp("stock")
    shutil.copy(sqlite_template, folder / "bangtin.db")
    services = services_in(folder)
    house = House(services, FastClock(datetime.now(UTC)))
    ids = house.furnish("red", "green", "purple", seconds=3)
    services.db.write(lambda s: want_shape(s, *SIZE, house.clock.now()))
    house.draw()
    services.db.close()
    return Stock(folder, ids)


@pytest.fixture
def fresh(tmp_path: Path, stock: Stock) -> Iterator[Services]:
    """A copy of the stock."""
    made = services_in(Path(shutil.copytree(stock.folder, tmp_path / "data")))
    yield made
    made.db.close()


@pytest.fixture
def ids(stock: Stock) -> dict[str, str]:
    return stock.ids
