"""The parts of the program for boxes: its log, and what it makes of a manifest."""

import importlib.util
import json
import sqlite3
from contextlib import closing
from pathlib import Path
from types import ModuleType
from typing import Any

import msgspec
import pytest

from measure.playlog import admit, read_batch
from signage.dialects.programme import Entry

PROGRAM = Path(__file__).parents[3] / "signage" / "static" / "player.py"
T = 1_795_000_000.0
PICTURE = {
    "creative": "crv_a", "placement": "plc_1", "campaign": "cmp_1", "media_url": f"/media/{'a' * 64}.jpg",
    "sha256": "a" * 64, "bytes": 9, "mime": "image/jpeg", "duration_ms": 8000, "qr": None,
}  # fmt: skip
CODE = {
    "code": "K7F3Q9ZT",
    "url": "HTTP://X/Q/K7F3Q9ZT",
    "image_url": "/media/qr/K7F3Q9ZT/9.png",
    "x": 1,
    "y": 1,
    "width": 9,
}


@pytest.fixture(scope="module")
def program() -> ModuleType:
    spec = importlib.util.spec_from_file_location("player_program", PROGRAM)
    assert spec
    assert spec.loader
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    return made


def facts(program: ModuleType, **changes: Any) -> dict[str, Any]:
    segments = [(T, T + 100, ["a", "b"]), (T + 100, T + 200, ["b"])]
    usual = {
        "revision": "r", "poll_after_ms": 30_000, "entries": {"a": PICTURE, "b": PICTURE, "f": PICTURE},
        "takeover": None, "fallback": "f",
        "programme": [{"from": program.instant(a), "until": program.instant(b), "loop": c} for a, b, c in segments],
    }  # fmt: skip
    return usual | changes


def test_it_works(program: ModuleType, tmp_path: Path) -> None:
    made = program.Manifest(facts(program), tmp_path)
    assert made.due(T + 10)[1:] == (["a", "b"], T + 100, None)
    assert made.due(T + 100)[1:] == (["b"], T + 200, None)


def test_past_the_end_the_fallback_plays(program: ModuleType, tmp_path: Path) -> None:
    assert program.Manifest(facts(program), tmp_path).due(T + 900)[:2] == ("fallback", ["f"])


def test_a_takeover_cuts_the_loop_and_plays_alone(program: ModuleType, tmp_path: Path) -> None:
    taken = {"id": "tko_1", "entry": "f", "from": program.instant(T + 20), "until": program.instant(T + 30)}
    made = program.Manifest(facts(program, takeover=taken), tmp_path)
    assert made.due(T + 10)[2] == T + 20
    assert made.due(T + 20) == ("tko_1", ["f"], T + 30, "tko_1")
    assert made.due(T + 30)[1] == ["a", "b"]


@pytest.mark.parametrize("mime", ["image/jpeg", "video/mp4"])
@pytest.mark.parametrize("code", [None, CODE, CODE | {"url": "HTTP://X/Q/K7F3Q9ZT/T"}])
def test_it_asks_for_the_files_that_the_server_means(
    program: ModuleType, tmp_path: Path, mime: str, code: dict[str, Any] | None
) -> None:
    """Both sides work out the address of a picture with its code in it; they have to agree."""
    entry = PICTURE | {"mime": mime, "qr": code}
    made = program.Manifest(facts(program, entries={"a": entry}), tmp_path)
    assert made.path("a") == msgspec.convert(entry, Entry).flat_url


def test_a_log_is_read_by_the_server(program: ModuleType, tmp_path: Path) -> None:
    log = program.Log(tmp_path / "log.db")
    for _ in range(3):
        log.ended(log.began("a", PICTURE, T, "r"), 8.0, "complete")
    batch = read_batch(json.dumps(log.batch(T + 60)).encode())
    assert (batch.rows.order, batch.rows.bad, batch.first) == ((1, 2, 3), {}, 1)
    assert admit(batch.rows.order, batch.first, 0).ack == 3


def test_what_was_acknowledged_is_told_no_more_and_numbers_go_on(program: ModuleType, tmp_path: Path) -> None:
    log = program.Log(tmp_path / "log.db")
    log.ended(log.began("a", PICTURE, T, "r"), 8.0, "complete")
    log.acknowledged(1)
    assert log.batch(T) is None
    assert log.began("a", PICTURE, T, "r") == 2


def test_what_the_power_cut_broke_off_is_told_as_cut(program: ModuleType, tmp_path: Path) -> None:
    before = program.Log(tmp_path / "log.db")
    before.began("a", PICTURE, T, "r")
    assert before.batch(T) is None  # it is still on
    after = program.Log(tmp_path / "log.db")
    assert [(one["seq"], one["end"]) for one in after.batch(T)["plays"]] == [(1, "cut")]
    assert after.batch(T)["epoch"] == before.get("epoch")
    with closing(sqlite3.connect(tmp_path / "log.db")) as db:
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_at_most_five_hundred_plays_are_told_at_once(program: ModuleType, tmp_path: Path) -> None:
    log = program.Log(tmp_path / "log.db")
    log._db.execute("BEGIN")
    for _ in range(501):
        log.ended(log.began("a", PICTURE, T, "r"), 8.0, "complete")
    log._db.execute("COMMIT")
    assert len(log.batch(T)["plays"]) == 500


def test_an_address_that_is_none_is_refused_in_words(program: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        program.main(["https://example.vn/"])
    assert "give the address that the console showed" in capsys.readouterr().err
