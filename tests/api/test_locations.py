"""Locations through the API."""

import pytest

from tests.api.conftest import Script, World
from tests.api.test_areas import fields

STATION = {
    "code": "ga-2",
    "name": "Bến tàu Ninh Kiều",
    "area": "93-31333",
    "venue_kind": "port",
    "latitude": 9.784,
    "longitude": 105.47,
    "tags": ["sông", "du lịch"],
    "viewing_distance_m": 4,
    "audience_multiplier": 12.5,
    "operating_hours": [{"days": ["mon", "tue"], "from": "05:00", "to": "22:00"}],
    "languages": {"vi": 70, "en": 30},
}


def test_it_works(admin: Script) -> None:
    made = admin.post("/locations", STATION)
    assert made.status_code == 201
    assert {name: made.json[name] for name in STATION} == STATION
    assert made.json["area_path"] == "/93/93-31333/"
    assert made.json["openooh_venue_id"] == 10703
    assert admin.get("/locations/ga-2").json == made.json


def test_what_is_left_out_has_a_sensible_value(admin: Script) -> None:
    made = admin.post("/locations", {"code": "x", "name": "X", "area": "93", "venue_kind": "market"}).json
    assert (made["timezone"], made["audience_multiplier"], made["tags"]) == ("Asia/Ho_Chi_Minh", 1.0, [])
    assert (made["operating_hours"], made["languages"]) == ([], {"vi": 100})


def test_a_location_moves_to_another_area(admin: Script) -> None:
    moved = admin.patch("/locations/ga-vi-thanh", {"area": "93"}).json
    assert (moved["area"], moved["area_path"]) == ("93", "/93/")


def test_a_location_closes(admin: Script) -> None:
    assert admin.delete("/locations/ga-vi-thanh").json["closed_at"] == "2026-11-22T02:00:00.000Z"
    assert [each["code"] for each in admin.get("/locations").json["items"]] == ["cho-pho-hien"]


def test_what_was_closed_opens_again(admin: Script) -> None:
    admin.delete("/locations/ga-vi-thanh")
    assert admin.post("/locations/ga-vi-thanh/reopen").json["closed_at"] is None
    admin.post("/areas", {"code": "x", "name": "Tạm"})
    admin.delete("/areas/x")
    assert admin.post("/areas/x/reopen").json["closed_at"] is None


def test_a_list_can_be_of_one_area(admin: Script) -> None:
    assert [each["code"] for each in admin.get("/locations?area=33").json["items"]] == ["cho-pho-hien"]


def test_the_kinds_of_place_are_told(admin: Script) -> None:
    kinds = admin.get("/venue-kinds").json["items"]
    assert {
        "kind": "port",
        "vi": "Cảng, bến phà",
        "en": "Port or ferry terminal",
        "openooh": 10703,
        "openooh_1_1": 107,
    } in kinds


@pytest.mark.parametrize(
    ("field", "value", "named"),
    [
        ("venue_kind", "moon", "venue_kind"),
        ("latitude", 91, "latitude"),
        ("timezone", "Mars/Olympus", "timezone"),
        ("tags", ["a,b"], "tags"),
        ("audience_multiplier", -1, "audience_multiplier"),
        ("languages", {"Vietnamese": 1}, "languages"),
        ("languages", {}, "languages"),
        ("operating_hours", [{"days": ["mon"], "from": "25:00", "to": "26:00"}], "operating_hours[0].from"),
        ("operating_hours", [{"days": ["mon"], "from": "05:00"}], "operating_hours[0].to"),
        ("name", "\u200b", "name"),
        ("seats", 4, "seats"),
    ],
)
def test_a_wrong_field_is_named(admin: Script, field: str, value: object, named: str) -> None:
    refused = admin.post("/locations", {**STATION, field: value})
    assert refused.status_code == 422
    assert fields(refused) == [named]
    assert admin.get("/locations/ga-2").status_code == 404


def test_a_taken_code_is_refused(admin: Script) -> None:
    assert admin.post("/locations", {**STATION, "code": "cho-pho-hien"}).status_code == 409


def test_a_closed_area_takes_no_location(admin: Script) -> None:
    admin.post("/areas", {"code": "old", "name": "Cũ"})
    admin.delete("/areas/old")
    refused = admin.post("/locations", {**STATION, "area": "old"})
    assert refused.status_code == 422
    assert fields(refused) == ["area"]


def test_a_foreign_location_is_not_there(world: World) -> None:
    province = world.script("admin", "/93/")
    for method, body in (("GET", None), ("PATCH", {"name": "mine"}), ("DELETE", None)):
        assert province.send(method, "/locations/cho-pho-hien", body).status_code == 404
    assert province.get("/locations?area=33").status_code == 404


def test_a_location_goes_into_no_foreign_area(world: World) -> None:
    province = world.script("admin", "/93/")
    assert province.post("/locations", {**STATION, "area": "33"}).status_code == 404
    assert province.patch("/locations/ga-vi-thanh", {"area": "33"}).status_code == 404


def test_a_viewer_changes_nothing(world: World) -> None:
    viewer = world.script("viewer")
    assert viewer.get("/locations/ga-vi-thanh").status_code == 200
    assert viewer.patch("/locations/ga-vi-thanh", {"name": "x"}).status_code == 403
