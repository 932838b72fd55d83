"""The guards of doors, on a small app of their own."""

from dataclasses import replace

import pytest
from flask import Flask, Response
from flask.testing import FlaskClient

import core
from core import i18n
from core.http import Cache, door, install_errors
from core.services import attach
from people import actions
from people.guards import (
    cookie_name,
    csrf_token,
    give_session,
    principal,
    require,
    same_origin,
    signed_in,
    take_session,
)
from tests.people.conftest import PASSWORD, Town


@pytest.fixture
def client(town: Town) -> FlaskClient:
    app = Flask("core", root_path=core.__path__[0])
    attach(app, town.services)
    install_errors(app)
    i18n.install(app)

    @app.post("/enter/<name>")
    @door("public", guard=same_origin, cache=Cache.NO_STORE)
    def enter(name: str) -> Response:
        response = Response("in")
        entered = actions.sign_in(town.services, f"{name}@example.vn", PASSWORD, origin="x")
        give_session(response, entered.token)
        return response

    @app.get("/leave")
    @door("public", guard=None, cache=Cache.NO_STORE)
    def leave() -> Response:
        response = Response("out")
        take_session(response)
        return response

    @app.get("/me")
    @door("operator", guard=signed_in(), cache=Cache.NO_STORE)
    def me() -> str:
        return f"{principal().name} {csrf_token()}"

    @app.post("/areas/<code>")
    @door("operator", guard=signed_in("editor"), cache=Cache.NO_STORE)
    def edit(code: str) -> str:
        require("editor", f"/{code}/")
        return "changed"

    return app.test_client()


def csrf(client: FlaskClient) -> str:
    return client.get("/me").text.split()[1]


def test_it_works(client: FlaskClient) -> None:
    client.post("/enter/minh")
    assert client.get("/me").text.startswith("minh ")
    assert client.post("/areas/93", headers={"X-CSRF-Token": csrf(client)}).text == "changed"
    assert client.post("/areas/93", data={"csrf_token": csrf(client)}).text == "changed"


def test_the_cookie_is_out_of_reach_for_scripts(client: FlaskClient) -> None:
    cookie = client.post("/enter/minh").headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Secure" not in cookie, "the address is plain http here"


def test_over_https_the_cookie_is_bound_to_the_host(town: Town) -> None:
    assert cookie_name(town.services.settings) == "sid"
    assert cookie_name(replace(town.services.settings, public_url="https://bangtin.vn")) == "__Host-sid"


def test_nobody_is_let_in_without_a_session(client: FlaskClient) -> None:
    assert client.get("/me").status_code == 401
    client.set_cookie("sid", "invented")
    assert client.get("/me").status_code == 401


def test_a_page_for_people_refuses_in_html(client: FlaskClient) -> None:
    assert client.get("/me").mimetype == "text/html"


def test_signed_out_is_out(client: FlaskClient) -> None:
    client.post("/enter/minh")
    client.get("/leave")
    assert client.get("/me").status_code == 401


@pytest.mark.parametrize("token", [None, "", "0" * 64, "đ"])
def test_a_form_without_the_sessions_token_is_refused(client: FlaskClient, token: str | None) -> None:
    client.post("/enter/minh")
    data = {} if token is None else {"csrf_token": token}
    assert client.post("/areas/93", data=data).status_code == 403


def test_the_token_of_another_session_is_refused(client: FlaskClient) -> None:
    client.post("/enter/minh")
    theirs = csrf(client)
    client.post("/enter/minh")
    assert client.post("/areas/93", headers={"X-CSRF-Token": theirs}).status_code == 403


def test_a_foreign_area_is_not_there(client: FlaskClient) -> None:
    client.post("/enter/minh")
    assert client.post("/areas/33", headers={"X-CSRF-Token": csrf(client)}).status_code == 404


def test_another_sites_page_signs_nobody_in(client: FlaskClient) -> None:
    assert client.post("/enter/minh", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert client.post("/enter/minh", headers={"Origin": "https://evil.example"}).status_code == 403
    assert client.post("/enter/minh", headers={"Origin": "null"}).status_code == 403
    assert client.post("/enter/minh", headers={"Origin": "http://localhost:8000"}).status_code == 200
