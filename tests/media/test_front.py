"""Pictures and films sent by a real nginx in front, with the recipe of docs/running.md as it is written there."""

import re
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from werkzeug.serving import make_server

from core.services import Services
from core.settings import SettingsError, load_settings
from media.shelf import put_bytes
from media.store import store_of
from server.app import create_app
from tests.support import needs as machine
from tests.support.live import ROOT
from tests.support.needs import needs
from tests.support.ports import free_port

CONTENT = bytes(range(256)) * 400
RECIPE = re.compile(r"^```nginx\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@pytest.fixture
def database_url(tmp_path: Path) -> str:
    """These doors ask no database."""
    return f"sqlite:///{tmp_path}/none.db"


@pytest.fixture
def behind(services: Services) -> Iterator[int]:
    """The port of the application with the setting on."""
    settings = replace(services.settings, accel="/shelf/", trusted_proxies=1)
    server = make_server("127.0.0.1", 0, create_app(services=replace(services, settings=settings)), threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server.server_port
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def front(behind: int, services: Services, tmp_path: Path) -> Iterator[str]:
    """nginx before it."""
    port, recipe = free_port(), RECIPE.findall((ROOT / "docs/running.md").read_text(encoding="utf-8"))[0]
    public = f"{store_of(services.settings).drafts.parent}/public/"
    for written, here in (
        ("listen 80;", f"listen 127.0.0.1:{port};"),
        ("127.0.0.1:8000", f"127.0.0.1:{behind}"),
        ("$http_host", "localhost:8000"),
        ("/srv/bangtin/var/media/public/", public),
    ):
        assert written in recipe
        recipe = recipe.replace(written, here)
    folders = "".join(f"{kind}_temp_path {tmp_path}/{kind};\n" for kind in ("client_body", "proxy"))
    config = tmp_path / "nginx.conf"
    config.write_text(
        f"user root;\nworker_processes 1;\ndaemon off;\npid {tmp_path}/nginx.pid;\nerror_log {tmp_path}/error.log;\n"
        f"events {{}}\nhttp {{\naccess_log off;\n{folders}{recipe}}}\n"
    )
    with (tmp_path / "nginx.out").open("wb") as out:
        process = subprocess.Popen(
            [str(machine.nginx()), "-p", str(tmp_path), "-e", f"{tmp_path}/error.log", "-c", str(config)],
            stdout=out,
            stderr=out,
        )
    try:
        _wait_for(port, process, tmp_path)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(20)


def _wait_for(port: int, process: "subprocess.Popen[bytes]", folder: Path) -> None:
    give_up = time.monotonic() + 30
    while process.poll() is None and time.monotonic() < give_up:
        with suppress(OSError):
            socket.create_connection(("127.0.0.1", port), 5).close()
            return
        time.sleep(0.1)
    pytest.fail(f"nginx did not start:\n{(folder / 'nginx.out').read_text()}")


@pytest.fixture
def address(front: str, services: Services) -> str:
    store = store_of(services.settings)
    return f"{front}/media/{put_bytes(store.public, CONTENT, store.drafts).sha256}.mp4"


def ask(url: str, method: str = "GET", **headers: str) -> tuple[int, bytes, dict[str, str]]:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    try:
        with urlopen(Request(url, method=method, headers=named), timeout=30) as answer:
            return answer.status, answer.read(), dict(answer.headers)
    except HTTPError as refusal:
        with refusal:
            return refusal.code, refusal.read(), dict(refusal.headers)


@needs("nginx")
def test_it_works(address: str) -> None:
    status, body, headers = ask(address)
    assert (status, body == CONTENT, headers["Server"].split("/")[0]) == (200, True, "nginx")
    assert headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert headers["Content-Type"] == "video/mp4"
    assert headers["Content-Length"] == str(len(CONTENT))
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in headers["Content-Security-Policy"]
    assert "X-Accel-Redirect" not in headers


@needs("nginx")
def test_ranges_and_conditions_hold(address: str) -> None:
    status, body, headers = ask(address, Range="bytes=1000-1999")
    assert (status, body, headers["Content-Range"]) == (206, CONTENT[1000:2000], f"bytes 1000-1999/{len(CONTENT)}")
    assert ask(address, Range="bytes=-10")[1] == CONTENT[-10:]
    assert ask(address, Range="bytes=999999-")[0] == 416
    etag = ask(address)[2]["ETag"]
    assert ask(address, Range="bytes=0-9", If_Range=etag)[:2] == (206, CONTENT[:10])
    assert ask(address, Range="bytes=0-9", If_Range='"another"')[0] == 200
    assert ask(address, If_None_Match=etag)[:2] == (304, b"")
    assert ask(address, If_None_Match=f'"{address[-68:-4]}"')[:2] == (304, b"")
    status, body, headers = ask(address, "HEAD")
    assert (status, body, headers["Content-Length"]) == (200, b"", str(len(CONTENT)))


@needs("nginx")
def test_nothing_else_can_be_had_this_way(address: str, front: str, services: Services) -> None:
    sha256 = address[-68:-4]
    assert ask(f"{front}/shelf/{sha256[:2]}/{sha256}")[0] == 404
    assert ask(f"{front}/media/{'0' * 64}.mp4")[0] == 404
    store = store_of(services.settings)
    original = put_bytes(store.originals, b"GPS 21.0N", store.drafts).sha256
    assert ask(f"{front}/media/{original}.jpg")[0] == 404


def test_only_public_files_may_be_read_by_others(services: Services) -> None:
    store = store_of(services.settings)
    public, original = (put_bytes(shelf, b"x", store.drafts) for shelf in (store.public, store.originals))
    assert store.public.local(public.sha256).stat().st_mode & 0o777 == 0o644
    assert store.originals.local(original.sha256).stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("wrong", ["shelf", "/shelf", "/sh elf/", "/"])
def test_a_location_that_cannot_be_stops_the_start(wrong: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="BANGTIN_ACCEL"):
        load_settings({"BANGTIN_DATA_DIR": str(tmp_path), "BANGTIN_ACCEL": wrong})


def test_what_lies_in_s3_cannot_be_handed_over(tmp_path: Path) -> None:
    environ = {"BANGTIN_ACCEL": "/shelf/", "BANGTIN_MEDIA_URL": "s3://x?endpoint=http://127.0.0.1:1"}
    with pytest.raises(SettingsError, match="BANGTIN_ACCEL: needs BANGTIN_MEDIA_URL"):
        load_settings({"BANGTIN_DATA_DIR": str(tmp_path), **environ})
