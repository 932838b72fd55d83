"""The commands of `flask --app wsgi` that make accounts and keys."""

import re

import pytest
from click.testing import Result
from flask import Flask

from core.services import Services
from people import actions, queries
from people.roles import Grant
from places.actions import create_area

PASSWORD = "rừng tràm mùa nước nổi"


def run(app: Flask, *words: str, stdin: str = "") -> Result:
    return app.test_cli_runner().invoke(args=list(words), input=stdin)


@pytest.fixture
def area(services: Services) -> None:
    now = services.clock.now()
    services.db.write(lambda s: create_area(s, code="93", name="Hậu Giang", now=now))


def test_it_works(app: Flask, services: Services, area: None) -> None:
    done = run(app, "user", "create", "Lan@example.vn", "--role", "admin", "--area", "93", stdin=f"{PASSWORD}\n")
    assert done.exit_code == 0, done.output
    assert done.stdout == ""
    entered = actions.sign_in(services, "lan@example.vn", PASSWORD, origin="x")
    assert entered.user.grants == (Grant("admin", "/93/"),)


def test_a_key_alone_stands_on_standard_output(app: Flask, services: Services, area: None) -> None:
    done = run(app, "api-key", "create", "nightly import", "--role", "editor", "--area", "93")
    assert re.fullmatch(r"bt_[0-9a-z]{8}_[\w-]{43}\n", done.stdout)
    who = actions.use_key(services, done.stdout.strip())
    assert who is not None
    assert who.grants == (Grant("editor", "/93/"),)


def test_without_an_area_it_is_everywhere(app: Flask, services: Services) -> None:
    who = actions.use_key(services, run(app, "api-key", "create", "all", "--role", "viewer").stdout.strip())
    assert who is not None
    assert who.scope("viewer") == ("/",)


@pytest.mark.parametrize(
    ("words", "stdin", "said"),
    [
        (["user", "create", "lan@example.vn", "--role", "admin"], "short\n", "must have 12 to 256 characters"),
        (["user", "create", "lan@example.vn", "--role", "admin"], "", "must have 12 to 256 characters"),
        (["user", "create", "lan", "--role", "admin"], f"{PASSWORD}\n", "must be an address"),
        (["user", "create", "l@x.vn", "--role", "admin", "--area", "94"], f"{PASSWORD}\n", "There is no area '94'"),
        (["user", "create", "l@x.vn", "--role", "king"], f"{PASSWORD}\n", "'king' is not one of"),
        (["user", "create", "l@x.vn"], f"{PASSWORD}\n", "Missing option '--role'"),
        (["api-key", "create", "", "--role", "viewer"], "", "must be 1 to 200 characters"),
        (["api-key", "create", "x", "--role", "viewer", "--area", "94"], "", "There is no area '94'"),
    ],
)
def test_what_cannot_be_is_refused_in_a_line(
    app: Flask, services: Services, words: list[str], stdin: str, said: str
) -> None:
    done = run(app, *words, stdin=stdin)
    assert done.exit_code != 0
    assert done.stdout == ""
    assert said in done.stderr
    with services.db.read() as s:
        assert queries.users(s) == []
        assert queries.api_keys(s) == []


def test_an_address_has_one_account(app: Flask) -> None:
    words = ["user", "create", "lan@example.vn", "--role", "viewer"]
    assert run(app, *words, stdin=f"{PASSWORD}\n").exit_code == 0
    again = run(app, *words, stdin=f"{PASSWORD}\n")
    assert again.exit_code == 1
    assert "has an account already" in again.stderr
