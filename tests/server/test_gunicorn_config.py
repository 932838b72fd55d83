"""The web server's configuration is asserted, so that nobody loosens it by accident."""

import logging
import runpy
from pathlib import Path

import pytest

HOUSE = Path(__file__).resolve().parents[2]


@pytest.fixture
def conf(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> dict[str, object]:
    monkeypatch.setenv("BANGTIN_DATA_DIR", str(tmp_path))
    return runpy.run_path(str(HOUSE / "gunicorn.conf.py"))


def test_it_works(conf: dict[str, object]) -> None:
    assert conf["bind"] == "127.0.0.1:8000"
    assert conf["workers"] == 1


def test_slow_clients_hold_greenlets_not_workers(conf: dict) -> None:
    assert conf["worker_class"] == "server.worker.Worker"
    assert conf["worker_connections"] >= 4_000
    assert 0 < conf["keepalive"] <= 30, "also the time that a request's head may take"


def test_a_worker_has_the_settings_at_hand() -> None:
    from gunicorn.config import Config

    from server.worker import lay_out

    cfg = Config()
    cfg.set("limit_request_fields", 60)
    lay_out(cfg)
    assert vars(cfg)["limit_request_fields"] == cfg.limit_request_fields == 60
    assert all(vars(cfg)[name] == setting.get() for name, setting in cfg.settings.items())


def test_a_request_head_is_bounded(conf: dict) -> None:
    assert conf["limit_request_line"] <= 4094
    assert conf["limit_request_fields"] <= 100
    assert conf["limit_request_field_size"] <= 8190


def test_there_is_no_control_socket(conf: dict) -> None:
    assert conf["control_socket_disable"] is True


def test_there_is_no_access_log_to_keep_addresses_queries_or_keys(conf: dict) -> None:
    assert conf["accesslog"] is None


def test_forwarded_headers_are_the_applications_affair(conf: dict) -> None:
    assert conf["forwarded_allow_ips"] == ""


def test_requests_under_way_are_finished(conf: dict) -> None:
    assert conf["graceful_timeout"] >= 10


def test_messages_about_bad_requests_name_no_address(conf: dict, caplog: pytest.LogCaptureFixture) -> None:
    from gunicorn.config import Config

    from server.gunicorn_log import Discreet

    logger = Discreet(Config())
    logger.error_log.propagate = True
    with caplog.at_level(logging.WARNING, "gunicorn.error"):
        logger.warning("Invalid request from ip=203.0.113.7: Invalid HTTP Version '?mac=aa:bb'")
        logger.exception("Error handling request %s %s", "GET", "/wifi/x?clientmac=aa:bb:cc:dd:ee:ff")
    assert "203.0.113.7" not in caplog.text
    assert "mac" not in caplog.text
    assert "Invalid request" in caplog.text
