from dataclasses import replace

import pytest
from flask.testing import FlaskClient

from core.services import Services
from core.settings import load_settings
from server.app import create_app
from server.headers import always


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


@pytest.mark.parametrize(
    ("portal_url", "sent"),
    [("http://bangtin.example", False), ("http://wifi.example", True), ("https://bangtin.example", True)],
)
def test_a_host_to_which_gateways_send_phones_by_http_is_not_locked_to_https(portal_url: str, sent: bool) -> None:
    settings = load_settings({"BANGTIN_PUBLIC_URL": "https://bangtin.example", "BANGTIN_PORTAL_URL": portal_url})
    assert ("Strict-Transport-Security" in always(settings)) is sent
