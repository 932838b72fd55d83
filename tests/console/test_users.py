"""People, API keys and the audit log in the console."""

import re

from core.services import Services
from people import queries
from tests.console.conftest import Operator, People

MINH = {"name": "Minh", "email": "minh@x.vn", "role": "editor", "area": "/93/"}


def test_an_invitation_is_shown_once_under_the_public_address(admin: Operator) -> None:
    page = admin.post("/users/new", MINH).text
    link = re.search(r"http://localhost:8000(/console/link/[\w-]+)", page)
    assert link
    assert admin.client.application.test_client().get(link[1]).status_code == 200
    assert link[1] not in admin.get("/users").text


def test_a_bad_address_and_a_taken_one_are_refused(admin: Operator) -> None:
    assert 'id="email-error"' in admin.post("/users/new", {**MINH, "email": "minh"}).text
    admin.post("/users/new", MINH)
    assert admin.post("/users/new", MINH).status_code == 422


def test_nobody_gives_roles_outside_their_own_area(people: People, services: Services) -> None:
    local = people("admin", "/93/")
    assert local.post("/users/new", {**MINH, "area": "/"}).status_code == 403
    with services.db.read() as s:
        assert queries.user_by_email(s, "minh@x.vn") is None


def test_roles_are_given_and_taken(admin: Operator, editor: Operator) -> None:
    path = f"/users/{editor.user.id}"
    admin.post(f"{path}/grants/add", {"role": "approver", "area": "/12/"})
    assert "Lai Châu" in admin.get(path).text
    admin.post(f"{path}/grants/remove", {"role": "approver", "area": "/12/"})
    assert admin.get(path).text.count("/grants/remove") == 0


def test_the_last_role_cannot_be_taken(admin: Operator, editor: Operator) -> None:
    response = admin.post(f"/users/{editor.user.id}/grants/remove", {"role": "editor", "area": "/93/"})
    assert response.status_code == 422


def test_a_closed_account_is_signed_out_at_once(admin: Operator, editor: Operator) -> None:
    assert admin.post(f"/users/{editor.user.id}/disable").status_code == 303
    assert editor.get("/").status_code == 303
    assert admin.post(f"/users/{editor.user.id}/enable").status_code == 303


def test_accounts_of_other_areas_are_out_of_sight(people: People, admin: Operator) -> None:
    local, far = people("admin", "/93/", "Local"), people("viewer", "/12/", "Far")
    assert "Far" not in local.get("/users").text
    assert local.get(f"/users/{far.user.id}").status_code == 404
    assert local.post(f"/users/{far.user.id}/disable").status_code == 404


def test_who_is_no_administrator_sees_no_accounts(approver: Operator) -> None:
    assert approver.get("/users").status_code == 403
    assert approver.get("/keys").status_code == 403


def test_a_key_is_shown_once_and_works_until_revoked(admin: Operator, services: Services) -> None:
    page = admin.post("/keys", {"name": "daily report", "role": "viewer", "area": "/"}).text
    text = re.search(r'id="key"[^>]*>([^<]+)<', page)
    assert text
    assert text[1] not in admin.get("/keys").text
    with services.db.read() as s:
        key = queries.api_keys(s)[0]
    assert admin.post(f"/keys/{key.id}/revoke").status_code == 303
    assert "Revoked" in admin.get("/keys").text


def test_a_key_needs_a_name(admin: Operator) -> None:
    response = admin.post("/keys", {"name": " ", "role": "viewer", "area": "/"})
    assert response.status_code == 422
    assert 'id="name-error"' in response.text


def test_an_auditor_reads_the_log_of_the_area(people: People, admin: Operator) -> None:
    admin.post("/places/locations/BENXE/close")
    auditor = people("auditor", "/93/", "Auditor")
    assert "BENXE" in auditor.get("/audit").text
    assert "BENXE" not in people("auditor", "/12/", "Other").get("/audit").text


def test_the_logs_seals_are_checked(admin: Operator) -> None:
    assert "is whole" in admin.get("/audit?check=1").text


def test_an_editor_does_not_read_the_log(editor: Operator) -> None:
    assert editor.get("/audit").status_code == 403
