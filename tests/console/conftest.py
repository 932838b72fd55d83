"""People at the console: each with a browser of their own, signed in, and the areas they look after."""

import re
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from jinja2 import FileSystemBytecodeCache
from werkzeug.test import TestResponse

from core.services import Services
from people.actions import create_user
from people.actions.signin import open_session
from people.models import User
from people.roles import SYSTEM, Grant
from places import actions as places
from tests.support.engines import first_on_both

PASSWORD = "một câu chỉ mình tôi nghĩ ra"


@pytest.hookimpl(tryfirst=True)
def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    first_on_both(metafunc)


@pytest.fixture(scope="session")
def compiled_templates(tmp_path_factory: pytest.TempPathFactory) -> FileSystemBytecodeCache:
    """Each test has an application of its own; what its templates compile to is the same for all."""
    return FileSystemBytecodeCache(str(tmp_path_factory.mktemp("templates")))


@pytest.fixture
def app(app: Flask, compiled_templates: FileSystemBytecodeCache) -> Flask:
    app.jinja_env.bytecode_cache = compiled_templates
    return app


@dataclass
class Operator:
    """A browser in which someone has signed in."""

    client: FlaskClient
    user: User
    _token: str = ""

    def get(self, path: str, **kwargs: Any) -> TestResponse:
        return self.client.get(f"/console{path}", **kwargs)

    def token(self) -> str:
        """The token in the forms of this session's pages."""
        if not self._token:
            found = re.search(r'name="csrf_token" value="([0-9a-f]+)"', self.get("/account").text)
            assert found, "the page has no form"
            self._token = found[1]
        return self._token

    def post(self, path: str, data: dict[str, Any] | None = None, **kwargs: Any) -> TestResponse:
        """Sends a form as its page would, with the page's token."""
        return self.client.post(f"/console{path}", data={"csrf_token": self.token(), **(data or {})}, **kwargs)

    def follow(self, path: str, data: dict[str, Any] | None = None) -> TestResponse:
        """Sends a form and shows the page that follows."""
        return self.post(path, data, follow_redirects=True)


@pytest.fixture
def areas(services: Services) -> None:
    """Two provinces; the first with a commune and a location in it, the second with a location."""
    now = services.clock.now()

    def make(s: Any) -> None:
        places.create_area(s, code="93", name="Hậu Giang", kind="province", population=733017, now=now)
        places.create_area(s, code="93-VT", name="Vị Thanh", kind="ward", parent="93", now=now)
        places.create_area(s, code="12", name="Lai Châu", kind="province", now=now)
        places.create_location(s, code="BENXE", name="Bến xe Vị Thanh", area="93-VT", venue_kind="bus_station", now=now)
        places.create_location(s, code="CHO-LC", name="Chợ Lai Châu", area="12", venue_kind="market", now=now)

    services.db.write(make)


class People:
    """Makes operators by role and area."""

    def __init__(self, app: Flask, services: Services) -> None:
        self._app, self._services = app, services

    def __call__(self, role: str, area_path: str = "/", name: str = "Lan") -> Operator:
        now, s = self._services.clock.now(), self._services
        email = f"{name}.{role}{area_path.replace('/', '.')}x@example.vn".lower()

        def enter(db: Any) -> Any:
            user = create_user(db, email=email, name=name, grants=[Grant(role, area_path)], by=SYSTEM, now=now)
            return open_session(db, user, now)

        entered = s.db.write(enter)
        client = self._app.test_client()
        client.set_cookie("sid", entered.token)
        client.set_cookie("language", "en")
        return Operator(client, entered.user)


@pytest.fixture
def people(app: Flask, services: Services, areas: None) -> People:
    return People(app, services)


@pytest.fixture
def admin(people: People) -> Operator:
    """Administers everything."""
    return people("admin", name="Admin")


@pytest.fixture
def viewer(people: People) -> Operator:
    """Looks at Hậu Giang."""
    return people("viewer", "/93/", "Viewer")


@pytest.fixture
def editor(people: People) -> Operator:
    """Edits for Hậu Giang."""
    return people("editor", "/93/", "Editor")


@pytest.fixture
def approver(people: People) -> Operator:
    """Approves for Hậu Giang."""
    return people("approver", "/93/", "Approver")
