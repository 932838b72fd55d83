"""Files and overlays as browsers and players fetch them."""

import io
import os
from pathlib import Path

import pytest
import zxingcpp
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from werkzeug.test import TestResponse

from core.quick import Quick
from media.shelf import Part, put_bytes
from media.store import Store

CONTENT = bytes(range(256)) * 8


@pytest.fixture
def database_url(tmp_path: Path) -> str:
    """These doors ask no database."""
    return f"sqlite:///{tmp_path}/none.db"


@pytest.fixture
def address(store: Store) -> str:
    return f"/media/{put_bytes(store.public, CONTENT, store.drafts).sha256}.png"


def test_it_works(client: FlaskClient, address: str) -> None:
    answer = client.get(address)
    assert answer.status_code == 200
    assert answer.data == CONTENT
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.headers["Content-Length"] == "2048"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Type"] == "image/png"
    assert answer.headers["ETag"] == f'"{address[7:71]}"'


def test_head_says_the_same_without_a_body(client: FlaskClient, address: str) -> None:
    answer = client.head(address)
    assert (answer.status_code, answer.data, answer.headers["Content-Length"]) == (200, b"", "2048")


@pytest.mark.parametrize(
    ("asked", "start", "stop"),
    [("bytes=0-99", 0, 100), ("bytes=100-", 100, 2048), ("bytes=-48", 2000, 2048), ("bytes=2000-9999", 2000, 2048)],
)
def test_a_range_is_served(asked: str, start: int, stop: int, client: FlaskClient, address: str) -> None:
    answer = client.get(address, headers={"Range": asked})
    assert answer.status_code == 206
    assert answer.data == CONTENT[start:stop]
    assert answer.headers["Content-Range"] == f"bytes {start}-{stop - 1}/2048"
    assert answer.headers["Content-Length"] == str(stop - start)


@pytest.mark.parametrize("asked", ["bytes=5000-", "bytes=-0"])
def test_a_range_beyond_the_end_is_refused(asked: str, client: FlaskClient, address: str) -> None:
    answer = client.get(address, headers={"Range": asked})
    assert answer.status_code == 416
    assert answer.headers["Content-Range"] == "bytes */2048"


@pytest.mark.parametrize("asked", ["bytes=9-3", "bytes=a-b", "lines=1-2", "bytes=0-1,5-6", "bytes=-"])
def test_a_range_that_makes_no_sense_is_ignored(asked: str, client: FlaskClient, address: str) -> None:
    answer = client.get(address, headers={"Range": asked})
    assert answer.status_code == 200
    assert answer.data == CONTENT


def test_if_range_of_this_file_gives_the_range(client: FlaskClient, address: str) -> None:
    headers = {"Range": "bytes=0-9", "If-Range": f'"{address[7:71]}"'}
    assert client.get(address, headers=headers).status_code == 206


def test_if_range_of_another_file_gives_the_whole(client: FlaskClient, address: str) -> None:
    answer = client.get(address, headers={"Range": "bytes=0-9", "If-Range": '"another"'})
    assert answer.status_code == 200
    assert answer.data == CONTENT


def test_what_is_held_already_is_not_sent_again(client: FlaskClient, address: str) -> None:
    answer = client.get(address, headers={"If-None-Match": f'"{address[7:71]}"'})
    assert answer.status_code == 304
    assert answer.data == b""


@pytest.mark.parametrize(
    "path", ["/media/abc.png", f"/media/{'0' * 64}.png", f"/media/{'0' * 64}.exe", "/media/../secret.key"]
)
def test_what_does_not_exist_is_not_found(path: str, client: FlaskClient) -> None:
    assert client.get(path).status_code == 404


def test_an_original_is_never_served(client: FlaskClient, store: Store) -> None:
    kept = put_bytes(store.originals, b"GPS 21.0N", store.drafts)
    assert client.get(f"/media/{kept.sha256}.jpg").status_code == 404


def test_an_overlay_reads_as_the_link(client: FlaskClient) -> None:
    answer = client.get("/media/qr/K7F3Q9ZT/330.png")
    picture = Image.open(io.BytesIO(answer.data))
    assert picture.size == (330, 330)
    assert [found.text for found in zxingcpp.read_barcodes(picture.convert("L"))] == [
        "HTTP://LOCALHOST:8000/Q/K7F3Q9ZT"
    ]
    assert answer.headers["Cache-Control"].endswith("immutable")


def test_an_overlay_takes_any_case(client: FlaskClient) -> None:
    assert client.get("/media/qr/k7f3q9zt/330.png").data == client.get("/media/qr/K7F3Q9ZT/330.png").data


@pytest.mark.parametrize(
    "path", ["/media/qr/short/330.png", "/media/qr/K7F3Q9ZT/20.png", "/media/qr/K7F3Q9ZT/5000.png"]
)
def test_an_overlay_that_cannot_be_is_not_found(path: str, client: FlaskClient) -> None:
    assert client.get(path).status_code == 404


def test_the_kernel_may_send_a_part_from_where_it_begins(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"abcdef")
    file = (tmp_path / "file").open("rb", buffering=0)
    file.seek(2)
    part = Part(file, 3)
    assert os.lseek(part.fileno(), 0, os.SEEK_CUR) == 2
    assert part.read() == b"cde"
    with pytest.raises(io.UnsupportedOperation):  # it has closed itself: nobody may ask for its place any longer
        part.fileno()


def seen(answer: TestResponse) -> tuple[int, list[tuple[str, str]], bytes]:
    return answer.status_code, sorted(answer.headers.items()), answer.data


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Range": "bytes=0-99"},
        {"Range": "bytes=-48"},
        {"Range": "bytes=5000-"},
        {"Range": "lines=1-2"},
        {"Range": "bytes=0-9", "If-Range": '"another"'},
        {"If-None-Match": '"another"'},
    ],
)
@pytest.mark.parametrize("path", [None, f"/media/{'0' * 64}.png", "/media/x.png", f"/media/{'0' * 64}.exe"])
def test_the_quick_door_says_what_the_view_says(
    path: str | None, headers: dict[str, str], app: Flask, address: str
) -> None:
    """Byte for byte, whatever is asked."""
    quick = app.wsgi_app
    assert isinstance(quick, Quick)
    said = [seen(app.test_client().get(path or address, headers=headers))]
    app.wsgi_app = quick.inner  # type: ignore[method-assign]
    said.append(seen(app.test_client().get(path or address, headers=headers)))
    app.wsgi_app = quick  # type: ignore[method-assign]
    assert said[0] == said[1]
