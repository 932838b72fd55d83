"""One writer commits for many: what is acknowledged is there, what fails undoes itself alone."""

import fcntl
import os
import sqlite3
import subprocess
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from io import BufferedWriter
from pathlib import Path

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from core.db import Database, sqlite_module
from core.errors import Busy, StorageFull
from core.snapshot import GenerationRow


def put(name: str, n: int = 1):
    return lambda s: s.add(GenerationRow(name=name, n=n))


def names(db: Database) -> set[str]:
    with db.read() as s:
        return set(s.scalars(select(GenerationRow.name)))


def test_it_works(db: Database) -> None:
    assert db.write(lambda s: [s.add(GenerationRow(name="a", n=1)), "result"][1]) == "result"
    assert names(db) == {"a"}


def test_many_at_once_are_all_there(db: Database) -> None:
    with ThreadPoolExecutor(16) as pool:
        list(pool.map(lambda i: db.write(put(f"n{i}")), range(200)))
    assert len(names(db)) == 200


def test_an_error_undoes_its_own_work_and_no_other(db: Database) -> None:
    def half(s: Session) -> None:
        put("half")(s)
        s.flush()
        raise ValueError("changed my mind")

    def attempt(i: int) -> str:
        try:
            db.write(half if i % 3 == 0 else put(f"whole{i}"))
        except ValueError:
            return "undone"
        return "kept"

    with ThreadPoolExecutor(12) as pool:
        outcomes = list(pool.map(attempt, range(60)))
    assert outcomes.count("undone") == 20
    assert names(db) == {f"whole{i}" for i in range(60) if i % 3}


def put_all(s: Session, wanted: Sequence[str]) -> Sequence[int | Exception]:
    """How many stood together, for each; names that begin with "bad" are refused, "worse" breaks the statement."""
    if any(name.startswith("worse") for name in wanted):
        raise ValueError("worse")
    good = [name for name in wanted if not name.startswith("bad")]
    s.add_all(GenerationRow(name=name, n=1) for name in good)
    return [len(wanted) if name in good else KeyError(name) for name in wanted]


def test_what_is_brought_together_is_written_together(db: Database) -> None:
    held, let_go = threading.Event(), threading.Event()

    def slow(_: Session) -> None:
        held.set()
        let_go.wait(30)

    with ThreadPoolExecutor(12) as pool:
        first = pool.submit(db.write, slow)
        held.wait(30)
        others = [pool.submit(db.write_together, put_all, f"n{i}") for i in range(10)]
        while len(db._writer._waiting) < 10:
            time.sleep(0.01)
        let_go.set()
        first.result(30)
        assert {one.result(30) for one in others} == {10}
    assert names(db) == {f"n{i}" for i in range(10)}


def test_one_that_is_refused_spoils_nothing_for_the_others(db: Database) -> None:
    def attempt(i: int) -> str:
        name = f"{('good', 'bad', 'worse')[i % 3]}{i}"
        try:
            db.write_together(put_all, name)
        except KeyError:
            return "refused"
        except ValueError:
            return "failed"
        return "kept"

    with ThreadPoolExecutor(12) as pool:
        outcomes = list(pool.map(attempt, range(60)))
    assert {name: outcomes.count(name) for name in ("kept", "refused", "failed")} == {
        "kept": 20,
        "refused": 20,
        "failed": 20,
    }
    assert names(db) == {f"good{i}" for i in range(60) if i % 3 == 0}


def test_a_broken_constraint_is_told_to_its_own_caller(db: Database) -> None:
    db.write(put("once"))
    with pytest.raises(Exception, match=r"(?i)unique"):
        db.write(put("once"))
    db.write(put("next"))
    assert names(db) == {"once", "next"}


def test_what_is_returned_can_be_read_afterwards(db: Database) -> None:
    def make(s: Session) -> GenerationRow:
        row = GenerationRow(name="kept", n=7)
        s.add(row)
        s.flush()
        return row

    assert db.write(make).n == 7


def test_reading_cannot_write(db: Database) -> None:
    with pytest.raises(Exception, match=r"(?i)read-?only"), db.read() as s:
        s.execute(text("insert into generation (name, n) values ('x', 1)"))
    assert names(db) == set()


@pytest.fixture
def sqlite_file(tmp_path: Path) -> Path:
    return tmp_path / "one.db"


def test_acknowledged_means_synced(sqlite_file: Path) -> None:
    database = Database(f"sqlite:///{sqlite_file}")
    with database.engine.connect() as c:
        assert c.exec_driver_sql("PRAGMA synchronous").scalar() == 2  # FULL
        assert c.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
    database.close()


def test_a_locked_database_is_busy_and_recovers(sqlite_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.db.BUSY_TIMEOUT_MS", 50)
    database = Database(f"sqlite:///{sqlite_file}")
    GenerationRow.metadata.create_all(database.engine)
    other = sqlite_module().connect(sqlite_file, isolation_level=None)  # one library: locks are a process's
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(Busy):
        database.write(put("early"))
    other.execute("ROLLBACK")
    other.close()
    database.write(put("late"))
    assert names(database) == {"late"}
    database.close()


@pytest.fixture
def small_disk(tmp_path: Path):
    folder = tmp_path / "small"
    folder.mkdir()
    mount = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", folder], capture_output=True, check=False)
    if mount.returncode:
        pytest.skip("mounting a small tmpfs needs root")
    yield folder
    subprocess.run(["umount", "-l", folder], check=True)


def test_processes_take_turns_at_a_gate_that_the_kernel_keeps(sqlite_file: Path) -> None:
    db = Database(f"sqlite:///{sqlite_file}")
    GenerationRow.metadata.create_all(db.engine)
    db.write(put("first"))
    with Path(f"{sqlite_file}-turn").open("ab") as held, ThreadPoolExecutor(1) as pool:
        fcntl.flock(held, fcntl.LOCK_EX)  # another process is at it
        waits = pool.submit(db.write, put("second"))
        while "-> FLOCK" not in waiting_at(held):
            time.sleep(0.01)
        assert not waits.done()
        assert names(db) == {"first"}
        fcntl.flock(held, fcntl.LOCK_UN)
        waits.result(timeout=60)
    assert names(db) == {"first", "second"}
    db.close()


def waiting_at(file: BufferedWriter) -> str:
    """What the kernel tells of the locks on a file and of those who wait for them."""
    mark = f":{os.fstat(file.fileno()).st_ino} "
    return "".join(line for line in Path("/proc/locks").read_text().splitlines(keepends=True) if mark in line)


def test_a_full_disk_refuses_and_is_well_again_once_there_is_room(
    small_disk: Path,
) -> None:
    database = Database(f"sqlite:///{small_disk}/one.db")
    GenerationRow.metadata.create_all(database.engine)
    ballast = small_disk / "ballast"
    kept: list[str] = []
    with pytest.raises(StorageFull):  # noqa: PT012 - the disk fills at some write, not at a known one
        ballast.write_bytes(b"\0" * 1_200_000)
        for i in range(4000):
            name = f"{i}-" + "x" * 800
            database.write(put(name))
            kept.append(name)
    ballast.unlink()
    database.write(put("again"))
    assert names(database) == {*kept, "again"}
    with database.read() as s:
        assert s.scalar(text("PRAGMA integrity_check")) == "ok"
        assert s.scalar(select(func.count()).select_from(GenerationRow)) == len(kept) + 1
    database.close()


def test_the_sqlite_in_use_is_free_of_the_wal_reset_bug() -> None:
    version = tuple(int(part) for part in sqlite_module().sqlite_version.split("."))
    if sqlite_module() is sqlite3:
        pytest.skip("no wheel of a newer SQLite for this machine")
    assert version >= (3, 51, 3)
