"""The smallest true world of this room: some pictures, a store, an application with its doors."""

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image

from core.http import install_errors
from core.services import Services, attach
from media import views
from media.shelf import Draft
from media.store import Store, store_of
from tests.media.pictures import landscape


@pytest.fixture
def store(services: Services) -> Store:
    return store_of(services.settings)


@pytest.fixture
def client(services: Services) -> FlaskClient:
    app = Flask("media")
    attach(app, services)
    install_errors(app)
    app.register_blueprint(views.blueprint)
    return app.test_client()


@pytest.fixture(scope="session")
def photo() -> Image.Image:
    return landscape(1600, 1200)


@pytest.fixture
def draft(store: Store) -> Callable[[bytes], Draft]:
    """A file that has just been uploaded."""

    def make(content: bytes) -> Draft:
        made = Draft(store.drafts)
        made.write(content)
        return made

    return make


def files_in(folder: Path) -> list[str]:
    """Every file below a folder, by name."""
    return sorted(file.name for file in folder.rglob("*") if file.is_file())


def encoded(image: Image.Image, form: str, **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, form, **options)
    return out.getvalue()
