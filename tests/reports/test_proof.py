"""A proof pack checks itself anywhere; whatever is done to it is found."""

from __future__ import annotations

import csv
import io
import tracemalloc
from collections.abc import Callable
from datetime import date
from typing import Any
from zipfile import ZipFile

import pytest

from core.db import Database
from core.security import Sealer
from reports.evidence import proof_pack
from reports.proof import MANIFEST, PLAY_COLUMNS, Sheet, verify_pack, write_pack
from reports.signing import Signer
from tests.reports import world
from tests.support.clock import MORNING

TODAY = date(2026, 11, 22)
SIGNER = Signer(Sealer("k" * 40))
ANOTHER = Signer(Sealer("j" * 40))


def pack(rows: list[tuple[Any, ...]] | None = None, signer: Signer = SIGNER) -> bytes:
    out = io.BytesIO()
    sheet = Sheet("plays.csv", ("screen", "seq"), rows if rows is not None else [("scr_1", n) for n in range(1, 6)])
    write_pack(out, {"day": "2026-11-22"}, [sheet], {"plan": 1}, signer, MORNING)
    return out.getvalue()


def changed(made: bytes, name: str, change: Callable[[bytes], bytes | None]) -> bytes:
    """The pack with one of its files changed, or left out."""
    out = io.BytesIO()
    with ZipFile(io.BytesIO(made)) as old, ZipFile(out, "w") as new:
        for each in old.namelist():
            body = change(old.read(each)) if each == name else old.read(each)
            if body is not None:
                new.writestr(each, body)
    return out.getvalue()


def faults(made: bytes, key: str | None = None) -> list[str]:
    return verify_pack(io.BytesIO(made), key)[1]


def test_it_works() -> None:
    manifest, wrong = verify_pack(io.BytesIO(pack()))
    assert wrong == []
    assert manifest is not None
    assert [(each.name, each.rows) for each in manifest.files] == [("plays.csv", 5), ("plan.json", 0)]


@pytest.mark.parametrize(
    "change",
    [
        lambda body: body.replace(b"scr_1,3", b"scr_2,3"),
        lambda body: b"\r\n".join(line for line in body.split(b"\r\n") if not line.startswith(b"scr_1,3")),
        lambda body: body.replace(b"scr_1,1,", b"scr_1,9,", 1),
        lambda body: body + b"scr_1,6,00\r\n",
        lambda body: None,
    ],
    ids=["a cell", "a row left out", "the first row", "a row added", "the file left out"],
)
def test_any_change_of_a_row_is_found(change: Callable[[bytes], bytes | None]) -> None:
    assert any(each.startswith("plays.csv") for each in faults(changed(pack(), "plays.csv", change)))


def test_a_changed_manifest_is_found() -> None:
    made = changed(pack(), MANIFEST, lambda body: body.replace(b'"rows":5', b'"rows":4'))
    assert f"the signature does not fit {MANIFEST}" in faults(made)


def test_a_changed_plan_is_found() -> None:
    assert faults(changed(pack(), "plan.json", lambda body: body + b" ")) == [
        "plan.json is not the file that was signed"
    ]


def test_a_stranger_in_the_pack_is_found() -> None:
    out = io.BytesIO(pack())
    with ZipFile(out, "a") as more:
        more.writestr("extra.csv", "a")
    assert faults(out.getvalue()) == ["extra.csv is in the pack and not in its manifest"]


def test_another_s_key_is_found_when_ours_is_known() -> None:
    made = pack(signer=ANOTHER)
    assert faults(made) == []
    assert faults(made, SIGNER.public) == ["it is signed by another key than the one that is trusted"]


@pytest.mark.parametrize("junk", [b"", b"no zip", b"PK\x03\x04 broken"])
def test_what_is_no_pack_is_told(junk: bytes) -> None:
    assert faults(junk)[0].startswith("the file cannot be read as a ZIP")


def test_a_zip_without_a_manifest_is_told() -> None:
    assert faults(changed(pack(), MANIFEST, lambda _: None)) == ["manifest.json or manifest.sig is missing"]


def test_the_ledger_of_a_day(db: Database) -> None:
    world.build(db)
    world.play(db, "ben-xe", 20)
    world.play(db, "cho", 5, campaign="cmp_2")
    world.lose(db, "cho", 3)
    with db.read() as s, proof_pack(s, TODAY, TODAY, campaign=None, under=["/"], signer=SIGNER, now=MORNING) as file:
        made = io.BytesIO(file.read())
    manifest, wrong = verify_pack(made)
    assert wrong == []
    assert manifest is not None
    assert {each.name: each.rows for each in manifest.files if each.name in ("plays.csv", "gaps.csv")} == {
        "plays.csv": 26,
        "gaps.csv": 1,
    }
    with ZipFile(made) as opened:
        first = next(csv.DictReader(io.StringIO(opened.read("plays.csv").decode())))
    assert set(PLAY_COLUMNS) < set(first)
    assert (first["screen"], first["openooh_id"], first["impression_multiplier"]) == ("scr_ben-xe", "10202", "2.5")


def test_a_campaign_s_own(db: Database) -> None:
    world.build(db)
    world.play(db, "ben-xe", 20)
    world.play(db, "cho", 5, campaign="cmp_2")
    with db.read() as s, proof_pack(s, TODAY, TODAY, campaign="cmp_2", under=["/"], signer=SIGNER, now=MORNING) as file:
        manifest, wrong = verify_pack(file)
    assert wrong == []
    assert manifest is not None
    assert manifest.files[0].rows == 5


def test_many_rows_in_constant_memory() -> None:
    rows = ((f"scr_{n % 2000}", n) for n in range(60_000))
    with open("/dev/null", "wb") as nowhere:  # noqa: PTH123
        tracemalloc.start()
        write_pack(_Sink(nowhere), {}, [Sheet("plays.csv", ("screen", "seq"), rows)], {}, SIGNER, MORNING)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert peak < 3_000_000


class _Sink(io.RawIOBase):
    """Takes everything and remembers only how much it was."""

    def __init__(self, _: object) -> None:
        self._at = 0

    def write(self, data: Any) -> int:
        self._at += len(data)
        return len(data)

    def tell(self) -> int:
        return self._at

    def seekable(self) -> bool:
        return False
