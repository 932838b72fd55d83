"""Pictures that are made when they are asked for: with a length, in ranges, and made once."""

import pytest
from flask import Flask, Response

from media import pieces

BODY = bytes(range(100))


@pytest.fixture
def made() -> list[str]:
    """The name of each piece, each time it is made."""
    return []


@pytest.fixture
def app(made: list[str]) -> Flask:
    app = Flask("pieces")

    @app.get("/<name>")
    def piece(name: str) -> Response:
        def make() -> bytes:
            made.append(name)
            return BODY

        return pieces.answer(name, "image/jpeg", make)

    return app


def test_it_works(app: Flask, made: list[str]) -> None:
    answers = [app.test_client().get("/a") for _ in range(3)]
    assert {one.data for one in answers} == {BODY}
    assert made == ["a"]


def test_a_head_has_the_length_of_the_whole_and_needs_no_making_again(app: Flask, made: list[str]) -> None:
    heads = [app.test_client().head("/a") for _ in range(3)]
    assert {(one.headers["Content-Length"], one.data, one.mimetype) for one in heads} == {("100", b"", "image/jpeg")}
    assert made == ["a"]


@pytest.mark.parametrize("held", ['"a"', "a", 'W/"a"', '"b", "a"'])
def test_who_has_it_already_is_told_so(app: Flask, made: list[str], held: str) -> None:
    answer = app.test_client().get("/a", headers={"If-None-Match": held})
    assert (answer.status_code, made) == (304, [])


def test_a_fetch_that_broke_off_goes_on(app: Flask) -> None:
    answer = app.test_client().get("/a", headers={"Range": "bytes=40-", "If-Range": '"a"'})
    assert (answer.status_code, answer.data) == (206, BODY[40:])
    assert answer.headers["Content-Range"] == "bytes 40-99/100"


def test_a_range_of_something_else_is_the_whole(app: Flask) -> None:
    answer = app.test_client().get("/a", headers={"Range": "bytes=40-", "If-Range": '"b"'})
    assert (answer.status_code, answer.data) == (200, BODY)


def test_a_range_beyond_the_end_is_refused(app: Flask) -> None:
    answer = app.test_client().get("/a", headers={"Range": "bytes=100-"})
    assert (answer.status_code, answer.headers["Content-Range"]) == (416, "bytes */100")


def test_what_was_asked_for_least_lately_is_let_go() -> None:
    kept: pieces.Kept[bytes] = pieces.Kept(10, len)
    for name in "abc":
        kept.put(name, name.encode() * 4)
        kept.get("a")
    assert [kept.get(name) for name in "abc"] == [b"aaaa", None, b"cccc"]


def test_a_piece_larger_than_all_room_is_kept_alone() -> None:
    kept: pieces.Kept[bytes] = pieces.Kept(10, len)
    kept.put("a", b"a")
    kept.put("b", b"b" * 50)
    assert kept.get("a") is None
    assert kept.get("b") == b"b" * 50
