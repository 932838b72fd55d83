"""A flood on one code is put aside, minute by minute; what stands beside it stands."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from core.db import Database
from core.ids import new_id
from measure.scans import MOST_A_MINUTE, LinkFound, Opening, find_link, record_opening
from tests.measure.counts import hourly, totals
from tests.measure.world import make_link
from tests.support.clock import MORNING


def link_of(db: Database, code: str) -> LinkFound:
    with db.read() as s:
        found = find_link(s, code)
    assert found is not None
    return found


def scan(db: Database, link: LinkFound, times: int, at: datetime = MORNING, reason: str = "") -> set[str]:
    verdicts = set()
    for _ in range(times):
        opening = Opening(new_id("opn"), "android", "vi", reason, True)
        verdicts.add(db.write(lambda s, o=opening: record_opening(s, link, o, at)))
    return verdicts


def test_it_works(db: Database) -> None:
    link = link_of(db, make_link(db))
    assert scan(db, link, MOST_A_MINUTE) == {"person"}
    assert totals(db) == {"scans": MOST_A_MINUTE, "scan_stores": MOST_A_MINUTE}


def test_a_flood_takes_its_minute_back(db: Database) -> None:
    link, beside = link_of(db, make_link(db)), link_of(db, make_link(db, creative_id="crv_2"))
    scan(db, link, 3, at=MORNING - timedelta(minutes=2))
    scan(db, beside, 2)
    assert "flood" in scan(db, link, MOST_A_MINUTE + 20)
    scan(db, link, 4, at=MORNING + timedelta(minutes=2))
    assert hourly(db) == totals(db) == {"scans": 9, "scan_stores": 9, "floods": MOST_A_MINUTE + 20}


def test_machines_do_not_make_a_flood(db: Database) -> None:
    link = link_of(db, make_link(db))
    scan(db, link, MOST_A_MINUTE + 10, reason="crawler")
    assert scan(db, link, 1) == {"person"}


@pytest.mark.parametrize("channel", ["sms", "zalo", "loudspeaker", "press"])
def test_a_message_to_thousands_may_burst(db: Database, channel: str) -> None:
    link = link_of(db, make_link(db, channel=channel, creative_id=None))
    assert scan(db, link, MOST_A_MINUTE + 5) == {"person"}


def test_an_opening_counts_once(db: Database) -> None:
    link = link_of(db, make_link(db))
    opening = Opening(new_id("opn"), "android", "vi", "", True)
    for _ in range(2):
        db.write(lambda s: record_opening(s, link, opening, MORNING))
    assert totals(db) == {"scans": 1, "scan_stores": 1}
