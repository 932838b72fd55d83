"""Signing in and out, one-time links, one's own account."""

import pytest
from flask.testing import FlaskClient

from console.account import local_path
from core.services import Services
from people.actions import create_user, make_link
from people.passwords import hash_password
from people.roles import SYSTEM, Grant
from tests.console.conftest import PASSWORD, Operator


@pytest.fixture
def lan(services: Services) -> str:
    """Someone with a password."""
    now, hashed = services.clock.now(), hash_password(PASSWORD)
    services.db.write(
        lambda s: create_user(
            s, email="lan@x.vn", name="Lan", grants=[Grant("admin", "/")], by=SYSTEM, now=now, password_hash=hashed
        )
    )
    return "lan@x.vn"


def sign_in(client: FlaskClient, email: str, password: str = PASSWORD, **form: str):
    return client.post("/console/sign-in", data={"email": email, "password": password, **form})


def test_it_works(client: FlaskClient, lan: str) -> None:
    response = sign_in(client, lan)
    assert (response.status_code, response.location) == (303, "/console/")
    assert client.get("/console/").status_code == 200


def test_one_comes_back_to_the_page_that_asked(client: FlaskClient, lan: str) -> None:
    asked = client.get("/console/places?area=93")
    assert asked.status_code == 303
    assert asked.location == "/console/sign-in?next=/console/places?area%3D93"
    assert sign_in(client, lan, next="/console/places?area=93").location == "/console/places?area=93"


@pytest.mark.parametrize(
    "target",
    ["https://evil.example/", "//evil.example", "/\\evil.example", "/console//x", "/console\\x", "javascript:"],
)
def test_nobody_is_sent_elsewhere(client: FlaskClient, lan: str, target: str) -> None:
    assert local_path(target) is None
    assert sign_in(client, lan, next=target).location == "/console/"


def test_a_wrong_password_and_an_unknown_address_are_refused_alike(client: FlaskClient, lan: str) -> None:
    wrong, unknown = sign_in(client, lan, "something else altogether"), sign_in(client, "nobody@x.vn")
    assert wrong.status_code == unknown.status_code == 401
    assert 'role="alert"' in wrong.text
    assert "Set-Cookie" not in wrong.headers or "sid=" not in wrong.headers["Set-Cookie"]


def test_an_empty_form_says_what_is_missing(client: FlaskClient) -> None:
    response = sign_in(client, "", "")
    assert response.status_code == 422
    assert response.text.count("aria-invalid") == 2


def test_too_many_tries_are_refused_for_a_while(client: FlaskClient, lan: str) -> None:
    answers = [sign_in(client, lan, "wrong wrong wrong") for _ in range(6)]
    assert answers[-1].status_code == 429
    assert int(answers[-1].headers["Retry-After"]) > 0


def test_a_form_from_another_site_is_refused(client: FlaskClient, lan: str) -> None:
    response = client.post(
        "/console/sign-in", data={"email": lan, "password": PASSWORD}, headers={"Sec-Fetch-Site": "cross-site"}
    )
    assert response.status_code == 403


def test_signing_out_ends_the_session(admin: Operator) -> None:
    assert admin.post("/sign-out").status_code == 303
    assert "sign-in" in admin.get("/").location


def test_an_invitation_is_taken_up_once(client: FlaskClient, services: Services) -> None:
    path = invitation(services)
    assert "Minh" in client.get(path).text
    taken = client.post(path, data={"password": PASSWORD, "repeated": PASSWORD})
    assert taken.status_code == 303
    assert client.get("/console/account").status_code == 200
    again = client.post(path, data={"password": PASSWORD, "repeated": PASSWORD})
    assert again.status_code == 410


def test_an_invitation_wants_the_same_password_twice(client: FlaskClient, services: Services) -> None:
    response = client.post(invitation(services), data={"password": PASSWORD, "repeated": "another"})
    assert response.status_code == 422
    assert 'id="repeated-error"' in response.text


def test_a_weak_password_is_refused_with_the_reason(client: FlaskClient, services: Services) -> None:
    response = client.post(invitation(services), data={"password": "short", "repeated": "short"})
    assert response.status_code == 422
    assert 'id="password-error"' in response.text


def test_an_unknown_link_is_gone(client: FlaskClient) -> None:
    assert client.get("/console/link/never-made").status_code == 410


def invitation(services: Services) -> str:
    now = services.clock.now()

    def invite(s):  # type: ignore[no-untyped-def]
        user = create_user(s, email="minh@x.vn", name="Minh", grants=[Grant("editor", "/")], by=SYSTEM, now=now)
        return make_link(s, user.id, by=SYSTEM, now=now)

    return f"/console/link/{services.db.write(invite).token}"


def test_a_password_is_changed_with_the_present_one(client: FlaskClient, lan: str) -> None:
    sign_in(client, lan)
    operator = Operator(client, None)  # type: ignore[arg-type]
    new = "một câu khác hẳn câu trước"
    refused = operator.post("/account/password", {"old": "wrong", "new": new, "repeated": new})
    assert refused.status_code == 422
    changed = operator.post("/account/password", {"old": PASSWORD, "new": new, "repeated": new})
    assert changed.status_code == 303
    assert client.get("/console/account").status_code == 200
    assert sign_in(client.application.test_client(), lan, new).status_code == 303


def test_another_session_can_be_signed_out(client: FlaskClient, lan: str) -> None:
    sign_in(client, lan)
    elsewhere = client.application.test_client()
    sign_in(elsewhere, lan)
    operator = Operator(client, None)  # type: ignore[arg-type]
    page = operator.get("/account").text
    path = page.split("/account/sessions/")[1].split('/end"')[0]
    assert operator.post(f"/account/sessions/{path}/end").status_code == 303
    assert elsewhere.get("/console/account").status_code == 303


def test_the_language_is_chosen_and_kept(client: FlaskClient) -> None:
    assert 'lang="vi"' in client.get("/console/sign-in").text
    chosen = client.post("/console/language", data={"language": "en", "back": "/console/sign-in"})
    assert chosen.location == "/console/sign-in"
    assert "<h1>Sign in</h1>" in client.get("/console/sign-in").text


def test_a_change_without_the_forms_token_is_refused(admin: Operator) -> None:
    response = admin.client.post("/console/sign-out", data={})
    assert response.status_code == 403
    assert admin.get("/").status_code == 200
