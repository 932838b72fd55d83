"""What means harm is brought to the server as it runs: it answers each in words, goes on in the same processes, and the
next good file becomes a picture on a screen."""

import json
import random
import time
from collections.abc import Callable, Iterator
from typing import Any

import psutil
import pytest

from tests.media.conftest import encoded
from tests.media.films import film
from tests.media.hostile import BOMBS, BROKEN, WHOLE, locked_pdf
from tests.media.pictures import landscape
from tests.media.wires import Wire
from tests.support.live import LiveServer

pytestmark = pytest.mark.timeout(1800)
HOSTILE: dict[str, Callable[[], bytes]] = {**BOMBS, **BROKEN, "locked pdf": locked_pdf}
PATIENCE_S = 180


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    with LiveServer(tmp_path_factory.mktemp("hostile") / "data") as made:
        yield made


@pytest.fixture(scope="module")
def wire(server: LiveServer) -> Wire:
    return Wire(server.port, server.flask("api-key", "create", "files", "--role", "admin").strip())


@pytest.fixture
def alive(server: LiveServer, wire: Wire) -> Iterator[None]:
    """Whatever a test brings, the processes are those from before, and a good file is still taken and drawn."""
    before = standing(server)
    assert len(before) >= 3, "supervisor, server and jobs"
    yield
    assert server.ready()
    assert standing(server) == before
    drawn_of(wire, bring(wire, encoded(landscape(160, 120, random.randrange(10**6)), "JPEG"))[1]["id"])


def standing(server: LiveServer) -> set[tuple[int, float]]:
    """The server's own processes, by number and birth; not the children that read files."""
    family = [psutil.Process(server.pid), *psutil.Process(server.pid).children(recursive=True)]
    return {(one.pid, one.create_time()) for one in family if "decoder.py" not in " ".join(one.cmdline())}


def bring(wire: Wire, content: bytes) -> tuple[int, dict[str, Any]]:
    """Uploads it as a form does, under a name that says nothing."""
    edge = "e5f1c0"
    head = f'--{edge}\r\nContent-Disposition: form-data; name="file"; filename="a.jpg"\r\n\r\n'
    form = head.encode() + content + f"\r\n--{edge}--\r\n".encode()
    kind = f"multipart/form-data; boundary={edge}"
    status, headers, body = wire.ask("POST", "/api/v1/assets", form, Content_Type=kind)
    assert "json" in headers["Content-Type"]
    return status, json.loads(body)


def drawn_of(wire: Wire, asset: str, **wish: object) -> dict[str, Any]:
    """A creative of the asset, once the job process has drawn and judged all of it."""
    order = {"name": "N", "asset": asset, "texts": {"vi": {"headline": "Cài Bluezone"}}, **wish}
    _, _, body = wire.ask("POST", "/api/v1/creatives", json.dumps(order), Content_Type="application/json")
    made = json.loads(body)
    give_up = time.monotonic() + PATIENCE_S
    while made["state"] == "rendering":
        assert time.monotonic() < give_up, made
        time.sleep(0.2)
        made = json.loads(wire.ask("GET", f"/api/v1/creatives/{made['id']}")[2])
    return dict(made)


@pytest.mark.usefixtures("alive")
def test_it_works(wire: Wire) -> None:
    for name, make in HOSTILE.items():
        status, told = bring(wire, make())
        assert status in (413, 415, 422), name
        assert told["title"], name


@pytest.mark.usefixtures("alive")
def test_a_film_that_is_rotten_further_in_spoils_no_other(wire: Wire) -> None:
    """Its beginning is judged at the door; the rest is met by the job process, whose child it may end."""
    whole = bytearray(film(seconds=4, size=(320, 180)))
    start = whole.index(b"mdat") + 4
    dice = random.Random(5)
    for at in range(start + (len(whole) - start) // 2, len(whole)):
        if dice.random() < 0.3:
            whole[at] = dice.randrange(256)
    status, told = bring(wire, bytes(whole))
    assert status in (201, 422)
    if status == 201:
        order = {"name": "N", "asset": told["id"], "texts": {"vi": {"headline": "H"}}, "duration_ms": 4000}
        assert wire.ask("POST", "/api/v1/creatives", json.dumps(order), Content_Type="application/json")[0] == 201


@pytest.mark.usefixtures("alive")
@pytest.mark.full
def test_noise_is_answered(wire: Wire) -> None:
    """Files of every format with bytes written over at random: taken or refused, never a crash."""
    dice, taken, refused = random.Random(20), 0, 0
    for whole in WHOLE.values():
        for _ in range(20):
            content = bytearray(whole)
            for _ in range(dice.randint(1, 40)):
                content[dice.randrange(len(content))] = dice.randrange(256)
            status, told = bring(wire, bytes(content))
            assert status in (200, 201, 413, 415, 422), told
            taken, refused = taken + (status < 400), refused + (status >= 400)
    for size in (1, 100, 100_000):
        assert bring(wire, dice.randbytes(size))[0] == 415
    print(f"\n{taken + refused} spoilt files: {taken} taken, {refused} refused, the server stands")
