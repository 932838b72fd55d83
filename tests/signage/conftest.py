"""The whole application over an empty database, on both engines."""

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from core.services import Services
from server.app import create_app
from signage.desk import Desk, desk
from tests.signage.world import Player, hang, make_world


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
