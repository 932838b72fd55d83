"""Quick doors keep the manners of the views they stand before, and leave to them what they do not know."""

import io

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from core.errors import Busy
from core.http import Cache, door
from core.quick import JSON_TYPE as JSON
from core.quick import Knock, Rules, install
from core.reply import Reply, json_reply

counted: list[tuple[str, str, int]] = []
RULES = Rules(lambda host: host == "localhost", (("X-Ours", "yes"),), lambda *seen: counted.append(seen[:3]))


def quick_word(knock: Knock) -> Reply | None:
    match knock.header("HTTP_X_WISH"):
        case "busy":
            raise Busy("Come again", retry_after_s=7)
        case "crash":
            raise ZeroDivisionError("secret")
        case "unknown":
            return None
        case "held":
            return Reply(304, (("ETag", '"1"'),))
    return json_reply({"quick": knock.rest})


def quick_body(knock: Knock) -> Reply | None:
    body = knock.json(20)
    return None if body is None else json_reply({"bytes": len(body)})


@pytest.fixture
def client() -> FlaskClient:
    counted.clear()
    app = Flask("quick")

    @app.get("/api/words/<word>", endpoint="word")
    @app.get("/pages/<word>", endpoint="page")
    @door("public", guard=None, cache=Cache.REVALIDATE)
    def word(word: str) -> str:
        return f"slow {word}"

    @app.post("/api/body", endpoint="body")
    @door("public", guard=None, cache=Cache.NO_STORE)
    def body() -> str:
        return "slow"

    install(app, {"word": quick_word, "page": quick_word, "body": quick_body}, RULES)
    return app.test_client()


def test_it_works(client: FlaskClient) -> None:
    answer = client.get("/api/words/chào")
    assert (answer.status, answer.json) == ("200 OK", {"quick": "chào"})
    assert answer.headers["Cache-Control"] == "no-cache", "the view's own promise"
    assert answer.headers["Content-Length"] == str(len(answer.data))
    assert answer.headers["X-Ours"] == "yes"
    assert counted == [("/api/words/<word>", "GET", 200)]


def test_an_unchanged_answer_has_no_body_and_no_length(client: FlaskClient) -> None:
    answer = client.get("/api/words/a", headers={"X-Wish": "held"})
    assert (answer.status, answer.data) == ("304 NOT MODIFIED", b"")
    assert "Content-Length" not in answer.headers


@pytest.mark.parametrize("path", ["/api/words/", "/api/words/a/b", "/api/words", "/other"])
def test_another_path_is_left_to_flask(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404
    assert counted == []


@pytest.mark.parametrize("method", ["HEAD", "POST", "OPTIONS"])
def test_another_method_is_left_to_flask(client: FlaskClient, method: str) -> None:
    client.open("/api/words/a", method=method)
    assert counted == []


def test_a_foreign_host_is_left_to_flask(client: FlaskClient) -> None:
    assert client.get("/api/words/a", headers={"Host": "evil.example"}).text == "slow a"


def test_what_a_quick_door_does_not_know_is_left_to_flask(client: FlaskClient) -> None:
    assert client.get("/api/words/a", headers={"X-Wish": "unknown"}).text == "slow a"


def test_a_refusal_is_a_problem_document(client: FlaskClient) -> None:
    answer = client.get("/api/words/a", headers={"X-Wish": "busy"})
    assert (answer.status_code, answer.mimetype) == (503, "application/problem+json")
    assert answer.headers["Retry-After"] == "7"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Ours"] == "yes"


def test_a_crash_says_nothing_of_itself(client: FlaskClient, capsys: pytest.CaptureFixture[str]) -> None:
    answer = client.get("/api/words/a", headers={"X-Wish": "crash"})
    assert answer.status_code == 500
    assert "secret" not in answer.text


@pytest.mark.parametrize("wish", ["busy", "crash"])
def test_a_person_is_shown_trouble_by_the_view(client: FlaskClient, wish: str) -> None:
    assert client.get("/pages/a", headers={"X-Wish": wish}).text == "slow a"


def test_a_body_is_read(client: FlaskClient) -> None:
    assert client.post("/api/body", data="[1]", content_type="application/json; charset=utf-8").json == {"bytes": 3}


def post(client: FlaskClient, body: bytes, kind: str, length: str) -> tuple[TestResponse, int]:
    """The answer, and how much of the body was read."""
    stream = io.BytesIO(body)
    announced = {"CONTENT_LENGTH": length}
    return client.post("/api/body", input_stream=stream, content_type=kind, environ_overrides=announced), stream.tell()


@pytest.mark.parametrize(("kind", "length"), [("text/plain", "3"), (JSON, "21"), ("", "3")])
def test_a_body_of_another_kind_or_size_is_left_unread_to_flask(client: FlaskClient, kind: str, length: str) -> None:
    answer, read = post(client, b"1" * int(length), kind, length)
    assert (answer.text, read) == ("slow", 0)


@pytest.mark.parametrize("length", ["", "-1", "x", "٣"])
def test_a_body_without_a_plain_length_is_left_unread_to_flask(client: FlaskClient, length: str) -> None:
    assert post(client, b"[1]", JSON, length)[1] == 0
    assert counted == []


def test_a_body_that_breaks_off_is_refused(client: FlaskClient) -> None:
    assert post(client, b"[1", JSON, "3")[0].status_code == 400
