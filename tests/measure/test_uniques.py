"""Different people a day, added up from ward to province, and forgotten with the day's salt."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import update

from core.db import Database
from core.services import Services
from measure.jobs import close_unique_days
from measure.models import DailySalt, Link, Scan, Sketch, SketchRegister
from measure.scans import MOST_A_MINUTE
from measure.uniques import Place, Uniques, see, uniques
from tests.measure.counts import rows
from tests.measure.test_doors import get
from tests.measure.world import make_link
from tests.support.clock import FrozenClock

TODAY = date(2026, 11, 22)
WARD = Place(TODAY, "ben-xe", "/93/31321/")
NEXT_WARD = Place(TODAY, "cho", "/93/31333/")


def about(people: int) -> object:
    """Salts are random, and two people may touch one register."""
    return pytest.approx(people, abs=2)


def meet(db: Database, place: Place, people: range) -> None:
    db.write(lambda s: [see(s, place, "splash:session", f"p{n}") for n in people])


def count(db: Database, under: str = "/") -> list[Uniques]:
    with db.read() as s:
        return uniques(s, TODAY - timedelta(days=1), TODAY, under=[under])


def test_it_works(db: Database) -> None:
    meet(db, WARD, range(50))
    meet(db, WARD, range(30))
    (found,) = count(db)
    assert (found.day, found.kind, found.plus_minus) == (TODAY, "splash:session", 1)
    assert found.estimate == about(50)


def test_who_was_in_two_wards_counts_once_in_the_province(db: Database) -> None:
    meet(db, WARD, range(40))
    meet(db, NEXT_WARD, range(20, 60))
    assert [each.estimate for each in count(db)] == [about(60)]
    assert [each.estimate for each in count(db, "/93/31333/")] == [about(40)]


def test_days_are_apart(db: Database) -> None:
    meet(db, WARD, range(10))
    meet(db, WARD._replace(day=TODAY - timedelta(days=1)), range(10))
    assert [(each.day.day, each.estimate) for each in count(db)] == [(21, about(10)), (22, about(10))]


def test_nothing_of_a_person_is_kept(db: Database) -> None:
    meet(db, WARD, range(1))
    (register,) = rows(db, SketchRegister)
    assert "p0" not in str(vars(register))


def test_the_day_s_end_destroys_the_salt_and_keeps_the_number(services: Services, clock: FrozenClock) -> None:
    db = services.db
    meet(db, WARD, range(40))
    before = count(db)
    clock.advance(hours=15 + 5)  # 05:00 of the next day
    close_unique_days(services)
    assert len(rows(db, DailySalt)) == 1
    clock.advance(hours=2)
    close_unique_days(services)
    assert rows(db, DailySalt) == rows(db, SketchRegister) == []
    assert len(rows(db, Sketch)) == 1
    assert count(db) == before


def test_a_phone_that_scans_twice_is_one_person(client: FlaskClient, db: Database) -> None:
    code, other = make_link(db), make_link(db, creative_id="crv_2")
    for each in (code, other, code):
        get(client, f"/q/{each}")
    client.delete_cookie("bt_day")
    get(client, f"/q/{code}")
    assert [each.estimate for each in count(db)] == [2]


def test_a_forged_token_is_replaced(client: FlaskClient, db: Database) -> None:
    client.set_cookie("bt_day", "<script>")
    assert "bt_day=" in get(client, f"/q/{make_link(db)}").headers["Set-Cookie"]


def test_machines_get_no_token(client: FlaskClient, db: Database) -> None:
    assert "Set-Cookie" not in get(client, f"/q/{make_link(db)}", "curl/8").headers
    assert count(db) == []


def test_a_flood_takes_its_people_with_it(client: FlaskClient, db: Database) -> None:
    code = make_link(db)
    for _ in range(MOST_A_MINUTE + 5):
        get(client, f"/q/{code}")
        client.delete_cookie("bt_day")
    assert count(db) == []


def test_who_was_seen_at_a_place_that_moved_within_the_day_is_kept(
    client: FlaskClient, services: Services, clock: FrozenClock
) -> None:
    code = make_link(services.db)
    get(client, f"/q/{code}")
    services.db.write(lambda s: s.execute(update(Link).values(area_path="/93/31333/")))
    client.delete_cookie("bt_day")
    get(client, f"/q/{code}")
    before = count(services.db)
    clock.advance(hours=30)
    close_unique_days(services)
    assert count(services.db) == before
    assert [each.estimate for each in before] == [2]


def test_a_day_that_is_packed_keeps_nothing_of_its_scans(
    client: FlaskClient, services: Services, clock: FrozenClock
) -> None:
    get(client, f"/q/{make_link(services.db)}")
    before = count(services.db)
    clock.advance(hours=30)
    close_unique_days(services)
    assert [(each.register, each.rank) for each in rows(services.db, Scan)] == [(None, None)]
    assert count(services.db) == before
