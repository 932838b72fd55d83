"""What was published and the way back, fallbacks, holidays, and a day before it happens."""

from tests.api.conftest import Script, World
from tests.api.test_areas import fields
from tests.api.test_chain import draft


def live(script: Script) -> str:
    ref = draft(script)
    script.post(f"/campaigns/{ref}/submit")
    assert script.post(f"/campaigns/{ref}/approve").status_code == 200
    return ref


def screen(script: Script) -> str:
    made = script.post("/screens", {"location": "ga-vi-thanh", "name": "A", "width": 1080, "height": 1920})
    assert made.status_code == 201, made.json
    return str(made.json["id"])


def test_it_works(admin: Script) -> None:
    ref = live(admin)
    first = admin.get("/publications").json["items"][0]["seq"]
    admin.post(f"/campaigns/{ref}/end")
    assert [one["action"] for one in admin.get("/publications").json["items"]] == ["end", "approve"]
    assert len(admin.post(f"/publications/{first}/restore").json["publications"]) == 1
    assert admin.get(f"/campaigns/{ref}").json["state"] == "live"
    assert admin.post(f"/publications/{first}/restore").json["publications"] == []


def test_an_unknown_publication_is_not_there(admin: Script) -> None:
    assert admin.post("/publications/99/restore").status_code == 404
    assert admin.post("/publications/first/restore").status_code == 404


def test_an_editor_cannot_go_back(world: World, admin: Script) -> None:
    live(admin)
    assert world.script("editor").post("/publications/1/restore").status_code == 403


def test_what_was_published_elsewhere_is_not_listed(world: World, admin: Script) -> None:
    live(admin)
    assert world.script("viewer", "/33/").get("/publications").json["items"] == []


def test_a_fallback_is_set_and_cleared(admin: Script) -> None:
    ref = live(admin)
    creative = admin.get(f"/campaigns/{ref}").json["placements"][0]["creatives"][0]
    assert admin.send("PUT", "/fallbacks", {"area": "93", "creative": creative}).status_code == 200
    assert admin.get("/fallbacks").json["items"] == [{"scope": "area", "code": "93", "creative": creative}]
    admin.send("PUT", "/fallbacks", {"area": "93", "creative": None})
    assert admin.get("/fallbacks").json["items"] == []


def test_a_fallback_that_cannot_be_is_refused(world: World, admin: Script) -> None:
    assert fields(admin.send("PUT", "/fallbacks", {"area": "93", "creative": "crv_x"})) == ["creative"]
    assert admin.send("PUT", "/fallbacks", {"creative": None}).status_code == 409
    mine = world.script("approver", "/33/")
    assert mine.send("PUT", "/fallbacks", {"area": "93", "creative": None}).status_code == 404


def test_holidays_are_kept(admin: Script) -> None:
    made = admin.post("/holidays", {"name": "Tết", "first": "2027-02-05", "last": "2027-02-11"})
    assert made.status_code == 201
    ref = made.json["id"]
    admin.send("PUT", f"/holidays/{ref}", {"name": "Tết Đinh Mùi", "first": "2027-02-04", "last": "2027-02-11"})
    assert [one["name"] for one in admin.get("/holidays").json["items"]] == ["Tết Đinh Mùi"]
    assert admin.delete(f"/holidays/{ref}").status_code == 204
    assert admin.get("/holidays").json["items"] == []
    assert admin.delete(f"/holidays/{ref}").status_code == 404


def test_a_holiday_that_cannot_be_is_refused(admin: Script) -> None:
    assert "first" in fields(admin.post("/holidays", {"name": "Tết", "first": "soon"}))


def test_a_day_is_played_before_it_happens(admin: Script) -> None:
    ref, hung = live(admin), screen(admin)
    told = admin.get("/simulation?date=2026-11-24").json
    assert (told["screens"], told["planned"][0]["campaign"], told["planned"][0]["share"]) == (1, ref, 1.0)
    assert told["troubles"] == []
    before = admin.get("/simulation?date=2027-03-01&area=93").json
    assert [(one["kind"], one["screen"]) for one in before["troubles"]] == [("empty", hung)]
