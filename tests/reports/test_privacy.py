"""What is kept about a person: nothing. Everything in the database is read after a busy day, and looked through."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import pytest
from sqlalchemy import MetaData, select

from core.db import Database
from core.services import Services
from measure.ledger import VisitFact, record_visit
from reports.jobs import close_due
from server.app import create_app
from tests.measure.world import ANDROID, DESKTOP, IPHONE, ZONE, make_link
from tests.reports import world
from tests.support.clock import FrozenClock

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

ADDRESSES = ("203.0.113.77", "2001:db8::77")
MAC = "02:42:ac:11:00:77"
ORIGIN = "http://secret.example.vn/where-i-was-going?token=abc"
AGENTS = (ANDROID, IPHONE, DESKTOP, "curl/8.5.0 (me@example.vn)")


def everything(db: Database) -> Iterator[tuple[str, str]]:
    """(table, value) of every cell of every table that there is, whatever made it."""
    found = MetaData()
    found.reflect(db.engine)
    with db.read() as s:
        for table in found.tables.values():
            for row in s.execute(select(table)):
                for value in row:
                    yield table.name, value.decode("latin-1") if isinstance(value, bytes) else str(value)


def busy_day(services: Services, clock: FrozenClock) -> None:
    world.build(services.db)
    code = make_link(services.db)
    client = create_app(services=services).test_client()
    for address in ADDRESSES:
        for agent in AGENTS:
            headers = {"User-Agent": agent, "Referer": ORIGIN, "X-Forwarded-For": address, "Accept-Language": "ko-KR"}
            environ = {"REMOTE_ADDR": address}
            page = client.get(f"/q/{code}", headers=headers, environ_base=environ).text
            for step in re.findall(r'"(/q/[^"]+\?o=[^"]+)"', page):
                client.get(step, headers=headers, environ_base=environ)
            client.get("/q/ZZZZZZZZ", headers=headers, environ_base=environ)
    fact = VisitFact("grant", "v1", "cho", "/93/31321/", ZONE, "hs", "cmp_1", "crv_1", "vi", person=MAC)
    services.db.write(lambda s: record_visit(s, fact, clock.now()))
    clock.advance(hours=9)
    close_due(services)


def test_nothing_of_a_person_is_kept(
    services: Services, clock: FrozenClock, capsys: pytest.CaptureFixture[str]
) -> None:
    busy_day(services, clock)
    logged = capsys.readouterr()
    cells = [*everything(services.db), ("log", logged.out), ("log", logged.err)]
    assert len(cells) > 500
    tokens = [*ADDRESSES, MAC, MAC.replace(":", ""), "secret.example.vn", "where-i-was-going", "Mozilla", "AppleWebKit"]
    tokens += ["curl/8.5.0", "me@example.vn", "ko-KR"]
    for table, value in cells:
        for token in tokens:
            assert token not in value, f"{token} is kept in {table}: {json.dumps(value)[:200]}"


def test_no_cell_looks_like_an_address(services: Services, clock: FrozenClock) -> None:
    busy_day(services, clock)
    looks = re.compile(r"\b\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}\b|\b([0-9a-f]{2}[:-]){5}[0-9a-f]{2}\b", re.IGNORECASE)
    found = [(table, value[:80]) for table, value in everything(services.db) if looks.search(value)]
    assert found == []
