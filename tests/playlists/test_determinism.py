"""The same world gives the same programme in every process and zone, whatever seeds its hashes."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TELL = """
from dataclasses import replace
from datetime import date, timedelta
from hashlib import sha256
from playlists.dayparts import Holiday
from playlists.explain import explain
from playlists.programme import Arm, Fallback, Takeover
from playlists.reach import reach_of
from playlists.odds import choose
from playlists.resolve import resolve
from playlists.simulate import simulate_spot
from playlists.targets import Target
from tests.playlists import fleet
from tests.playlists.strategies import ZONES

plain, now = fleet.world(60), fleet.START + timedelta(days=35)
tried = [
    replace(
        one,
        placements=tuple(
            replace(
                row,
                arms=(Arm("A", row.creatives[:1], 2), Arm("B", row.creatives[-1:])),
                hours=replace(row.hours, on_holidays="skip"),
            )
            for row in one.placements
        ),
    )
    for one in plain.campaigns[::5]
]
taken = Takeover("t", "crv_1", Target(areas=("3", "7", "11")), now + timedelta(hours=3), now + timedelta(hours=4))
world = replace(
    plain,
    campaigns=(*plain.campaigns, *(replace(one, id=one.id + "x") for one in tried)),
    takeovers=(taken, replace(taken, id="u", target=Target(tags=("tourist",)))),
    fallbacks=(Fallback("area", "5", "crv_2"),),
    holidays=(Holiday("Feast", date(2026, 12, 6), date(2026, 12, 6)),),
    worked_out={},
)
digest = sha256()
for number, spot in enumerate(fleet.spots(28)):
    spot = replace(spot, timezone=ZONES[number % len(ZONES)])
    digest.update(repr(resolve(world, spot, now, now + timedelta(hours=48))).encode())
    digest.update(repr(choose(world, spot, now, spot.id, ("ko", "en"))).encode())
    digest.update(repr(explain(world, spot, now).findings).encode())
    digest.update(repr(simulate_spot(world, spot, date(2026, 12, 6)).troubles).encode())
digest.update(repr(reach_of(*world.campaigns).among(fleet.spots(50))).encode())
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
