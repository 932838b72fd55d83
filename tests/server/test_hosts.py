import pytest
from flask.testing import FlaskClient

from core.settings import load_settings
from server.hosts import name_of, own_names


def test_it_works(client: FlaskClient) -> None:
    assert client.get("/static/core/plain.css", base_url="http://localhost:8000").status_code == 200


@pytest.mark.parametrize(
    "host", ["evil.example", "localhost.evil.example", "", "localhost@evil.example", "[::1", "a b"]
)
def test_a_foreign_host_sees_no_page_of_ours(client: FlaskClient, host: str) -> None:
    answer = client.get("/static/core/plain.css", environ_overrides={"HTTP_HOST": host})
    assert answer.status_code in (302, 400, 421)
    assert "evil" not in answer.text
    assert "evil" not in answer.headers.get("Location", "")


def test_the_port_does_not_matter_nor_the_case() -> None:
    assert name_of("LOCALHOST:8123") == "localhost"
    assert name_of("[::1]:8000") == "::1"


def test_own_names_come_from_the_settings(tmp_path) -> None:
    settings = load_settings(
        {
            "BANGTIN_PUBLIC_URL": "https://bangtin.example.vn",
            "BANGTIN_PORTAL_URL": "http://wifi.example.vn:8080",
            "BANGTIN_BIND": "192.0.2.4:8000",
            "BANGTIN_DATA_DIR": str(tmp_path),
        }
    )
    assert {"bangtin.example.vn", "wifi.example.vn", "192.0.2.4", "localhost"} <= own_names(settings)
