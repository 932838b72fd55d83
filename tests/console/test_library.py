"""Files come in, creatives are made, changed and withdrawn."""

import io

import pytest
from PIL import Image

from core.services import Services
from media import jobs, queries
from media.models import Creative
from people import queries as people
from people.roles import SYSTEM
from places import actions as places
from places import queries as places_queries
from signage import actions as signage
from tests.console.conftest import Operator, People

WISH = {
    "name": "Cài Bluezone",
    "headline_vi": "Cài Bluezone ngay hôm nay",
    "action_vi": "Quét mã để cài",
    "headline_en": "Install Bluezone today",
    "duration_s": "10",
    "fit": "cover",
    "background": "#0D47A1",
    "qr_corner": "bottom-right",
    "qr_width_pct": "30",
    "owner_area": "93",
}


@pytest.fixture
def photo() -> bytes:
    out = io.BytesIO()
    Image.effect_noise((640, 480), 40).convert("RGB").save(out, "JPEG")
    return out.getvalue()


def upload(operator: Operator, content: bytes, name: str = "ảnh.jpg", **headers: str):  # type: ignore[no-untyped-def]
    return operator.client.post(
        "/console/library/upload",
        data={"file": (io.BytesIO(content), name), "owner_area": "93"},
        headers={"X-CSRF-Token": operator.token(), **headers},
    )


def made(services: Services) -> Creative:
    with services.db.read() as s:
        return next(one for one in queries.creatives(s, ["/"]))


def test_it_works(editor: Operator, photo: bytes, services: Services) -> None:
    answer = upload(editor, photo, **{"HX-Request": "true"})
    assert answer.status_code == 201
    assert "/library/creatives/new?asset=ast_" in answer.text
    with services.db.read() as s:
        asset = queries.assets(s, ["/93/"])[0]
    assert (asset.name, asset.width, asset.height) == ("ảnh.jpg", 640, 480)
    assert editor.get(f"/library/files/{asset.id}").status_code == 200


def test_the_same_file_again_is_the_same_asset(editor: Operator, photo: bytes) -> None:
    upload(editor, photo)
    again = upload(editor, photo, **{"HX-Request": "true"})
    assert again.status_code == 200


def test_several_files_come_in_without_scripts(editor: Operator, photo: bytes) -> None:
    response = editor.client.post(
        "/console/library/upload",
        data={
            "csrf_token": editor.token(),
            "file": [(io.BytesIO(photo), "a.jpg"), (io.BytesIO(b"not a picture"), "b.jpg")],
            "owner_area": "93",
        },
        follow_redirects=True,
    )
    assert "a.jpg is in the library." in response.text
    assert "b.jpg:" in response.text


def test_what_is_no_picture_is_refused_and_says_so(editor: Operator, services: Services) -> None:
    answer = upload(editor, b"GIF89a, or so it says", **{"HX-Request": "true"})
    assert answer.status_code in (415, 422)
    assert "form-error" in answer.text
    with services.db.read() as s:
        assert not queries.assets(s, ["/"])


def test_chosen_pages_of_a_document_become_files(editor: Operator, services: Services) -> None:
    out = io.BytesIO()
    sheets = [Image.new("RGB", (420, 594), colour) for colour in ("navy", "teal")]
    sheets[0].save(out, "PDF", save_all=True, append_images=sheets[1:])
    answer = upload(editor, out.getvalue(), "tờ rơi.pdf", **{"HX-Request": "true"})
    assert "Choose pages" in answer.text
    with services.db.read() as s:
        document = queries.assets(s, ["/93/"])[0]
    assert editor.post(f"/library/files/{document.id}/pages", {"pages": ["9"]}).status_code == 422
    assert editor.post(f"/library/files/{document.id}/pages", {"pages": ["2"]}).status_code == 303
    with services.db.read() as s:
        assert sorted(one.page for one in queries.assets(s, ["/93/"])) == [0, 2]


def test_an_upload_without_a_token_is_refused(editor: Operator, photo: bytes, services: Services) -> None:
    response = editor.client.post("/console/library/upload", data={"file": (io.BytesIO(photo), "a.jpg")})
    assert response.status_code == 403
    with services.db.read() as s:
        assert not queries.assets(s, ["/"])


def test_nobody_uploads_for_another_area(editor: Operator, photo: bytes) -> None:
    response = editor.client.post(
        "/console/library/upload",
        data={"csrf_token": editor.token(), "file": (io.BytesIO(photo), "a.jpg"), "owner_area": "12"},
    )
    assert response.status_code == 404


def test_a_viewer_uploads_nothing(viewer: Operator, photo: bytes) -> None:
    assert upload(viewer, photo).status_code == 403


def test_a_notice_is_made_drawn_and_shown_on_both_shapes(editor: Operator, services: Services) -> None:
    location = editor.post("/library/creatives/new", WISH).location
    page = editor.client.get(location).text
    assert "0 of 4 pictures are drawn" in page
    jobs.render(services, {"creative_id": made(services).id})
    drawn = editor.client.get(location + "/previews").text
    assert drawn.count("<image") == 8  # four pictures, each with its code
    assert drawn.count("Scans well") == 2
    assert "hx-get" not in drawn


def test_a_films_sound_is_kept_where_it_is_ticked(editor: Operator, services: Services) -> None:
    location = editor.post("/library/creatives/new", WISH).location
    assert not made(services).sound
    editor.post(location.removeprefix("/console") + "/edit", {**WISH, "sound": "1"})
    assert made(services).sound
    assert 'name="sound" value="1" checked' in editor.client.get(location + "/edit").text


def test_a_code_that_would_not_scan_is_explained_and_mended_by_one_click(editor: Operator, services: Services) -> None:
    now = services.clock.now()
    services.db.write(lambda s: places.update_location(s, "BENXE", {"viewing_distance_m": 1.5}, now=now))
    services.db.write(
        lambda s: signage.create(
            s, location="BENXE", name="Hall", width=1080, height=1920, pixel_pitch_mm=0.4, by=SYSTEM, now=now
        )
    )
    editor.post("/library/creatives/new", {**WISH, "headline_en": "", "qr_width_pct": "12"})
    creative = made(services)
    jobs.render(services, {"creative_id": creative.id})
    page = editor.get(f"/library/creatives/{creative.id}").text
    assert "Does not scan" in page
    assert "wide for 1.5 m" in page
    assert editor.post(f"/library/creatives/{creative.id}/mend").status_code == 303
    assert (made(services).qr_width_pct or 0) > 12
    jobs.render(services, {"creative_id": creative.id})
    assert "Does not scan" not in editor.get(f"/library/creatives/{creative.id}").text


def test_what_needs_no_mending_is_not_mended(editor: Operator, services: Services) -> None:
    editor.post("/library/creatives/new", WISH)
    assert editor.post(f"/library/creatives/{made(services).id}/mend").status_code == 422


def test_an_empty_creative_is_refused_beside_its_fields(editor: Operator, services: Services) -> None:
    response = editor.post("/library/creatives/new", {**WISH, "name": "", "headline_vi": "", "headline_en": ""})
    assert response.status_code == 422
    assert 'id="name-error"' in response.text
    with services.db.read() as s:
        assert not queries.creatives(s, ["/"])


def test_a_code_that_is_too_narrow_is_refused(editor: Operator) -> None:
    response = editor.post("/library/creatives/new", {**WISH, "qr_width_pct": "1"})
    assert response.status_code == 422


def test_a_creative_is_changed_and_its_form_shows_what_was(editor: Operator, services: Services) -> None:
    editor.post("/library/creatives/new", WISH)
    path = f"/library/creatives/{made(services).id}/edit"
    assert 'value="Cài Bluezone ngay hôm nay"' in editor.get(path).text
    assert editor.post(path, {**WISH, "name": "Another", "qr_corner": ""}).status_code == 303
    changed = made(services)
    assert (changed.name, changed.qr_corner) == ("Another", None)


def test_an_approver_withdraws_with_a_reason(editor: Operator, approver: Operator, services: Services) -> None:
    editor.post("/library/creatives/new", WISH)
    path = f"/library/creatives/{made(services).id}"
    assert editor.post(f"{path}/withdraw", {"reason": "wrong date"}).status_code == 403
    assert approver.post(f"{path}/withdraw", {"reason": ""}).status_code == 422
    assert approver.post(f"{path}/withdraw", {"reason": "wrong date"}).status_code == 303
    assert "wrong date" in viewer_page(approver, path)
    with services.db.read() as s:
        assert people.audit_entries(s)[0].action == "creative.withdraw"


def viewer_page(operator: Operator, path: str) -> str:
    return operator.get(path).text


def test_creatives_of_others_are_out_of_sight(editor: Operator, people: People, services: Services) -> None:
    editor.post("/library/creatives/new", WISH)
    far = people("admin", "/12/", "Far")
    path = f"/library/creatives/{made(services).id}"
    assert "Bluezone" not in far.get("/library").text
    for page in (path, f"{path}/edit", f"{path}/picture", f"{path}/previews"):
        assert far.get(page).status_code == 404


def test_a_file_is_retired_and_brought_back(editor: Operator, photo: bytes, services: Services) -> None:
    upload(editor, photo)
    with services.db.read() as s:
        path = f"/library/files/{queries.assets(s, ['/93/'])[0].id}"
    assert "It has been retired." in editor.follow(f"{path}/retire").text
    assert "ảnh.jpg" not in editor.get("/library?show=files").text
    assert "ảnh.jpg" in editor.get("/library?show=retired").text
    assert "It will be removed on" in editor.get(path).text
    assert "It is back in the library." in editor.follow(f"{path}/restore").text
    assert editor.post(f"{path}/restore").status_code == 422
    with services.db.read() as s:
        assert [entry.action for entry in people.audit_entries(s)[:2]] == ["asset.restore", "asset.retire"]


def test_what_is_shown_cannot_be_retired_and_the_page_says_by_what(
    editor: Operator, viewer: Operator, photo: bytes, services: Services
) -> None:
    upload(editor, photo)
    with services.db.read() as s:
        asset = queries.assets(s, ["/93/"])[0].id
    editor.post("/library/creatives/new", {**WISH, "asset": asset})
    refused = editor.post(f"/library/files/{asset}/retire")
    assert refused.status_code == 422
    assert "It is shown by: Cài Bluezone." in refused.text
    assert viewer.post(f"/library/files/{asset}/retire").status_code == 403


def test_a_quota_is_set_shown_and_kept(admin: Operator, editor: Operator, services: Services) -> None:
    now = services.clock.now()
    services.db.write(lambda s: places.update_area(s, "93", {"settings": {"officials": 7}}, now=now))
    facts = {"name": "Hậu Giang", "kind": "province", "media_quota_mb": "1"}
    assert admin.post("/places/areas/93/edit", facts).status_code == 303
    assert 'value="1"' in admin.get("/places/areas/93/edit").text
    assert "Hậu Giang: 0 B of 1 MB used" in editor.get("/library").text
    headers = {"Tus-Resumable": "1.0.0", "Upload-Length": "1000001", "X-CSRF-Token": editor.token()}
    refused = editor.client.post("/console/library/uploads", headers=headers)
    assert refused.status_code == 409
    assert refused.json["detail"].startswith("The area may keep 1 MB and has used 0;")
    with services.db.read() as s:
        kept = places_queries.area(s, "93")
    assert kept is not None
    assert kept.settings == {"officials": 7, "media_quota_mb": 1}, "what the form does not show stays"


def test_drawing_is_stopped_and_taken_up(editor: Operator, viewer: Operator, services: Services) -> None:
    editor.post("/library/creatives/new", WISH)
    path = f"/library/creatives/{made(services).id}"
    assert "Stop drawing" in editor.get(path).text
    assert "Stop drawing" not in viewer.get(path).text
    assert viewer.post(f"{path}/stop").status_code == 403
    assert "The drawing has been stopped." in editor.follow(f"{path}/stop").text
    assert "hx-get" not in editor.get(f"{path}/previews").text
    assert editor.post(f"{path}/stop").status_code == 422
    assert "The pictures are being drawn." in editor.follow(f"{path}/draw").text
    jobs.render(services, {"creative_id": made(services).id})
    assert "Stop drawing" not in editor.get(f"{path}/previews").text


def test_how_far_a_film_is_can_be_seen(editor: Operator, services: Services) -> None:
    editor.post("/library/creatives/new", WISH)
    services.db.write(lambda s: queries.note_progress(s, made(services).id, 37))
    page = editor.get(f"/library/creatives/{made(services).id}/previews").text
    assert "The film is being made for each screen shape: 37 %" in page
    assert '<progress class="mb-2" value="37"' in page


def test_the_shelf_is_swept_when_an_administrator_asks(admin: Operator, editor: Operator, services: Services) -> None:
    assert "Not swept yet." in admin.get("/system").text
    assert "The shelf is being swept." in admin.follow("/system/sweep").text
    jobs.sweep_now(services, {})
    assert "removed: 0, waiting for their week: 0" in admin.get("/system").text
    assert editor.post("/system/sweep").status_code == 403


def test_a_gif_says_that_it_stands_still(editor: Operator, services: Services) -> None:
    out = io.BytesIO()
    Image.new("P", (64, 48)).save(out, "GIF")
    upload(editor, out.getvalue(), "a.gif")
    with services.db.read() as s:
        asset = queries.assets(s, ["/93/"])[0]
    assert "first picture is shown" in editor.get(f"/library/files/{asset.id}").text
