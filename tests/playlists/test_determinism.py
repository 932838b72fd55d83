"""The same world gives the same programme in every process, whatever seeds its hashes."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TELL = """
from datetime import timedelta
from hashlib import sha256
from playlists.resolve import choose, resolve
from tests.playlists import fleet

world, now = fleet.world(60), fleet.START + timedelta(days=35)
digest = sha256()
for spot in fleet.spots(25):
    digest.update(repr(resolve(world, spot, now, now + timedelta(hours=48))).encode())
    digest.update(repr(choose(world, spot, now, spot.id, ("ko", "en"))).encode())
print(digest.hexdigest())
"""


def told(seed: str) -> str:
    environ = os.environ | {"PYTHONHASHSEED": seed}
    done = subprocess.run(
        [sys.executable, "-c", TELL], cwd=ROOT, env=environ, capture_output=True, text=True, check=True
    )
    return done.stdout


def test_it_works() -> None:
    assert told("1") == told("4294967295")
