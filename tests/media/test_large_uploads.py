"""Two gigabytes pass through a real server's hands, not through its memory."""

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.media.wires import LongFilm, Peak, Wire, processes
from tests.support.live import LiveServer

MB = 1_000_000
LIMIT = 64 * MB
LENGTHS = [200, pytest.param(1_990, marks=pytest.mark.full)]
pytestmark = [
    pytest.mark.timeout(900),
    pytest.mark.skipif(not Path("/proc/self/clear_refs").exists(), reason="the peak of memory is counted by Linux"),
]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    with LiveServer(tmp_path_factory.mktemp("large") / "data") as made:
        yield made


@pytest.fixture(scope="module")
def wire(server: LiveServer) -> Wire:
    made = Wire(server.port, server.flask("api-key", "create", "films", "--role", "editor").strip())
    made.form(LongFilm(1 * MB))  # what is loaded at first use is loaded now
    return made


def in_pieces(wire: Wire, film: LongFilm) -> dict[str, object]:
    path, piece = wire.begin(film.length), 8 << 20
    for start in range(0, film.length, piece):
        wire.send(path, film, start, min(start + piece, film.length))
    return wire.asset(path)


def in_one_piece(wire: Wire, film: LongFilm) -> dict[str, object]:
    path = wire.begin(film.length)
    wire.send(path, film)
    return wire.asset(path)


@pytest.mark.parametrize("megabytes", LENGTHS)
@pytest.mark.parametrize("way", [in_pieces, in_one_piece, Wire.form], ids=["pieces", "one piece", "form"])
def test_a_large_film_never_passes_through_memory(
    way: Callable[[Wire, LongFilm], dict[str, object]], megabytes: int, server: LiveServer, wire: Wire
) -> None:
    film = LongFilm(megabytes * MB + hash(way) % 1000)
    peak = Peak(processes(server.pid, "gunicorn"))
    made = way(wire, film)
    grown = peak.growth()
    print(f"\n{megabytes} MB: the server grew by {grown / MB:.1f} MB at its peak; limit {LIMIT / MB:.0f} MB")
    assert grown < LIMIT
    digest = hashlib.sha256()
    for piece in film.pieces():
        digest.update(piece)
    assert made["sha256"] == digest.hexdigest()
    (server.data_dir / "media" / "originals" / digest.hexdigest()[:2] / digest.hexdigest()).unlink()
