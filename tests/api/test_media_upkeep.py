"""What areas may keep, and what is retired, restored and swept, through the management API."""

import io

import pytest
from PIL import Image
from werkzeug.test import TestResponse

from core.services import Services
from media import jobs
from tests.api.conftest import Script, World
from tests.api.test_reach import CAMPAIGN

TUS = {"Tus-Resumable": "1.0.0"}
WORDS = {"vi": {"headline": "Cài Bluezone"}}


def picture(side: int = 780) -> bytes:
    out = io.BytesIO()
    Image.effect_noise((side, side), 90).save(out, "PNG")
    return out.getvalue()


def upload(script: Script, content: bytes, area: str = "93") -> TestResponse:
    """As a form, written out: the test client would leave a file of its own open."""
    head = 'Content-Disposition: form-data; name="{}"{}\r\n\r\n'
    parts = [head.format("owner_area", "").encode() + area.encode()]
    parts.append(head.format("file", '; filename="a.png"').encode() + content)
    body = b"".join(b"--limit\r\n" + part + b"\r\n" for part in parts) + b"--limit--\r\n"
    headers = {"Authorization": f"Bearer {script.key}", "Content-Type": "multipart/form-data; boundary=limit"}
    return script.client.post("/api/v1/assets", data=body, headers=headers)


@pytest.fixture
def admin(world: World) -> Script:
    return world.script("admin")


def limit(admin: Script, area: str, megabytes: int) -> None:
    assert admin.patch(f"/areas/{area}", {"settings": {"media_quota_mb": megabytes}}).status_code == 200


def test_it_works(admin: Script) -> None:
    asset = upload(admin, picture()).json["id"]
    assert admin.delete(f"/assets/{asset}").json["state"] == "retired"
    assert [each["id"] for each in admin.get("/assets?retired=true").json["items"]] == [asset]
    assert admin.get("/assets").json["items"] == []
    assert admin.post(f"/assets/{asset}/restore").json["state"] == "ready"
    assert admin.post(f"/assets/{asset}/restore").status_code == 409
    assert admin.get("/assets?retired=true").json["items"] == []


def test_a_quota_holds_for_the_area_and_all_below_it(admin: Script, world: World) -> None:
    limit(admin, "93", 1)
    assert upload(admin, picture()).status_code == 201
    refused = upload(admin, picture(790))
    assert (refused.status_code, refused.json["allowed"]) == (409, 1_000_000)
    assert "retire what is no longer needed" in refused.json["detail"]
    assert upload(admin, picture(800), "93-31333").status_code == 409
    assert upload(admin, picture(800), "33").status_code == 201, "another province has its own room"


def test_an_upload_under_way_takes_room_too(admin: Script) -> None:
    limit(admin, "93", 1)
    headers = {**TUS, "Upload-Length": "600000", "Upload-Metadata": "owner_area OTM="}
    begun = admin.post("/uploads", headers=headers)
    assert begun.status_code == 201
    assert admin.post("/uploads", headers=headers).status_code == 409
    assert upload(admin, picture()).status_code == 409
    admin.delete(begun.headers["Location"].removeprefix("/api/v1"), headers=TUS)
    assert upload(admin, picture()).status_code == 201


def test_what_is_retired_gives_its_room_back_and_takes_it_again(admin: Script) -> None:
    limit(admin, "93", 1)
    first = upload(admin, picture()).json["id"]
    admin.delete(f"/assets/{first}")
    assert upload(admin, picture(790)).status_code == 201
    assert admin.post(f"/assets/{first}/restore").status_code == 409
    assert upload(admin, picture()).status_code == 409, "nor by sending its bytes again"


@pytest.mark.parametrize("wrong", [0, -5, "many", 1.5])
def test_a_quota_that_makes_no_sense_is_refused(wrong: object, admin: Script) -> None:
    assert admin.patch("/areas/93", {"settings": {"media_quota_mb": wrong}}).status_code == 422


def test_nothing_that_a_live_placement_needs_can_be_deleted(admin: Script, services: Services) -> None:
    asset = upload(admin, picture()).json["id"]
    creative = admin.post("/creatives", {"name": "Áp phích", "texts": WORDS, "asset": asset, "owner_area": "93"}).json
    jobs.render(services, {"creative_id": creative["id"]})
    campaign = admin.post("/campaigns", {**CAMPAIGN, "owner_area": "93"}).json["id"]
    wish = {"creatives": [creative["id"]], "targets": {"areas": ["93"]}}
    assert admin.post(f"/campaigns/{campaign}/placements", wish).status_code == 201
    for step in ("submit", "approve"):
        assert admin.post(f"/campaigns/{campaign}/{step}").status_code == 200
    refused = admin.delete(f"/assets/{asset}")
    assert (refused.status_code, refused.json["detail"]) == (
        409,
        "It is shown by: Áp phích. Withdraw or change these first",
    )
    assert admin.delete(f"/creatives/{creative['id']}").status_code == 405
    assert admin.post("/assets/sweep").status_code == 204
    for kind in ("first", "a week later"):
        jobs.sweep_now(services, {})
        assert admin.get("/assets/sweep").json["removed"] == 0, kind
        services.clock.advance(days=8)  # type: ignore[attr-defined]
    for rendition in admin.get(f"/creatives/{creative['id']}").json["renditions"]:
        assert admin.client.get(rendition["url"].removeprefix("http://localhost:8000")).status_code == 200


def test_a_sweep_is_for_who_administers_everything(world: World) -> None:
    for script, status in ((world.script("admin", "/93/"), 404), (world.script("editor"), 403)):
        assert script.post("/assets/sweep").status_code == status
        assert script.get("/assets/sweep").status_code == status
    assert world.script("admin").get("/assets/sweep").json == {"at": None, "removed": 0, "waiting": 0}


def test_the_drawing_of_a_creative_is_stopped_and_taken_up(admin: Script, services: Services) -> None:
    made = admin.post("/creatives", {"name": "x", "texts": WORDS, "owner_area": "93"}).json
    assert (made["state"], made["progress_pct"]) == ("rendering", None)
    assert admin.post(f"/creatives/{made['id']}/stop").json["state"] == "stopped"
    assert admin.post(f"/creatives/{made['id']}/stop").status_code == 409
    jobs.render(services, {"creative_id": made["id"]})
    assert admin.post(f"/creatives/{made['id']}/draw").json["state"] == "rendering"
    jobs.render(services, {"creative_id": made["id"]})
    assert admin.get(f"/creatives/{made['id']}").json["state"] == "ready"
    assert admin.post(f"/creatives/{made['id']}/draw").status_code == 409
