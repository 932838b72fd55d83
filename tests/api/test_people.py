"""Users, keys and the audit log through the API."""

from tests.api.conftest import Script, World, both_engines
from tests.api.test_areas import fields

LAN = {"email": "lan@haugiang.gov.vn", "name": "Lan", "grants": [{"role": "admin", "area": "93"}]}


def test_it_works(admin: Script, world: World) -> None:
    made = admin.post("/users", LAN)
    assert made.status_code == 201
    assert (made.json["state"], made.json["grants"][0]["area_path"]) == ("invited", "/93/")
    link = admin.post(f"/users/{made.json['id']}/link")
    assert link.status_code == 201
    assert link.json["purpose"] == "invite"
    page = world.client.get(link.json["url"].removeprefix("http://localhost:8000"))
    assert page.status_code == 200
    assert admin.get(f"/users/{made.json['id']}").json == made.json
    assert [each["email"] for each in admin.get("/users").json["items"]] == ["lan@haugiang.gov.vn"]


def test_a_user_changes(admin: Script) -> None:
    ref = admin.post("/users", LAN).json["id"]
    after = admin.patch(f"/users/{ref}", {"name": "Lan Anh", "grants": [{"role": "viewer"}]}).json
    assert after["name"] == "Lan Anh"
    assert after["grants"] == [{"role": "viewer", "area": None, "area_path": "/"}]
    assert admin.patch(f"/users/{ref}", {"disabled": True}).json["state"] == "disabled"
    assert admin.patch(f"/users/{ref}", {"disabled": False}).json["state"] == "invited"
    assert admin.delete(f"/users/{ref}").json["state"] == "disabled"


def test_a_key_makes_a_key(admin: Script, world: World) -> None:
    made = admin.post("/keys", {"name": "nightly", "role": "viewer", "area": "93"})
    assert made.status_code == 201
    second = Script(world.client, made.json["key"])
    assert second.get("/areas/93").status_code == 200
    assert second.get("/areas/33").status_code == 404
    ref = made.json["id"]
    assert "key" not in admin.get(f"/keys/{ref}").json
    assert len(admin.get("/keys").json["items"]) == 2
    assert admin.delete(f"/keys/{ref}").json["revoked_at"] is not None
    assert second.get("/areas/93").status_code == 401


@both_engines
def test_the_log_tells_who_did_what(admin: Script) -> None:
    admin.patch("/areas/93", {"population": 733017})
    admin.patch("/areas/33", {"population": 1301600})
    first = admin.get("/audit?kind=area&limit=1").json
    assert [(each["ref"], each["actor_kind"]) for each in first["items"]] == [("33", "key")]
    second = admin.get(f"/audit?kind=area&limit=1&cursor={first['next']}").json
    assert [each["ref"] for each in second["items"]] == ["93"]
    assert admin.get("/audit/chain").json == {"whole": True, "broken_at": None}


def test_an_auditor_reads_everything_and_changes_nothing(world: World, admin: Script) -> None:
    auditor = world.script("auditor", "/93/")
    admin.patch("/areas/93", {"population": 733017})
    admin.patch("/areas/33", {"population": 1301600})
    assert {each["area_path"] for each in auditor.get("/audit").json["items"]} == {"/93/"}
    assert auditor.get("/areas/93").status_code == 200
    assert auditor.patch("/areas/93", {"population": 1}).status_code == 403
    assert auditor.get("/audit/chain").status_code == 404, "the whole log is for auditors of everything"


def test_others_do_not_read_the_log(world: World) -> None:
    assert world.script("approver").get("/audit").status_code == 403


def test_nobody_gives_more_than_they_hold(world: World) -> None:
    province = world.script("admin", "/93/")
    assert province.post("/users", {**LAN, "grants": [{"role": "viewer", "area": "33"}]}).status_code == 404
    assert province.post("/users", {**LAN, "grants": [{"role": "viewer"}]}).status_code == 403
    assert province.post("/keys", {"name": "x", "role": "viewer"}).status_code == 403
    assert province.post("/keys", {"name": "x", "role": "viewer", "area": "33"}).status_code == 404


def test_a_foreign_user_is_not_there(world: World, admin: Script) -> None:
    ref = admin.post("/users", {**LAN, "grants": [{"role": "viewer", "area": "33"}]}).json["id"]
    province = world.script("admin", "/93/")
    assert province.get(f"/users/{ref}").status_code == 404
    assert province.patch(f"/users/{ref}", {"disabled": True}).status_code == 404
    assert province.post(f"/users/{ref}/link").status_code == 404
    assert province.delete(f"/users/{ref}").status_code == 404
    assert province.get("/users").json["items"] == []


def test_what_is_wrong_is_named(admin: Script) -> None:
    assert fields(admin.post("/users", {**LAN, "email": "lan at home"})) == ["email"]
    assert fields(admin.post("/users", {**LAN, "grants": []})) == ["grants"]
    assert fields(admin.post("/users", {**LAN, "grants": [{"role": "king"}]})) == ["grants[0].role"]
    assert fields(admin.post("/keys", {"name": "x", "role": "king"})) == ["role"]
    assert admin.get("/audit?cursor=eHg=").status_code == 422
