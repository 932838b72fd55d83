"""The doors of tracked links, under a public address of their own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask.testing import FlaskClient

from core.services import Services
from server.app import create_app


@pytest.fixture
def client(services: Services) -> Iterator[FlaskClient]:
    settings = replace(services.settings, public_url="https://go.example.vn")
    with create_app(services=replace(services, settings=settings)).test_client() as client:
        yield client
