from dataclasses import replace

from flask.testing import FlaskClient

from core.services import Services
from server.app import create_app


def test_it_works(client: FlaskClient) -> None:
    headers = client.get("/healthz").headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "object-src 'none'" in headers["Content-Security-Policy"]
    assert headers["Referrer-Policy"] == "same-origin"


def test_refusals_carry_them_too(client: FlaskClient) -> None:
    assert "Content-Security-Policy" in client.get("/there/is/nothing/here").headers


def test_https_is_remembered_only_where_the_public_address_has_it(client: FlaskClient, services: Services) -> None:
    assert "Strict-Transport-Security" not in client.get("/healthz").headers
    secure = replace(services, settings=replace(services.settings, public_url="https://bangtin.example.vn"))
    assert "Strict-Transport-Security" in create_app(services=secure).test_client().get("/healthz").headers
