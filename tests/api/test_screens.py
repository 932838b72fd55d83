"""Screens and explanations through the API."""

from datetime import timedelta

import pytest

from media.actions import ensure_builtin
from media.jobs import render
from signage.actions import keep_seen, keep_troubles
from signage.models import Screenshot
from tests.api.conftest import Script, World
from tests.api.test_areas import fields
from tests.api.test_chain import draft

PANEL = {"location": "ga-vi-thanh", "name": "Sảnh A", "width": 1080, "height": 1920}


def waiting(world: World) -> str:
    """The code that a new panel shows."""
    asked = world.client.post(
        "/api/v1/player/authorize",
        json={"client": {"name": "kiosk", "version": "1", "platform": "test"}, "width": 1920, "height": 1080},
    )
    return str(asked.json["user_code"])


def test_it_works(admin: Script, world: World) -> None:
    claimed = admin.post(
        "/screens/claim", {"user_code": waiting(world), "location": "ga-vi-thanh", "name": "Thang máy 1"}
    )
    assert claimed.status_code == 201, claimed.json
    assert (claimed.json["width"], claimed.json["location"]) == (1920, "ga-vi-thanh")
    assert admin.get(f"/screens/{claimed.json['id']}").json == claimed.json
    assert [each["id"] for each in admin.get("/screens").json["items"]] == [claimed.json["id"]]


def test_a_screen_is_claimed_in_test_mode(admin: Script, world: World) -> None:
    wish = {"user_code": waiting(world), "location": "ga-vi-thanh", "name": "Thang máy 1", "testing": True}
    assert admin.post("/screens/claim", wish).json["testing"] is True


def test_screens_are_listed_by_area_location_and_state(admin: Script, world: World) -> None:
    here, there = (
        admin.post("/screens", PANEL | {"location": place}).json for place in ("ga-vi-thanh", "cho-pho-hien")
    )
    now = world.services.clock.now()
    heard = {here["id"]: now - timedelta(minutes=10)}
    world.services.db.write(lambda s: keep_seen(s, heard))

    def listed(query: str) -> list[str]:
        return [each["id"] for each in admin.get(f"/screens?{query}").json["items"]]

    assert listed("state=late") == listed("area=93") == listed("location=ga-vi-thanh") == [here["id"]]
    assert listed("state=never") == [there["id"]]
    assert listed("state=live") == listed("state=lost") == listed("area=93&state=never") == []
    assert admin.get(f"/screens/{here['id']}").json["state"] == "late"


def test_states_and_areas_that_there_are_not_are_refused(admin: Script) -> None:
    assert admin.get("/screens?state=asleep").status_code == 422
    assert admin.get("/screens?area=nowhere").status_code == 404


def test_a_screen_tells_what_last_went_wrong(admin: Script, world: World) -> None:
    made = admin.post("/screens", PANEL).json
    assert made["last_error"] is None
    now = world.services.clock.now()
    told = [{"code": "media-hash", "detail": "a" * 64}, {"code": "storage-full", "detail": ""}]
    world.services.db.write(lambda s: keep_troubles(s, made["id"], told, now))
    (listed,) = admin.get("/screens").json["items"]
    assert listed["last_error"] == {"at": "2026-11-22T02:00:00.000Z", "code": "storage-full", "detail": ""}
    assert admin.get(f"/screens/{made['id']}").json["last_error"] == listed["last_error"]


def test_each_location_is_counted(admin: Script, world: World) -> None:
    refs = [admin.post("/screens", PANEL | {"name": name}).json["id"] for name in ("A", "B", "C")]
    admin.post("/screens", PANEL | {"location": "cho-pho-hien"})
    now = world.services.clock.now()
    heard = {refs[0]: now, refs[1]: now - timedelta(hours=2)}
    world.services.db.write(lambda s: keep_seen(s, heard))
    counted = {each["location"]: each for each in admin.get("/screens/standings").json["items"]}
    station = counted["ga-vi-thanh"]
    assert [station[name] for name in ("total", "live", "late", "lost", "never")] == [3, 1, 0, 1, 1]
    assert counted["cho-pho-hien"]["never"] == 1
    assert [each["location"] for each in admin.get("/screens/standings?area=93").json["items"]] == ["ga-vi-thanh"]


def draw_the_builtin(world: World) -> None:
    """What screens show when there is nothing else: the job process draws it."""
    made = world.services.db.write(lambda s: ensure_builtin(s, world.services.clock.now()))
    render(world.services, {"creative_id": made.id})


def test_a_screen_with_a_key_plays(admin: Script, world: World) -> None:
    made = admin.post("/screens", PANEL)
    assert made.status_code == 201, made.json
    draw_the_builtin(world)
    manifest = Script(world.client, made.json["screen_key"]).get("/player/manifest")
    assert manifest.status_code == 200
    assert manifest.json["screen"]["id"] == made.json["id"]


def test_a_key_is_changed_and_revoked(admin: Script, world: World) -> None:
    made = admin.post("/screens", PANEL).json
    fresh = admin.post(f"/screens/{made['id']}/key").json["screen_key"]
    assert Script(world.client, fresh).get("/player/manifest").status_code != 401
    assert admin.delete(f"/screens/{made['id']}/key").status_code == 200
    world.services.clock.advance(seconds=10)
    assert Script(world.client, fresh).get("/player/manifest").status_code == 401


def test_a_screen_moves_changes_and_closes(admin: Script) -> None:
    ref = admin.post("/screens", PANEL).json["id"]
    after = admin.patch(f"/screens/{ref}", {"location": "cho-pho-hien", "name": "Cổng chợ", "pixel_pitch_mm": 2.5}).json
    assert (after["location"], after["area_path"]) == ("cho-pho-hien", "/33/33-11950/")
    assert (after["name"], after["pixel_pitch_mm"]) == ("Cổng chợ", 2.5)
    assert admin.delete(f"/screens/{ref}").json["closed_at"] == "2026-11-22T02:00:00.000Z"
    assert admin.get(f"/screens/{ref}").status_code == 404


def test_a_screen_is_asked_to_do_something(admin: Script, world: World) -> None:
    made = admin.post("/screens", PANEL).json
    asked = admin.post(f"/screens/{made['id']}/commands", {"type": "identify"})
    assert asked.status_code == 201
    assert [each["ok"] for each in admin.get(f"/screens/{made['id']}/commands").json["items"]] == [None]


def test_it_explains_what_plays_and_why(admin: Script) -> None:
    ref = admin.post("/screens", PANEL).json["id"]
    campaign = draft(admin)
    before = admin.get(f"/explain?screen={ref}").json
    assert before["fallback"] is True
    assert [(each["campaign"], each["plays"], each["reason"]) for each in before["findings"]] == [
        (campaign, False, "draft")
    ]
    admin.post(f"/campaigns/{campaign}/submit")
    admin.post(f"/campaigns/{campaign}/approve")
    after = admin.get(f"/explain?screen={ref}", headers={"Accept-Language": "vi"}).json
    assert [(each["plays"], each["share"]) for each in after["findings"]] == [(True, 1.0)]
    assert "vòng" in after["findings"][0]["why"]
    past = admin.get(f"/explain?screen={ref}&at=2026-10-01T00:00:00Z").json
    assert past["fallback"] is True


REFUSED = [
    ("/screens/claim", {"user_code": "BCDF-GHJK", "location": "ga-vi-thanh", "name": "x"}, 422, ["user_code"]),
    ("/screens/claim", {"user_code": "BCDF-GHJK", "location": "nowhere", "name": "x"}, 404, ["location"]),
    ("/screens", {**PANEL, "width": 0}, 422, ["width"]),
    ("/screens", {**PANEL, "orientation": "round"}, 422, ["orientation"]),
    ("/screens", {**PANEL, "location": "nowhere"}, 404, ["location"]),
    ("/screens", {**PANEL, "colour": "red"}, 422, ["colour"]),
]


@pytest.mark.parametrize(("path", "body", "status", "named"), REFUSED)
def test_what_cannot_be_is_refused(
    admin: Script, path: str, body: dict[str, object], status: int, named: list[str]
) -> None:
    refused = admin.post(path, body)
    assert refused.status_code == status, refused.text
    assert fields(refused) == named
    assert admin.get("/screens").json["items"] == []


@pytest.mark.parametrize("query", ["", "screen=x&hotspot=y"])
def test_an_explanation_is_of_one_thing(admin: Script, query: str) -> None:
    assert fields(admin.get(f"/explain?{query}")) == ["screen"]


def test_a_code_is_claimed_once(admin: Script, world: World) -> None:
    code = waiting(world)
    wish = {"user_code": code, "location": "ga-vi-thanh", "name": "x"}
    assert admin.post("/screens/claim", wish).status_code == 201
    assert admin.post("/screens/claim", wish).status_code == 409


def test_codes_cannot_be_guessed_without_end(admin: Script) -> None:
    wish = {"user_code": "BCDF-GHJK", "location": "ga-vi-thanh", "name": "x"}
    answers = [admin.post("/screens/claim", wish).status_code for _ in range(61)]
    assert answers[-1] == 429


def test_a_day_is_told_by_the_hour(admin: Script, world: World) -> None:
    made = admin.post("/screens", PANEL).json
    hours = admin.get(f"/screens/{made['id']}/day").json["hours"]
    assert len(hours) == 24
    assert {hour["why"] for hour in hours} <= {None, "not_hung"}
    assert world.script("viewer", "/33/").get(f"/screens/{made['id']}/day").status_code == 404


def test_a_photograph_that_was_never_taken_is_not_there(admin: Script) -> None:
    made = admin.post("/screens", PANEL).json
    assert admin.get(f"/screens/{made['id']}/screenshot").status_code == 404


def test_a_photograph_stands_beside_what_should_have_been_there(admin: Script, world: World) -> None:
    made = admin.post("/screens", PANEL).json
    assert admin.get(f"/screens/{made['id']}/comparison").status_code == 404
    red = {"creative": "crv_red", "language": "vi", "media_url": "/media/aa.png", "mime": "image/png"}
    evidence = {"shown": None, "apart": 120.5, "turn": 0, "due": [red]}
    taken = {"command_id": "cmd_1", "at": world.services.clock.now(), "sha256": "0" * 64, "jpeg": b"x"}
    row = Screenshot(screen_id=made["id"], **taken, verdict="differs", evidence=evidence)
    world.services.db.write(lambda s: s.add(row))
    told = admin.get(f"/screens/{made['id']}/comparison").json
    assert (told["verdict"], told["shown"], told["due"]) == ("differs", None, [red])
    assert world.script("viewer", "/33/").get(f"/screens/{made['id']}/comparison").status_code == 404


def test_a_player_of_another_make_is_given_an_address(admin: Script) -> None:
    made = admin.post("/screens", PANEL | {"dialect": "smil"}).json
    assert made["address"] == f"http://localhost:8000/play/{made['screen_key']}/index.smil"
    assert admin.get(f"/screens/{made['id']}").json["dialect"] == "smil"
    assert "screen_key" not in admin.get(f"/screens/{made['id']}").json


def test_where_the_key_has_a_field_of_its_own_the_address_is_the_server(admin: Script) -> None:
    made = admin.post("/screens", PANEL | {"dialect": "xibo"}).json
    assert made["address"] == "http://localhost:8000"


def test_our_own_player_needs_no_address(admin: Script) -> None:
    assert admin.post("/screens", PANEL).json["address"] is None


def test_a_screen_whose_player_is_exchanged_stays_the_same_screen(admin: Script) -> None:
    made = admin.post("/screens", PANEL | {"dialect": "smil"}).json
    assert admin.patch(f"/screens/{made['id']}", {"dialect": "mpv"}).json["dialect"] == "mpv"
    fresh = admin.post(f"/screens/{made['id']}/key").json
    assert fresh["address"].endswith(f"/play/{fresh['screen_key']}/player.py")


def test_an_unknown_make_is_refused(admin: Script) -> None:
    assert "dialect" in fields(admin.post("/screens", PANEL | {"dialect": "esperanto"}))


def test_a_make_is_asked_only_for_what_it_can(admin: Script) -> None:
    made = admin.post("/screens", PANEL | {"dialect": "smil"}).json
    assert "type" in fields(admin.post(f"/screens/{made['id']}/commands", {"type": "identify"}))
    assert admin.post(f"/screens/{made['id']}/commands", {"type": "reboot"}).status_code == 201


def test_the_makes_are_listed_with_what_they_can_do(admin: Script) -> None:
    makes = {one["name"]: one for one in admin.get("/dialects").json["items"]}
    assert set(makes) == {"own", "smil", "xibo", "mpv", "page"}
    assert makes["smil"]["address"] == "/play/{key}/index.smil"
    assert not makes["smil"]["overlays"]
    assert makes["own"]["confirms_takeovers"]
