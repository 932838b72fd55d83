"""The quick door of scans says what the view behind it says, and counts the same."""

from __future__ import annotations

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from core.db import Database
from measure.crowds import Scanned, record_scans
from measure.models import Scan
from measure.scans import FLOOD, MOST_A_MINUTE, Opening
from tests.measure.counts import rows, totals
from tests.measure.world import ANDROID, DESKTOP, IPHONE, make_link, want
from tests.support.clock import MORNING
from tests.support.doors import BothDoors

TOKEN = "bt_day=" + "7" * 20
on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


class Doors(BothDoors):
    """Asks the same thing at both doors."""

    def ask(self, path: str, agent: str = ANDROID, method: str = "GET", **headers: str) -> TestResponse:
        """The quick door's answer, once Flask's was found to be the same."""
        sent = {"User-Agent": agent, "Accept-Language": "vi-VN,en;q=0.5", "Cookie": TOKEN} | headers
        with self.counting():
            said = self.app.test_client(use_cookies=False).open(path, method=method, headers=sent)
        with self.without():
            behind = self.app.test_client(use_cookies=False).open(path, method=method, headers=sent)
        assert seen(said) == seen(behind)
        return said


def seen(answer: TestResponse) -> tuple[object, ...]:
    """All but what is random: the seal on a landing page."""
    body = answer.data if answer.status_code == 302 else b""
    left_out = () if answer.status_code == 302 else ("Content-Length",)
    return answer.status, sorted(each for each in answer.headers.items() if each[0] not in left_out), body


@pytest.fixture
def doors(app: Flask) -> Doors:
    return Doors(app)


@on_sqlite
@pytest.mark.parametrize("agent", [ANDROID, IPHONE])
def test_it_works(doors: Doors, db: Database, agent: str) -> None:
    code = make_link(db)
    for path in (f"/q/{code}", f"/Q/{code}", f"/q/{code[:4]}-{code[4:].lower()}"):
        assert doors.ask(path, agent).status_code == 302
    assert doors.left == 0
    assert totals(db) == {"scans": 6, "scan_stores": 6}
    first, second = rows(db, Scan)[:2]
    assert (first.family, first.language, first.register) == (second.family, second.language, second.register)


@on_sqlite
def test_a_phone_is_given_its_token_of_the_day(app: Flask, db: Database) -> None:
    answer = app.test_client().get(f"/q/{make_link(db)}", headers={"User-Agent": ANDROID})
    assert answer.headers["Set-Cookie"].startswith("bt_day=")
    assert "HttpOnly" in answer.headers["Set-Cookie"]


@on_sqlite
@pytest.mark.parametrize(
    "headers", [{"Purpose": "prefetch"}, {"User-Agent": "WhatsApp/2.23.20.0 Android"}], ids=["prefetch", "preview"]
)
def test_machines_are_told_apart(doors: Doors, db: Database, headers: dict[str, str]) -> None:
    agent = headers.pop("User-Agent", ANDROID)
    doors.ask(f"/q/{make_link(db)}", agent, **headers)
    assert (doors.left, totals(db)) == (0, {"machines": 2})


@on_sqlite
@pytest.mark.parametrize(
    ("path", "agent", "method"),
    [("/q/{}", DESKTOP, "GET"), ("/q/{}", ANDROID, "HEAD"), ("/q/ZZZZZZZZ", ANDROID, "GET"), ("/q/no", ANDROID, "GET")],
    ids=["a desk", "head", "unknown", "no code"],
)
def test_what_it_does_not_know_is_the_views(doors: Doors, db: Database, path: str, agent: str, method: str) -> None:
    doors.ask(path.format(make_link(db)), agent, method)
    assert doors.left == 1


@on_sqlite
def test_where_the_campaign_names_no_store_there_is_a_page(doors: Doors, db: Database) -> None:
    bare = make_link(db, destination=want().destination.__class__(other_url="https://bluezone.gov.vn"))
    assert doors.ask(f"/q/{bare}").status_code == 200
    assert (doors.left, totals(db)) == (1, {"scans": 2})


def scanned(code: str, n: int, reason: str = "") -> list[Scanned]:
    people = [Opening(f"opn_{code}_{i}", "android", "vi", reason, False, f"p{i}") for i in range(n)]
    return [Scanned(code, one, MORNING) for one in people]


def test_many_at_one_moment_are_counted_as_if_one_by_one(db: Database) -> None:
    here, there = make_link(db), make_link(db, location_id="cho")
    found = db.write(lambda s: record_scans(s, [*scanned(here, 5), *scanned(there, 3), *scanned("ZZZZZZZZ", 1)]))
    assert [link.code if link else None for link in found] == [here] * 5 + [there] * 3 + [None]
    assert totals(db) == {"scans": 8, "scan_stores": 8}


def test_a_flood_within_one_batch_is_put_aside(db: Database) -> None:
    code, other = make_link(db), make_link(db, location_id="cho")
    db.write(lambda s: record_scans(s, [*scanned(code, MOST_A_MINUTE + 1), *scanned(other, 2)]))
    assert totals(db) == {"floods": MOST_A_MINUTE + 1, "scans": 2, "scan_stores": 2}
    assert {one.verdict for one in rows(db, Scan) if one.code == code} == {FLOOD}


def test_a_flood_over_many_batches_is_put_aside(db: Database) -> None:
    code = make_link(db)
    people = scanned(code, MOST_A_MINUTE + 3)
    for n in range(0, len(people), 7):
        db.write(lambda s, n=n: record_scans(s, people[n : n + 7]))
    assert totals(db) == {"floods": MOST_A_MINUTE + 3}


def test_machines_make_no_flood(db: Database) -> None:
    code = make_link(db)
    db.write(lambda s: record_scans(s, scanned(code, MOST_A_MINUTE + 5, "crawler")))
    assert totals(db) == {"machines": MOST_A_MINUTE + 5}
