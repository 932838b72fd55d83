"""Scripts with keys of different reach, against the whole API on both engines."""

from dataclasses import dataclass, field
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from core.paths import ROOT
from core.services import Services
from people.actions import create_key
from people.roles import SYSTEM
from places.actions import create_area, create_location
from tests.support.engines import BOTH, first_on_both

both_engines = pytest.mark.parametrize("database_url", BOTH, indirect=True)


@pytest.hookimpl(tryfirst=True)
def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    first_on_both(metafunc)


@dataclass
class Script:
    """Speaks to the API with one key."""

    client: FlaskClient
    key: str | None
    headers: dict[str, str] = field(default_factory=dict)

    def send(self, method: str, path: str, json: Any = None, **more: Any) -> TestResponse:
        headers = {**self.headers, **more.pop("headers", {})}
        if self.key is not None:
            headers.setdefault("Authorization", f"Bearer {self.key}")
        return self.client.open(f"/api/v1{path}", method=method, json=json, headers=headers, **more)

    def get(self, path: str, **more: Any) -> TestResponse:
        return self.send("GET", path, **more)

    def post(self, path: str, json: Any = None, **more: Any) -> TestResponse:
        return self.send("POST", path, json, **more)

    def patch(self, path: str, json: Any = None, **more: Any) -> TestResponse:
        return self.send("PATCH", path, json, **more)

    def delete(self, path: str, **more: Any) -> TestResponse:
        return self.send("DELETE", path, **more)


@dataclass
class World:
    """Two provinces that must never see each other's things, and a way to get a key for any role."""

    services: Services
    client: FlaskClient

    def key(self, role: str, area_path: str = ROOT) -> str:
        now = self.services.clock.now()
        return self.services.db.write(
            lambda s: create_key(s, name=role, role=role, area_path=area_path, by=SYSTEM, now=now)[1]
        )

    def script(self, role: str, area_path: str = ROOT) -> Script:
        return Script(self.client, self.key(role, area_path))


@pytest.fixture
def world(app: Flask, services: Services) -> World:
    """Hậu Giang (93) with a ward and a station, Hưng Yên (33) with a ward and a market."""
    now = services.clock.now()

    def fill(s: Any) -> None:
        for province, ward in (("93", "93-31333"), ("33", "33-11950")):
            create_area(s, code=province, name=f"Tỉnh {province}", kind="province", now=now)
            create_area(s, code=ward, name=f"Phường {ward}", parent=province, kind="ward", now=now)
        create_location(
            s, code="ga-vi-thanh", name="Bến xe Vị Thanh", area="93-31333", venue_kind="bus_station", now=now
        )
        create_location(s, code="cho-pho-hien", name="Chợ Phố Hiến", area="33-11950", venue_kind="market", now=now)

    services.db.write(fill)
    return World(services, app.test_client())


@pytest.fixture
def admin(world: World) -> Script:
    """May do everything everywhere."""
    return world.script("admin")
