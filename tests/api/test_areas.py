"""Areas through the API."""

from tests.api.conftest import Script, World, both_engines


def fields(response: object) -> list[str]:
    return [each["field"] for each in response.json["errors"]]  # type: ignore[attr-defined]


def test_it_works(admin: Script) -> None:
    made = admin.post(
        "/areas",
        {
            "code": "93-31340",
            "name": "Xã Hỏa Lựu",
            "parent": "93",
            "kind": "commune",
            "population": 18233,
            "smartphone_users": 11000,
            "target_population_pct": 30.5,
            "target_by": "2026-12-31",
        },
    )
    assert made.status_code == 201
    assert made.json is not None
    assert made.json["path"] == "/93/93-31340/"
    assert made.json["timezone"] == "Asia/Ho_Chi_Minh"
    assert made.json["created_at"] == "2026-11-22T02:00:00.000Z"
    assert admin.get("/areas/93-31340").json == made.json


@both_engines
def test_a_list_comes_in_pages(admin: Script) -> None:
    first = admin.get("/areas?limit=3").json
    assert first is not None
    second = admin.get(f"/areas?limit=3&cursor={first['next']}").json
    assert second is not None
    codes = [each["code"] for each in first["items"] + second["items"]]
    assert sorted(codes) == ["33", "33-11950", "93", "93-31333"]
    assert second["next"] is None


@both_engines
def test_a_search_needs_no_marks(admin: Script) -> None:
    admin.post("/areas", {"code": "92", "name": "Thành phố Cần Thơ"})
    found = admin.get("/areas?search=can tho").json
    assert [each["code"] for each in found["items"]] == ["92"]


def test_a_change_changes_only_what_was_sent(admin: Script) -> None:
    admin.patch("/areas/93", {"population": 733017})
    after = admin.patch("/areas/93", {"target_population_pct": 30, "settings": {"four_eyes": True}}).json
    assert (after["population"], after["target_population_pct"]) == (733017, 30.0)
    assert after["settings"] == {"four_eyes": True}


def test_a_fact_can_be_taken_back(admin: Script) -> None:
    admin.patch("/areas/93", {"population": 733017})
    assert admin.patch("/areas/93", {"population": None}).json["population"] is None


def test_an_area_in_use_is_not_closed(admin: Script) -> None:
    refused = admin.delete("/areas/93")
    assert refused.status_code == 409
    assert "1 open area" in refused.json["detail"]


def test_a_closed_area_is_listed_only_when_asked_for(admin: Script) -> None:
    admin.post("/areas", {"code": "x", "name": "Tạm"})
    assert admin.delete("/areas/x").json["closed_at"] is not None
    assert "x" not in [each["code"] for each in admin.get("/areas").json["items"]]
    assert "x" in [each["code"] for each in admin.get("/areas?closed=true").json["items"]]


def test_reading_twice_is_cheap(admin: Script) -> None:
    first = admin.get("/areas/93")
    again = admin.get("/areas/93", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    assert again.data == b""
    assert first.headers["Cache-Control"] == "private, no-cache"


@both_engines
def test_a_taken_code_is_refused(admin: Script) -> None:
    assert admin.post("/areas", {"code": "93", "name": "x"}).status_code == 409


def test_an_unknown_field_is_refused_by_name(admin: Script) -> None:
    refused = admin.post("/areas", {"code": "94", "name": "x", "colour": "red"})
    assert refused.status_code == 422
    assert fields(refused) == ["colour"]
    assert admin.get("/areas/94").status_code == 404


def test_a_field_out_of_range_is_named(admin: Script) -> None:
    refused = admin.post("/areas", {"code": "94", "name": "x", "population": -1})
    assert refused.status_code == 422
    assert fields(refused) == ["population"]


def test_a_value_that_only_we_know_to_be_wrong_is_named(admin: Script) -> None:
    refused = admin.post("/areas", {"code": "94", "name": "x", "timezone": "Asia/Saigonn", "kind": "kingdom"})
    assert refused.status_code == 422
    assert sorted(fields(refused)) == ["kind", "timezone"]


def test_a_code_that_is_no_code_is_refused(admin: Script) -> None:
    assert fields(admin.post("/areas", {"code": "a/b", "name": "x"})) == ["code"]


def test_an_unknown_parent_is_not_there(admin: Script) -> None:
    refused = admin.post("/areas", {"code": "94", "name": "x", "parent": "99"})
    assert refused.status_code == 404
    assert fields(refused) == ["parent"]


def test_a_foreign_area_is_not_there(world: World) -> None:
    province = world.script("admin", "/93/")
    for method, body in (("GET", None), ("PATCH", {"name": "mine"}), ("DELETE", None)):
        assert province.send(method, "/areas/33", body).status_code == 404
    assert province.post("/areas", {"code": "33-9", "name": "x", "parent": "33"}).status_code == 404
    assert [each["code"] for each in province.get("/areas").json["items"]] == ["93-31333", "93"]


def test_a_province_makes_no_top_area(world: World) -> None:
    assert world.script("admin", "/93/").post("/areas", {"code": "94", "name": "x"}).status_code == 403


def test_an_editor_makes_no_area(world: World) -> None:
    assert world.script("editor").post("/areas", {"code": "94", "name": "x"}).status_code == 403


def test_an_unknown_parameter_is_refused_by_name(admin: Script) -> None:
    refused = admin.get("/areas?colour=red")
    assert refused.status_code == 422
    assert fields(refused) == ["colour"]


def test_a_change_stands_in_the_log(world: World, admin: Script) -> None:
    from people.queries import audit_entries

    admin.patch("/areas/93", {"population": 733017})
    with world.services.db.read() as s:
        last = audit_entries(s, ["/93/"])[0]
    assert (last.action, last.ref, last.actor_kind, last.detail) == (
        "area.update",
        "93",
        "key",
        {"changed": ["population"]},
    )
