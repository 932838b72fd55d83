"""What the redirect of a scan can bear (the long form is ``python -m bench.scans``), and how plays go. Prints."""

import time

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from bench.rig import Options
from bench.scans import redirect
from core.db import Database, from_ms, to_ms
from measure.retention import KEEP, drop_plays

pytestmark = [pytest.mark.bench, pytest.mark.filterwarnings("default")]
NUMBERS = "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < :n)"


def test_the_redirect_of_a_scan() -> None:
    print()
    redirect(Options(rounds=5, seconds=2, screens=2_000))


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_day_of_plays_is_dropped(db: Database) -> None:
    """200 screens with two days of plays, of which one is too old; each write is as long as others have to wait."""
    first_ms, a_day = 1_795_312_800_000, 6_480

    def fill(s: Session) -> None:
        acks = "INSERT INTO play_ack (stream, screen, location, area_path, epoch, ack)"
        s.execute(text(f"{NUMBERS} {acks} SELECT i, 's' || i, 'l', '/', 'e', 1 FROM n"), {"n": 200})
        plays = "INSERT INTO play SELECT i / :log, i % :log, 1, :at + (i % :log) * 10000, 0, 10000, 10000, 0, 1, 1, 0"
        s.execute(text(f"{NUMBERS} {plays} FROM n"), {"n": 400 * a_day, "log": 2 * a_day, "at": first_ms})

    db.write(fill)
    now, waits = from_ms(first_ms + a_day * 10_000) + KEEP, []
    began = time.perf_counter()
    for stream in range(200):
        dropped = 1
        while dropped:
            before = time.perf_counter()
            dropped = db.write(lambda s, log=stream: drop_plays(s, log, to_ms(now - KEEP)))
            waits.append(1000 * (time.perf_counter() - before))
    took = time.perf_counter() - began
    waits.sort()
    print(f"\n{200 * a_day:,} old plays dropped: {200 * a_day / took:,.0f} plays/s")
    print(f"  others wait {waits[len(waits) // 2]:.1f} ms (median of {len(waits)}), {waits[-1]:.0f} ms at most")
