from datetime import datetime

import msgspec
import pytest
from flask import Flask

from core import http, i18n
from core.errors import BadRequest, Conflict, Invalid, Limited, NotFound
from core.http import (
    Cache,
    answer,
    door,
    matches,
    page_args,
    page_of,
    parse_json,
    read_json,
)
from core.reply import problem_reply
from tests.support.clock import MORNING


class Thing(msgspec.Struct, forbid_unknown_fields=True):
    name: str
    weight: int = 1
    parts: list["Thing"] = []


@pytest.fixture
def client():
    app = Flask("core")
    http.install_errors(app)
    i18n.install(app)

    @app.post("/api/things")
    @door("public", guard=None, cache=Cache.NO_STORE)
    def make():
        return answer(read_json(Thing, most_bytes=200), 201)

    @app.get("/api/things")
    @door("public", guard=None, cache=Cache.PRIVATE)
    def listing():
        args = page_args()
        names = [n for n in "abcde" if args.after is None or n > args.after]
        return page_of(names[: args.limit + 1], args, key=str, show=lambda n: {"name": n})

    @app.get("/api/guarded")
    @door(
        "key",
        guard=lambda: (_ for _ in ()).throw(Limited("slowly", retry_after_s=7)),
        cache=Cache.NO_STORE,
    )
    def guarded():
        raise AssertionError("the guard should have stopped this")

    @app.get("/page")
    @door("public", guard=None, cache=Cache.SHORT)
    def page():
        raise NotFound("No such notice")

    @app.get("/api/broken")
    @door("public", guard=None, cache=Cache.NO_STORE)
    def broken():
        raise RuntimeError("secret inner words")

    return app.test_client()


def test_it_works(client) -> None:
    made = client.post("/api/things", json={"name": "a"})
    assert made.status_code == 201
    assert made.json == {"name": "a", "weight": 1, "parts": []}
    assert made.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"name": "a", "colour": "red"}, "colour"),
        ({}, "name"),
        ({"name": 5}, "name"),
        ({"name": "a", "parts": [{"name": "b", "weight": "x"}]}, "parts[0].weight"),
        ({"name": "a", "parts": [{"name": "b", "size": 1}]}, "parts[0].size"),
    ],
)
def test_a_wrong_field_is_named(client, body, field) -> None:
    refused = client.post("/api/things", json=body)
    assert refused.status_code == 422
    assert refused.mimetype == "application/problem+json"
    assert [e["field"] for e in refused.json["errors"]] == [field]


@pytest.mark.parametrize("body", [b"{", b"\xff\xfe", b"[" * 190, b'{"name": NaN}'])
def test_broken_json_is_refused(client, body) -> None:
    assert client.post("/api/things", data=body, content_type="application/json").status_code in (400, 422)


def test_deep_json_is_refused() -> None:
    with pytest.raises((BadRequest, Invalid)):
        parse_json(b"[" * 200_000, list)


def test_another_content_type_is_refused(client) -> None:
    assert client.post("/api/things", data="name=a").status_code == 415


def test_a_large_body_is_refused(client) -> None:
    assert client.post("/api/things", json={"name": "a" * 300}).status_code == 413


def test_a_list_comes_in_pages(client) -> None:
    first = client.get("/api/things?limit=3").json
    assert [i["name"] for i in first["items"]] == ["a", "b", "c"]
    rest = client.get(f"/api/things?limit=3&cursor={first['next']}").json
    assert [i["name"] for i in rest["items"]] == ["d", "e"]
    assert rest["next"] is None


@pytest.mark.parametrize("query", ["limit=0", "limit=x", "limit=99999", "cursor=%FF"])
def test_a_wrong_page_is_refused(client, query) -> None:
    assert client.get(f"/api/things?{query}").status_code == 422


def test_a_guard_comes_first(client) -> None:
    refused = client.get("/api/guarded")
    assert refused.status_code == 429
    assert refused.headers["Retry-After"] == "7"


def test_a_person_gets_a_page_in_their_language(client) -> None:
    refused = client.get("/page", headers={"Accept-Language": "vi"})
    assert refused.status_code == 404
    assert refused.mimetype == "text/html"
    assert "Không có gì ở đây" in refused.text
    assert refused.headers["Cache-Control"] == "no-store"


def test_the_unforeseen_tells_nothing_of_the_inside(client) -> None:
    refused = client.get("/api/broken")
    assert refused.status_code == 500
    assert "secret" not in refused.text


def test_an_unknown_address_and_a_wrong_method_are_problems_too(client) -> None:
    assert client.get("/api/nothing").json["status"] == 404
    wrong = client.delete("/api/things")
    assert wrong.status_code == 405
    assert set(wrong.json["allow"]) >= {"GET", "POST"}


def test_times_are_utc_with_milliseconds() -> None:
    shown = answer(
        {
            "at": MORNING,
            "in": [datetime.fromisoformat("2026-11-22T09:00:00.123456+07:00")],
        }
    ).json
    assert shown == {
        "at": "2026-11-22T02:00:00.000Z",
        "in": ["2026-11-22T02:00:00.123Z"],
    }


@pytest.mark.parametrize(
    ("sent", "same"),
    [
        ('"abc"', True),
        ("abc", True),
        ('W/"abc"', True),
        ('"x", "abc"', True),
        ("*", True),
        ('"abcd"', False),
        ("", False),
    ],
)
def test_etags_match_with_and_without_quotes(sent, same) -> None:
    with Flask("x").test_request_context(headers={"If-None-Match": sent}):
        assert matches("abc") is same


def test_problem_members_are_shown() -> None:
    assert problem_reply(Conflict("hole", expect=17), bearer=False).response().json["expect"] == 17
