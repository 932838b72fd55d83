"""Uploads in pieces, as the library page's script sends them; the protocol itself is tested at the API's doors."""

import io

import pytest
from PIL import Image
from werkzeug.test import TestResponse

from core.services import Services
from media import queries
from people import queries as people
from tests.console.conftest import Operator, People

TUS = {"Tus-Resumable": "1.0.0"}


@pytest.fixture
def photo() -> bytes:
    out = io.BytesIO()
    Image.effect_noise((320, 240), 40).convert("RGB").save(out, "JPEG")
    return out.getvalue()


def begin(operator: Operator, length: int, token: str | None = None) -> TestResponse:
    headers = {**TUS, "Upload-Length": str(length), "Upload-Metadata": "filename YS5qcGc=,owner_area OTM="}  # a.jpg, 93
    headers["X-CSRF-Token"] = operator.token() if token is None else token
    return operator.client.post("/console/library/uploads", headers=headers)


def send(operator: Operator, address: str, at: int, piece: bytes) -> TestResponse:
    headers = {**TUS, "Upload-Offset": str(at), "Content-Type": "application/offset+octet-stream"}
    return operator.client.patch(address, data=piece, headers={**headers, "X-CSRF-Token": operator.token()})


def test_it_works(editor: Operator, photo: bytes, services: Services) -> None:
    address = begin(editor, len(photo)).headers["Location"]
    assert send(editor, address, 0, photo[:5000]).headers["Upload-Offset"] == "5000"
    page = editor.get("/library").text
    assert "Cut off before the end" in page
    assert "a.jpg" in page
    assert editor.client.head(address, headers=TUS).headers["Upload-Offset"] == "5000"
    send(editor, address, 5000, photo[5000:])
    line = editor.post(f"{address.removeprefix('/console')}/asset", headers={"HX-Request": "true"})
    assert line.status_code == 201
    assert "/library/creatives/new?asset=ast_" in line.text
    with services.db.read() as s:
        (asset,) = queries.assets(s, ["/93/"])
        assert people.audit_entries(s)[0].action == "asset.upload"
    assert asset.bytes == len(photo)
    assert "Cut off before the end" not in editor.get("/library").text


def test_what_is_refused_is_told_to_the_script_in_the_persons_language(editor: Operator) -> None:
    editor.client.set_cookie("language", "vi")
    refused = begin(editor, 3_000_000_000)
    assert (refused.status_code, refused.mimetype) == (413, "application/problem+json")
    assert refused.json["detail"] == "Mỗi tệp tối đa 2000 MB; tệp này 3000 MB"


def test_a_file_that_turns_out_broken_is_told_in_its_line(editor: Operator, photo: bytes) -> None:
    address = begin(editor, len(photo) - 100).headers["Location"]
    send(editor, address, 0, photo[:-100])
    line = editor.post(f"{address.removeprefix('/console')}/asset", headers={"HX-Request": "true"})
    assert (line.status_code, "form-error" in line.text) == (422, True)


def test_an_unfinished_upload_is_removed_from_the_page(editor: Operator, photo: bytes) -> None:
    address = begin(editor, len(photo)).headers["Location"].removeprefix("/console")
    assert "a.jpg is no longer being uploaded." in editor.follow(f"{address}/remove").text
    assert editor.post(f"{address}/remove").status_code == 404


def test_an_upload_without_a_token_is_refused(editor: Operator, photo: bytes) -> None:
    assert begin(editor, 9000, token="").status_code == 403
    address = begin(editor, len(photo)).headers["Location"]
    headers = {**TUS, "Upload-Offset": "0", "Content-Type": "application/offset+octet-stream"}
    assert editor.client.patch(address, data=photo, headers=headers).status_code == 403
    assert editor.client.delete(address, headers=TUS).status_code == 403
    assert editor.client.head(address, headers=TUS).headers["Upload-Offset"] == "0"


def test_who_is_not_signed_in_any_longer_is_told_so(editor: Operator) -> None:
    address = begin(editor, 9000).headers["Location"]
    editor.client.delete_cookie("sid")
    gone = editor.client.head(address, headers=TUS)
    assert (gone.status_code, gone.headers["Tus-Resumable"]) == (401, "1.0.0")


def test_nobody_else_may_touch_it(editor: Operator, viewer: Operator, people: People) -> None:
    address = begin(editor, 9000).headers["Location"]
    assert begin(viewer, 9000).status_code == 403
    colleague = people("editor", "/93/", "Colleague")
    assert colleague.client.head(address, headers=TUS).status_code == 404
    assert send(colleague, address, 0, b"\xff\xd8\xff").status_code == 404
    assert colleague.post(f"{address.removeprefix('/console')}/asset").status_code == 404
    assert begin(people("editor", "/12/", "Far"), 9000).status_code == 404
