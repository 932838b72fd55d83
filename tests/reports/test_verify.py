"""`flask --app wsgi verify FILE` says whether a pack is as it was signed."""

from __future__ import annotations

from pathlib import Path

from flask import Flask

from server.cli import install
from tests.reports.test_proof import ANOTHER, SIGNER, changed, pack


def run(tmp_path: Path, made: bytes, *options: str) -> tuple[int, str]:
    app = Flask("verify")
    install(app)
    (tmp_path / "pack.zip").write_bytes(made)
    done = app.test_cli_runner().invoke(args=["verify", str(tmp_path / "pack.zip"), *options])
    return done.exit_code, done.output


def test_it_works(tmp_path: Path) -> None:
    code, said = run(tmp_path, pack())
    assert code == 0
    assert "plays.csv: 5 rows" in said
    assert said.endswith("all of it is as it was signed\n")


def test_a_changed_pack_is_an_error(tmp_path: Path) -> None:
    code, said = run(tmp_path, changed(pack(), "plays.csv", lambda body: body.replace(b"scr_1,3", b"scr_2,3")))
    assert code == 1
    assert "row 3 does not follow" in said


def test_a_key_can_be_asked_for(tmp_path: Path) -> None:
    assert run(tmp_path, pack(), "--key", SIGNER.public)[0] == 0
    assert run(tmp_path, pack(), "--key", ANOTHER.public)[0] == 1
