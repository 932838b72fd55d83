"""Uploads in pieces, as a tus client of the management API sends them."""

import base64
import hashlib
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from PIL import Image
from werkzeug.test import TestResponse

from core.services import Services
from media import growing, queries
from media.store import store_of
from media.uploads import KEPT, sweep_uploads
from tests.api.conftest import Script, World, both_engines
from tests.media.conftest import files_in
from tests.support.clock import FrozenClock

TUS = {"Tus-Resumable": "1.0.0"}
PIECE = {**TUS, "Content-Type": "application/offset+octet-stream"}


@pytest.fixture
def photo() -> bytes:
    out = io.BytesIO()
    Image.effect_noise((320, 240), 40).convert("RGB").save(out, "JPEG")
    return out.getvalue()


@pytest.fixture
def editor(world: World) -> Script:
    return world.script("editor", "/93/")


@pytest.fixture
def coming(services: Services) -> Callable[[], list[str]]:
    """What lies in the folder of unfinished uploads."""
    return lambda: files_in(store_of(services.settings).uploads)


def told(**facts: str) -> str:
    return ",".join(f"{name} {base64.b64encode(value.encode()).decode()}" for name, value in facts.items())


def begin(script: Script, length: int, **facts: str) -> TestResponse:
    headers = {**TUS, "Upload-Length": str(length), "Upload-Metadata": told(**{"filename": "ảnh.jpg", **facts})}
    return script.post("/uploads", headers=headers)


def begun(script: Script, length: int, **facts: str) -> str:
    """The path of a new upload below the API's."""
    answer = begin(script, length, **facts)
    assert answer.status_code == 201, answer.text
    return answer.headers["Location"].removeprefix("/api/v1")


def send(script: Script, path: str, at: int, piece: bytes, **headers: str) -> TestResponse:
    return script.patch(path, data=piece, headers={**PIECE, "Upload-Offset": str(at), **headers})


def offset(script: Script, path: str) -> int:
    answer = script.send("HEAD", path, headers=TUS)
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")
    return int(answer.headers["Upload-Offset"])


def test_it_works(editor: Script, photo: bytes, coming: Callable[[], list[str]], services: Services) -> None:
    path = begun(editor, len(photo))
    first = send(editor, path, 0, photo[:5000])
    assert (first.status_code, first.headers["Upload-Offset"], first.headers["Tus-Resumable"]) == (204, "5000", "1.0.0")
    assert offset(editor, path) == 5000
    assert send(editor, path, 5000, photo[5000:]).status_code == 204
    made = editor.post(f"{path}/asset")
    assert (made.status_code, made.json["sha256"]) == (201, hashlib.sha256(photo).hexdigest())
    assert (made.json["name"], made.json["owner_area_path"], made.json["width"]) == ("ảnh.jpg", "/93/", 320)
    assert coming() == []
    assert files_in(store_of(services.settings).drafts) == []


def test_the_server_says_what_it_can(client: FlaskClient) -> None:
    answer = client.options("/api/v1/uploads")
    assert answer.status_code == 204
    assert answer.headers["Tus-Version"] == "1.0.0"
    assert answer.headers["Tus-Extension"] == "creation,expiration,checksum,termination"
    assert answer.headers["Tus-Max-Size"] == "2000000000"
    assert answer.headers["Tus-Checksum-Algorithm"] == "sha256,sha1,md5"


def test_asked_again_it_is_the_same_asset(editor: Script, photo: bytes) -> None:
    path = begun(editor, len(photo))
    send(editor, path, 0, photo)
    made, again = editor.post(f"{path}/asset"), editor.post(f"{path}/asset")
    assert (made.status_code, again.status_code, again.json["id"]) == (201, 200, made.json["id"])
    assert offset(editor, path) == len(photo)
    assert editor.get(path).json["asset"] == made.json["id"]
    assert editor.get("/uploads").json["items"] == []


def test_an_upload_in_one_piece_and_a_form_give_the_same_asset(editor: Script, photo: bytes) -> None:
    path = begun(editor, len(photo))
    send(editor, path, 0, photo)
    made = editor.post(f"{path}/asset").json
    form = editor.client.post(
        "/api/v1/assets",
        data={"file": (io.BytesIO(photo), "x.jpg")},
        headers={"Authorization": f"Bearer {editor.key}"},
    )
    assert (form.status_code, form.json["id"]) == (200, made["id"])


def test_what_was_told_is_told_again(editor: Script) -> None:
    path = begun(editor, 9000, lastModified="7")
    answer = editor.send("HEAD", path, headers=TUS)
    assert answer.headers["Upload-Metadata"] == told(filename="ảnh.jpg", lastModified="7")
    assert answer.headers["Upload-Length"] == "9000"
    assert answer.headers["Upload-Expires"] == "Wed, 25 Nov 2026 02:00:00 GMT"


def test_unfinished_uploads_are_listed(editor: Script, photo: bytes) -> None:
    path = begun(editor, len(photo))
    send(editor, path, 0, photo[:5000])
    (item,) = editor.get("/uploads").json["items"]
    assert (item["id"], item["offset"], item["length"], item["name"]) == (path[9:], 5000, len(photo), "ảnh.jpg")


def test_a_piece_cut_off_leaves_what_has_come(editor: Script, photo: bytes) -> None:
    path = begun(editor, len(photo))
    cut = editor.patch(
        path,
        input_stream=io.BytesIO(photo[:6000]),
        headers={**PIECE, "Upload-Offset": "0"},
        environ_overrides={"CONTENT_LENGTH": str(len(photo))},
    )
    assert cut.status_code == 400
    assert offset(editor, path) == 6000
    assert send(editor, path, 6000, photo[6000:]).status_code == 204
    assert editor.post(f"{path}/asset").json["sha256"] == hashlib.sha256(photo).hexdigest()


def test_an_upload_is_given_up(editor: Script, coming: Callable[[], list[str]]) -> None:
    path = begun(editor, 9000)
    send(editor, path, 0, b"\xff\xd8\xff")
    assert coming() != []
    assert editor.delete(path, headers=TUS).status_code == 204
    assert coming() == []
    assert editor.send("HEAD", path, headers=TUS).status_code == 404


def test_a_proxy_that_lets_only_post_through_is_no_hindrance(editor: Script, photo: bytes) -> None:
    path = begun(editor, len(photo))
    headers = {**PIECE, "Upload-Offset": "0", "X-HTTP-Method-Override": "PATCH"}
    assert editor.post(path, data=photo, headers=headers).headers["Upload-Offset"] == str(len(photo))
    assert editor.post(path, headers={**TUS, "X-HTTP-Method-Override": "HEAD"}).headers["Upload-Length"]
    assert editor.post(path, headers={**TUS, "X-HTTP-Method-Override": "PUT"}).status_code == 412
    assert editor.post(path, headers={**TUS, "X-HTTP-Method-Override": "DELETE"}).status_code == 204


def digest(piece: bytes, algorithm: str = "sha256") -> str:
    return f"{algorithm} {base64.b64encode(hashlib.new(algorithm, piece).digest()).decode()}"


@pytest.mark.parametrize("algorithm", ["sha256", "sha1", "md5"])
def test_a_piece_with_its_checksum_is_kept(algorithm: str, editor: Script, photo: bytes) -> None:
    path = begun(editor, len(photo))
    answer = send(editor, path, 0, photo, **{"Upload-Checksum": digest(photo, algorithm)})
    assert (answer.status_code, offset(editor, path)) == (204, len(photo))


def test_a_piece_that_has_changed_on_its_way_is_not_kept(
    editor: Script, photo: bytes, coming: Callable[[], list[str]]
) -> None:
    path = begun(editor, len(photo))
    send(editor, path, 0, photo[:5000])
    answer = send(editor, path, 5000, photo[5001:6000], **{"Upload-Checksum": digest(photo[5000:6000])})
    assert (answer.status_code, offset(editor, path)) == (460, 5000)
    assert coming() == [path[9:]]


@pytest.mark.parametrize("sent", ["crc32 AAAA", "sha256", "sha256 !!", "sha256 AAAA"])
def test_a_checksum_that_makes_no_sense_is_refused(sent: str, editor: Script) -> None:
    path = begun(editor, 9000)
    assert send(editor, path, 0, b"\xff\xd8\xff", **{"Upload-Checksum": sent}).status_code == 400
    assert offset(editor, path) == 0


def test_a_piece_for_another_place_is_refused(editor: Script, photo: bytes) -> None:
    path = begun(editor, len(photo))
    send(editor, path, 0, photo[:5000])
    for at in (0, 4999, 5001):
        answer = send(editor, path, at, photo[at:])
        assert (answer.status_code, answer.json["offset"]) == (409, 5000)
    assert offset(editor, path) == 5000


def test_two_who_send_at_once_do_not_mix_their_bytes(
    editor: Script, photo: bytes, services: Services, tmp_path: Path
) -> None:
    """A dead connection that wakes up again finds the file further on than it left it."""
    file = tmp_path / "file"

    class Slow(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            growing.append(file, io.BytesIO(b"faster"), 0, 100) if self.tell() == 0 else None
            return super().read(size)

    with pytest.raises(growing.Conflict, match="stands at 6"):
        growing.append(file, Slow(b"slower"), 0, 100)
    assert file.read_bytes() == b"faster"


def test_more_than_was_announced_is_refused(editor: Script, photo: bytes) -> None:
    path = begun(editor, 6000)
    send(editor, path, 0, photo[:5000])
    assert send(editor, path, 5000, photo[5000:6001]).status_code == 413
    assert offset(editor, path) == 5000


def test_a_piece_of_another_type_is_refused(editor: Script) -> None:
    path = begun(editor, 6000)
    answer = editor.patch(
        path, data=b"\xff\xd8\xff", headers={**TUS, "Upload-Offset": "0", "Content-Type": "image/jpeg"}
    )
    assert (answer.status_code, offset(editor, path)) == (415, 0)


def test_a_piece_without_an_offset_is_refused(editor: Script) -> None:
    path = begun(editor, 6000)
    assert editor.patch(path, data=b"\xff\xd8\xff", headers=PIECE).status_code == 400


def test_what_is_no_picture_is_refused_as_soon_as_its_head_is_here(
    editor: Script, coming: Callable[[], list[str]]
) -> None:
    path = begun(editor, 1_000_000_000, filename="film.mp4")
    refused = send(editor, path, 0, b"PK\x03\x04" + bytes(5000))
    assert refused.status_code == 415
    assert "JPEG" in refused.json["detail"]
    assert coming() == []
    assert editor.get("/uploads").json["items"] == []


def test_a_picture_of_a_gigabyte_is_refused_by_its_head(editor: Script, photo: bytes) -> None:
    path = begun(editor, 1_000_000_000)
    assert send(editor, path, 0, photo[:5000]).status_code == 413


def test_a_broken_file_is_refused_and_gone(
    editor: Script, photo: bytes, coming: Callable[[], list[str]], services: Services
) -> None:
    path = begun(editor, len(photo) - 100)
    send(editor, path, 0, photo[:-100])
    assert editor.post(f"{path}/asset").status_code == 422
    assert coming() == []
    assert editor.send("HEAD", path, headers=TUS).status_code == 404
    with services.db.read() as s:
        assert not queries.assets(s, ["/"])


def test_an_asset_needs_every_byte(editor: Script, photo: bytes) -> None:
    path = begun(editor, len(photo))
    send(editor, path, 0, photo[:5000])
    early = editor.post(f"{path}/asset")
    assert (early.status_code, early.json["offset"]) == (409, 5000)
    assert offset(editor, path) == 5000


@pytest.mark.parametrize("version", [None, "0.2.2", "2.0.0"])
def test_another_version_is_refused(version: str | None, editor: Script) -> None:
    headers = {"Upload-Length": "9", **({"Tus-Resumable": version} if version else {})}
    answer = editor.post("/uploads", headers=headers)
    assert answer.status_code == 412
    assert (answer.headers["Tus-Version"], answer.headers["Tus-Resumable"]) == ("1.0.0", "1.0.0")
    assert editor.get("/uploads").json["items"] == []


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 400),
        ({"Upload-Length": "many"}, 400),
        ({"Upload-Length": "-1"}, 400),
        ({"Upload-Length": "0"}, 422),
        ({"Upload-Length": "2000000001"}, 413),
        ({"Upload-Length": "9", "Upload-Metadata": "filename !!"}, 400),
        ({"Upload-Length": "9", "Upload-Metadata": "a b c"}, 400),
        ({"Upload-Length": "9", "Upload-Metadata": "a YQ==,a YQ=="}, 400),
        ({"Upload-Length": "9", "Upload-Metadata": "a " + "YQ==" * 1100}, 400),
        ({"Upload-Length": "9", "Upload-Metadata": told(owner_area="33")}, 404),
        ({"Upload-Length": "9", "Upload-Metadata": told(owner_area="nowhere")}, 404),
    ],
)
def test_a_wish_that_makes_no_sense_is_refused(headers: dict[str, str], status: int, editor: Script) -> None:
    assert editor.post("/uploads", headers={**TUS, **headers}).status_code == status
    assert editor.get("/uploads").json["items"] == []


def test_nobody_else_may_touch_it(world: World, editor: Script) -> None:
    path = begun(editor, 9000)
    other: Any
    for other in (world.script("admin"), world.script("editor", "/93/"), world.script("editor", "/33/")):
        assert other.send("HEAD", path, headers=TUS).status_code == 404
        assert send(other, path, 0, b"\xff\xd8\xff").status_code == 404
        assert other.post(f"{path}/asset").status_code == 404
        assert other.delete(path, headers=TUS).status_code == 404
        assert other.get("/uploads").json["items"] == []
    assert world.script("viewer", "/93/").post("/uploads", headers={**TUS, "Upload-Length": "9"}).status_code == 403
    assert Script(world.client, None).post("/uploads", headers={**TUS, "Upload-Length": "9"}).status_code == 401
    assert offset(editor, path) == 0


@both_engines
def test_an_upload_that_nobody_continues_expires(
    editor: Script, photo: bytes, clock: FrozenClock, services: Services, coming: Callable[[], list[str]]
) -> None:
    path = begun(editor, len(photo))
    clock.advance(days=2)
    send(editor, path, 0, photo[:5000])
    clock.advance(days=2)
    sweep_uploads(services)
    assert offset(editor, path) == 5000
    clock.advance(seconds=KEPT.total_seconds())
    assert editor.send("HEAD", path, headers=TUS).status_code == 410
    assert send(editor, path, 5000, photo[5000:]).status_code == 410
    sweep_uploads(services)
    assert coming() == []
    assert editor.send("HEAD", path, headers=TUS).status_code == 404


def test_a_file_that_belongs_to_no_upload_is_swept_away(
    editor: Script, photo: bytes, services: Services, coming: Callable[[], list[str]]
) -> None:
    path = begun(editor, len(photo))
    send(editor, path, 0, photo[:5000])
    (store_of(services.settings).uploads / "upl_nobodys").write_bytes(b"x")
    (store_of(services.settings).uploads / f"{path[9:]}.ab12.piece").write_bytes(b"x")
    sweep_uploads(services)
    assert path[9:] in coming()
    assert "upl_nobodys" not in coming()
