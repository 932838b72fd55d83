from flask import Flask
from flask.testing import FlaskClient

from server.static import static_url


def test_it_works(client: FlaskClient) -> None:
    answer = client.get("/static/core/plain.css")
    assert answer.status_code == 200
    assert answer.mimetype == "text/css"
    assert answer.headers["Cache-Control"] == "no-cache"


def test_the_address_with_the_version_is_kept_for_ever(app: Flask, client: FlaskClient) -> None:
    answer = client.get(static_url("core", "plain.css"))
    assert "immutable" in answer.headers["Cache-Control"]


def test_another_version_is_not(client: FlaskClient) -> None:
    assert client.get("/static/core/plain.css?v=000000000000").headers["Cache-Control"] == "no-cache"


def test_an_unchanged_file_is_not_sent_again(client: FlaskClient) -> None:
    etag = client.get("/static/core/plain.css").headers["ETag"]
    assert client.get("/static/core/plain.css", headers={"If-None-Match": etag}).status_code == 304


def test_only_rooms_have_files(client: FlaskClient) -> None:
    assert client.get("/static/tests/plain.css").status_code == 404


def test_nothing_outside_the_folder_is_served(client: FlaskClient) -> None:
    assert client.get("/static/core/../db.py").status_code == 404
    assert client.get("/static/core/%2e%2e/db.py").status_code == 404
