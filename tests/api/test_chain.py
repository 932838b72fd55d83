"""From a picture to an approved campaign with its links, through the API alone."""

import io
from collections.abc import Callable

import pytest
from PIL import Image

from media.jobs import render
from signage.actions import confirm_takeover
from tests.api.conftest import Script, World
from tests.api.test_areas import fields
from tests.playlists.office import refuse_code

STORES = {
    "android_url": "https://play.google.com/store/apps/details?id=com.mic.bluezone",
    "ios_url": "https://apps.apple.com/vn/app/bluezone/id1508062685",
    "other_url": "https://www.bluezone.gov.vn/",
}
CAMPAIGN = {
    "name": "Bluezone tháng Tám",
    "starts_at": "2026-11-01T00:00:00+07:00",
    "ends_at": "2026-12-31T00:00:00+07:00",
    "destination": STORES,
    "owner_area": "93",
}
WORDS = {
    "vi": {"headline": "Cài Bluezone ngay", "call_to_action": "Quét mã để cài"},
    "en": {"headline": "Get Bluezone"},
}


def picture(colour: str = "navy") -> io.BytesIO:
    file = io.BytesIO()
    Image.new("RGB", (640, 360), colour).save(file, "JPEG")
    file.seek(0)
    return file


def upload(script: Script, content: io.BytesIO | None = None, name: str = "anh.jpg", **form: str):
    return script.post("/assets", data={"file": (content or picture(), name), **form})


def draft(script: Script) -> str:
    """A campaign with one placement on Hậu Giang's station."""
    asset = upload(script, owner_area="93").json
    creative = script.post("/creatives", {"asset": asset["id"], "name": "A", "texts": WORDS, "owner_area": "93"}).json
    campaign = script.post("/campaigns", CAMPAIGN).json
    placed = script.post(
        f"/campaigns/{campaign['id']}/placements",
        {"creatives": [creative["id"]], "targets": {"areas": ["93"]}, "weight": 40},
    )
    assert placed.status_code == 201, placed.json
    return str(campaign["id"])


def test_it_works(admin: Script) -> None:
    ref = draft(admin)
    assert admin.post(f"/campaigns/{ref}/submit").json["status"] == "submitted"
    approved = admin.post(f"/campaigns/{ref}/approve").json
    assert (approved["status"], approved["state"], approved["standing"]) == ("approved", "live", "live")
    assert approved["placements"][0]["weight"] == 40
    assert [each["id"] for each in admin.get("/campaigns").json["items"]] == [ref]


def test_the_same_bytes_are_the_same_asset(admin: Script) -> None:
    first, again = upload(admin, owner_area="93"), upload(admin, owner_area="93")
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json == again.json
    elsewhere = upload(admin, owner_area="33")
    assert elsewhere.status_code == 201
    assert elsewhere.json["id"] != first.json["id"]
    assert elsewhere.json["sha256"] == first.json["sha256"]


def test_an_asset_leaves_the_library_and_comes_back(admin: Script) -> None:
    ref = upload(admin, owner_area="93").json["id"]
    assert admin.delete(f"/assets/{ref}").json["state"] == "retired"
    assert admin.get("/assets").json["items"] == []
    assert admin.post(f"/assets/{ref}/restore").json["state"] == "ready"
    assert len(admin.get("/assets").json["items"]) == 1


def test_a_picture_has_no_pages(admin: Script) -> None:
    ref = upload(admin, owner_area="93").json["id"]
    assert fields(admin.post(f"/assets/{ref}/pages", {"pages": [1]})) == ["pages"]


def test_a_drawn_creative_tells_what_the_scan_gate_found(admin: Script, world: World) -> None:
    made = admin.post("/creatives", {"name": "N", "texts": {"vi": WORDS["vi"]}, "owner_area": "93"}).json
    render(world.services, {"creative_id": made["id"]})
    after = admin.get(f"/creatives/{made['id']}").json
    assert after["state"] == "ready"
    assert sorted(after["scan"]) == ["1080x1920", "1920x1080"]
    assert after["scan"]["1920x1080"]["verdict"] == "passed"
    assert after["scan"]["1920x1080"]["judgements"][0]["language"] == "vi"
    assert len(after["renditions"]) == 2
    for rendition in after["renditions"]:
        assert rendition["score"] >= 0.9
        assert rendition["encodings"] == []


def test_a_film_keeps_its_sound_when_asked(admin: Script) -> None:
    wish = {"name": "N", "texts": {"vi": WORDS["vi"]}, "owner_area": "93"}
    silent = admin.post("/creatives", wish).json
    assert silent["sound"] is False
    assert admin.patch(f"/creatives/{silent['id']}", {"sound": True}).json["sound"] is True
    assert admin.patch(f"/creatives/{silent['id']}", {"name": "M"}).json["sound"] is True
    assert admin.post("/creatives", wish | {"sound": True}).json["sound"] is True
    assert fields(admin.post("/creatives", wish | {"sound": "loud"})) == ["sound"]


def test_a_creative_waits_to_be_drawn(admin: Script) -> None:
    made = admin.post("/creatives", {"asset": None, "name": "N", "texts": WORDS, "owner_area": "93", "qr": None})
    assert made.status_code == 201
    assert (made.json["state"], made.json["renditions"], made.json["qr"]) == ("rendering", [], None)
    assert made.json["texts"] == WORDS
    assert admin.get(f"/creatives/{made.json['id']}").json == made.json


def test_a_creative_changes(admin: Script) -> None:
    made = admin.post("/creatives", {"name": "N", "texts": WORDS, "qr": {"corner": "top-left"}}).json
    after = admin.patch(f"/creatives/{made['id']}", {"duration_ms": 8000}).json
    assert after["duration_ms"] == 8000
    assert after["qr"] == made["qr"]


def test_a_withdrawn_creative_says_why(admin: Script) -> None:
    made = admin.post("/creatives", {"name": "N", "texts": WORDS}).json
    after = admin.post(f"/creatives/{made['id']}/withdraw", {"reason": "Sai số điện thoại"}).json
    assert after["withdrawn_reason"] == "Sai số điện thoại"
    assert admin.post(f"/creatives/{made['id']}/withdraw", {"reason": "again"}).status_code == 409


def test_an_edit_asks_for_approval_again_and_plays_on(admin: Script) -> None:
    ref = draft(admin)
    admin.post(f"/campaigns/{ref}/submit")
    admin.post(f"/campaigns/{ref}/approve")
    edited = admin.patch(f"/campaigns/{ref}", {"name": "Bluezone"}).json
    assert (edited["status"], edited["standing"]) == ("draft", "live")


def test_a_creative_that_was_approved_asks_for_approval_again(admin: Script) -> None:
    ref = draft(admin)
    for step in ("submit", "approve"):
        admin.post(f"/campaigns/{ref}/{step}")
    before = admin.get(f"/campaigns/{ref}").json["placements"][0]["creatives"][0]
    after = admin.patch(f"/creatives/{before}", {"texts": {"vi": {"headline": "Khác"}}}).json
    assert after["id"] != before
    assert admin.get(f"/creatives/{before}").json["texts"] == WORDS
    campaign = admin.get(f"/campaigns/{ref}").json
    assert (campaign["status"], campaign["standing"]) == ("draft", "live")
    assert campaign["placements"][0]["creatives"] == [after["id"]]


def test_a_placement_changes_and_goes(admin: Script) -> None:
    ref = draft(admin)
    placement = admin.get(f"/campaigns/{ref}").json["placements"][0]["id"]
    windows = [{"days": ["mon"], "from": "07:00", "to": "09:00"}]
    after = admin.patch(f"/placements/{placement}", {"dayparts": windows, "priority": "important"})
    assert after.status_code == 200, after.json
    assert (after.json["dayparts"], after.json["priority"], after.json["weight"]) == (windows, "important", 40)
    assert admin.delete(f"/placements/{placement}").status_code == 204
    assert admin.get(f"/campaigns/{ref}").json["placements"] == []


def test_a_paused_campaign_is_resumed_and_ended(admin: Script) -> None:
    ref = draft(admin)
    admin.post(f"/campaigns/{ref}/submit")
    admin.post(f"/campaigns/{ref}/approve")
    states = [admin.post(f"/campaigns/{ref}/{step}").json["state"] for step in ("pause", "resume", "end")]
    assert states == ["paused", "live", "ended"]


def test_an_unpublished_campaign_can_be_forgotten(admin: Script) -> None:
    ref = draft(admin)
    assert admin.delete(f"/campaigns/{ref}").status_code == 204
    assert admin.get(f"/campaigns/{ref}").status_code == 404


def test_a_takeover_starts_and_ends(admin: Script) -> None:
    creative = admin.post("/creatives", {"name": "N", "texts": WORDS, "owner_area": "93"}).json["id"]
    started = admin.post(
        "/takeovers",
        {
            "creative": creative,
            "targets": {"locations": ["ga-vi-thanh"], "media": ["screen"]},
            "ends_at": "2026-11-22T12:00:00+07:00",
            "reason": "Bão số 9",
            "owner_area": "93",
        },
    )
    assert started.status_code == 201, started.json
    assert [each["id"] for each in admin.get("/takeovers?running=true").json["items"]] == [started.json["id"]]
    assert admin.delete(f"/takeovers/{started.json['id']}").json["ended_at"] == "2026-11-22T02:00:00.000Z"
    assert admin.get("/takeovers?running=true").json["items"] == []
    assert len(admin.get("/takeovers").json["items"]) == 1


def test_it_is_told_which_screens_have_confirmed_a_takeover(admin: Script, world: World) -> None:
    creative = admin.post("/creatives", {"name": "N", "texts": WORDS, "owner_area": "93"}).json["id"]
    for name in ("A", "B"):
        hung = {"location": "ga-vi-thanh", "name": name, "width": 1080, "height": 1920}
        screen = admin.post("/screens", hung).json["id"]
    targets = {"locations": ["ga-vi-thanh"]}
    whole = {"creative": creative, "targets": targets, "ends_at": "2026-11-22T12:00:00+07:00", "reason": "Bão số 9"}
    ref = admin.post("/takeovers", {**whole, "owner_area": "93"}).json["id"]
    now = world.services.clock.now()
    world.services.db.write(lambda s: confirm_takeover(s, screen, ref, now))
    told = admin.get(f"/takeovers/{ref}").json
    assert (told["screens"], told["screens_confirmed"]) == (2, 1)
    listed = admin.get(f"/takeovers/{ref}/screens").json["items"]
    assert {each["name"]: each["confirmed_at"] for each in listed} == {"A": None, "B": "2026-11-22T02:00:00.000Z"}


def test_an_unknown_takeover_has_no_screens(admin: Script) -> None:
    assert admin.get("/takeovers/tko_none/screens").status_code == 404


def test_a_link_has_a_code_and_its_pictures(admin: Script, world: World) -> None:
    ref = draft(admin)
    wish = {"campaign": ref, "location": "ga-vi-thanh", "measure": 2, "channel": "leaflet"}
    made = admin.post("/links", wish)
    assert made.status_code == 201, made.json
    link = made.json
    assert link["url"] == f"http://localhost:8000/q/{link['code']}"
    for name, mimetype in (("qr_svg_url", "image/svg+xml"), ("qr_png_url", "image/png")):
        drawn = world.client.get(link[name].removeprefix("http://localhost:8000"))
        assert (drawn.status_code, drawn.mimetype) == (200, mimetype)
    assert admin.post("/links", wish).json["code"] == link["code"]
    assert admin.get(f"/links/{link['code'].lower()}").json == link
    assert [each["code"] for each in admin.get(f"/links?campaign={ref}").json["items"]] == [link["code"]]
    assert admin.delete(f"/links/{link['code']}").json["retired_at"] == "2026-11-22T02:00:00.000Z"


def test_a_link_lets_no_unapproved_address_out(admin: Script, world: World) -> None:
    ref = draft(admin)
    admin.post(f"/campaigns/{ref}/submit")
    admin.post(f"/campaigns/{ref}/approve")
    admin.patch(f"/campaigns/{ref}", {"destination": {"other_url": "https://elsewhere.example/"}})
    code = admin.post("/links", {"campaign": ref, "measure": 7, "channel": "zalo"}).json["code"]
    agent = {"User-Agent": "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/120 Mobile Safari/537.36"}
    assert world.client.get(f"/q/{code}", headers=agent).headers["Location"].startswith(STORES["android_url"])


def test_a_hotspot_is_made_changed_and_closed(admin: Script) -> None:
    gateway = {"dialect": "opennds", "grant_base": "http://10.77.0.1:2050", "level": 1, "faskey": "s3cret-key"}
    made = admin.post("/hotspots", {"code": "ga-wifi", "location": "ga-vi-thanh", "gateway": gateway})
    assert made.status_code == 201, made.json
    assert made.json["splash_url"] == "http://localhost:8000/wifi/ga-wifi"
    assert "s3cret" not in made.text
    after = admin.patch("/hotspots/ga-wifi", {"name": "Wifi nhà ga", "session_minutes": 60}).json
    assert (after["name"], after["session_minutes"]) == ("Wifi nhà ga", 60)
    assert after["gateway"] == made.json["gateway"]
    assert [each["code"] for each in admin.get("/hotspots").json["items"]] == ["ga-wifi"]
    assert admin.delete("/hotspots/ga-wifi").json["closed_at"] is not None


def test_a_report_counts_every_open_location(admin: Script) -> None:
    report = admin.get("/reports/locations?from=2026-11-01&to=2026-11-22").json
    assert [(row["location"], row["plays"]) for row in report["items"]] == [("ga-vi-thanh", 0), ("cho-pho-hien", 0)]
    assert report["totals"]["scans"] == 0
    assert report["complete_to"] == "2026-11-22T02:00:00.000Z"


REFUSED: list[tuple[Callable[[Script], object], int, list[str]]] = [
    (lambda a: upload(a, io.BytesIO(b"not a picture"), owner_area="93"), 415, []),
    (lambda a: upload(a, owner_area="94"), 404, ["owner_area"]),
    (
        lambda a: a.post("/assets", data={"owner_area": "93"}, headers={"Content-Type": "multipart/form-data"}),
        422,
        ["file"],
    ),
    (lambda a: a.post("/assets", {"file": "x"}), 415, []),
    (lambda a: a.post("/creatives", {"name": "N", "texts": {}}), 422, ["texts"]),
    (lambda a: a.post("/creatives", {"name": "N", "texts": WORDS, "asset": "ast_nothing"}), 404, ["asset"]),
    (lambda a: a.post("/creatives", {"name": "N", "texts": WORDS, "fit": "stretch"}), 422, ["fit"]),
    (lambda a: a.post("/campaigns", {**CAMPAIGN, "ends_at": "2026-01-01T00:00:00Z"}), 422, ["ends_at"]),
    (lambda a: a.post("/campaigns", {**CAMPAIGN, "starts_at": "2026-11-01T00:00:00"}), 422, ["starts_at"]),
    (lambda a: a.post("/campaigns", {**CAMPAIGN, "destination": {}}), 422, ["destination"]),
    (lambda a: a.post("/campaigns", {**CAMPAIGN, "destination": {"web": "x"}}), 422, ["destination.web"]),
    (lambda a: a.post("/campaigns", {**CAMPAIGN, "owner_area": "94"}), 404, ["owner_area"]),
    (lambda a: a.post("/campaigns/cmp_nothing/submit"), 404, ["campaign"]),
    (lambda a: a.post("/takeovers", {"creative": "x", "targets": {}, "ends_at": "tomorrow", "reason": "x"}), 422, []),
    (lambda a: a.post("/links", {"campaign": "cmp_nothing", "measure": 2, "channel": "leaflet"}), 404, ["campaign"]),
    (lambda a: a.post("/links", {"campaign": "x", "measure": 11, "channel": "leaflet"}), 422, ["measure"]),
    (lambda a: a.post("/links", {"campaign": "x", "measure": 2, "channel": "Tờ rơi"}), 422, ["channel"]),
    (lambda a: a.get("/reports/locations?from=2026-11-01"), 422, ["to"]),
    (lambda a: a.get("/reports/locations?from=2026-11-02&to=2026-11-01"), 422, ["to"]),
    (lambda a: a.get("/reports/locations?from=2026-11-01&to=2026-11-02&by=hour"), 422, ["by"]),
    (lambda a: a.post("/hotspots", {"code": "x", "location": "ga-vi-thanh", "gateway": {}}), 422, ["gateway.dialect"]),
]


@pytest.mark.parametrize("which", range(len(REFUSED)))
def test_what_cannot_be_is_refused(admin: Script, which: int) -> None:
    attempt, status, named = REFUSED[which]
    refused = attempt(admin)
    assert refused.status_code == status, refused.text  # type: ignore[attr-defined]
    assert refused.mimetype == "application/problem+json"  # type: ignore[attr-defined]
    if named:
        assert fields(refused) == named


def test_an_approved_campaign_needs_submitting_first(admin: Script) -> None:
    assert admin.post(f"/campaigns/{draft(admin)}/approve").status_code == 409


def test_an_editor_approves_nothing(world: World, admin: Script) -> None:
    ref = draft(admin)
    admin.post(f"/campaigns/{ref}/submit")
    assert world.script("editor", "/93/").post(f"/campaigns/{ref}/approve").status_code == 403


def test_who_works_in_one_area_need_not_name_it(world: World) -> None:
    editor = world.script("editor", "/93/")
    made = editor.post("/campaigns", {name: value for name, value in CAMPAIGN.items() if name != "owner_area"})
    assert made.json["owner_area_path"] == "/93/"


def test_variants_are_compared(admin: Script) -> None:
    ref = draft(admin)
    rows = [admin.post("/creatives", {"name": name, "texts": WORDS, "owner_area": "93"}).json["id"] for name in "AB"]
    arms = [{"name": name, "creatives": [row]} for name, row in zip("AB", rows, strict=True)]
    where = {"targets": {"locations": ["ga-vi-thanh"]}, "creatives": rows}
    placed = admin.post(f"/campaigns/{ref}/placements", {**where, "variants": arms}).json["id"]
    told = admin.get(f"/placements/{placed}/experiment").json
    assert [each["outcome"] for each in told["comparisons"]] == ["scans_per_play", "stores_per_view"]
    for each in told["comparisons"]:
        assert [one["name"] for one in each["variants"]] == ["A", "B"]
        assert not each["decided"]
        assert each["verdict"].startswith("There is nothing to compare yet")
    plain = admin.post(f"/campaigns/{ref}/placements", where).json["id"]
    assert admin.get(f"/placements/{plain}/experiment").status_code == 409


def test_a_creative_that_the_gate_refused_is_not_placed(admin: Script, world: World) -> None:
    ref = draft(admin)
    creative = admin.get(f"/campaigns/{ref}").json["placements"][0]["creatives"][0]
    world.services.db.write(lambda s: refuse_code(s, creative))
    answer = admin.post(f"/campaigns/{ref}/placements", {"creatives": [creative], "targets": {"areas": ["93"]}})
    assert answer.status_code == 422
    assert fields(answer) == ["creatives"]
    assert "refused by the scan gate" in answer.json["errors"][0]["message"]


def test_a_hotspot_shows_its_host_s_logo(admin: Script, world: World) -> None:
    gateway = {"dialect": "opennds", "grant_base": "http://10.0.0.1:2050", "level": 1, "faskey": "k3y-secret"}
    made = admin.post("/hotspots", {"code": "ga-wifi", "location": "ga-vi-thanh", "gateway": gateway})
    assert made.json["logo_version"] == 0
    logo = io.BytesIO()
    image = Image.new("RGB", (200, 80), "white")
    image.paste("navy", (20, 20, 180, 60))
    image.save(logo, "PNG")
    logo.seek(0)
    asset = upload(admin, logo, "logo.png", owner_area="93").json["id"]
    assert admin.send("PATCH", "/hotspots/ga-wifi", {"logo": asset}).json["logo_version"] == 1
    assert admin.send("PATCH", "/hotspots/ga-wifi", {"name": "Ga"}).json["logo_version"] == 1
    assert admin.send("PATCH", "/hotspots/ga-wifi", {"logo": None}).json["logo_version"] == 2
    unknown = admin.send("PATCH", "/hotspots/ga-wifi", {"logo": "ast_unknown"})
    assert (unknown.status_code, fields(unknown)) == (404, ["logo"])
    empty = upload(admin, owner_area="93").json["id"]  # one colour: nothing is on it
    refused = admin.send("PATCH", "/hotspots/ga-wifi", {"logo": empty})
    assert (refused.status_code, fields(refused)) == (422, ["logo"])
    assert admin.get("/hotspots/ga-wifi").json["logo_version"] == 2
