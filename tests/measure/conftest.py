"""The doors of tracked links, without the rest of the house."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from core import http, i18n
from core.services import Services, attach
from measure.views import blueprint


@pytest.fixture
def client(services: Services) -> Iterator[FlaskClient]:
    app = Flask("measure-tests", template_folder=str(Path(http.__file__).parent / "templates"))
    http.install_errors(app)
    i18n.install(app)
    attach(app, replace(services, settings=replace(services.settings, public_url="https://go.example.vn")))
    app.register_blueprint(blueprint)
    with app.test_client() as client:
        yield client
