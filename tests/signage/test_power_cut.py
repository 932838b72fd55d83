"""A power cut takes what was not synced; nothing that was acknowledged is among it.

The processes write through a library that keeps a second copy of the database as a disk would hold it after a cut:
see tests/support/disk.c. The first test shows that it forgets.
"""

import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType

import pytest

from core.db import sqlite_module
from server.schema import upgrade
from tests.signage.town import Town
from tests.support.disk import Forgetful
from tests.support.live import LiveServer
from tests.support.needs import needs

pytestmark = [needs("cc"), pytest.mark.timeout(300), pytest.mark.xdist_group("signage_faults")]

FIFTY_ROWS = """
import os, sys
from core.db import sqlite_module
db = sqlite_module().connect(sys.argv[1], isolation_level=None)
db.execute("PRAGMA journal_mode = WAL")
db.execute(f"PRAGMA synchronous = {sys.argv[2]}")
for n in range(50):
    db.execute("INSERT INTO told VALUES (?)", (n,))
os._exit(0)  # no orderly end
"""


@pytest.mark.parametrize(("synchronous", "kept"), [("FULL", 50), ("OFF", 0)])
def test_the_disk_keeps_what_was_synced_and_no_more(tmp_path: Path, synchronous: str, kept: int) -> None:
    file = tmp_path / "facts.db"
    with sqlite_module().connect(file) as db:
        db.execute("CREATE TABLE told (n)")
    db.close()
    disk = Forgetful(tmp_path, tmp_path / "platter", "facts.db")
    environ = disk.environ | {"PYTHONPATH": str(Path(__file__).parents[2]), "DISK_LEAKS": ""}
    subprocess.run([sys.executable, "-c", FIFTY_ROWS, str(file), synchronous], env=environ, check=True, timeout=60)
    disk.after_the_cut()
    with sqlite_module().connect(file) as db:
        assert db.execute("SELECT count(*) FROM told").fetchone() == (kept,)
    db.close()


@pytest.mark.parametrize("cuts", [1, pytest.param(5, marks=pytest.mark.full)])
def test_the_power_fails_while_plays_come_in(tmp_path: Path, cuts: int) -> None:
    server = LiveServer(tmp_path / "data", BANGTIN_SECRET_KEY="known to the tests alone, and long enough for it")
    server.data_dir.mkdir()
    upgrade(f"sqlite:///{server.data_dir}/bangtin.db")
    town = Town(server)
    screens = town.screens()
    for number in range(cuts):
        disk = Forgetful(server.data_dir, tmp_path / f"platter{number}")
        with started(server, disk.environ):
            cut = threading.Timer(1.5 + 0.3 * number, server.kill)
            cut.start()
            town.fleet(screens).run(3 + 0.3 * number)
            cut.join()
        disk.after_the_cut()
        acknowledged, stored = town.acknowledged(screens), town.stored(screens)
        print(f"after the cut: acknowledged {acknowledged}, stored {stored}")
        assert 0 < acknowledged <= stored
    with started(server):
        town.fleet(screens).drain()
    town.balance(screens)


@contextmanager
def started(server: LiveServer, disk: Mapping[str, str] = MappingProxyType({})) -> Iterator[None]:
    """The server on this disk, for a while."""
    usual = server.environ
    server.environ = usual | disk
    with server:
        yield
    server.environ = usual
