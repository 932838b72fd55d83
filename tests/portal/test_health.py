"""A hotspot is judged by its own last week."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from core.services import Services
from portal import queries
from portal.health import judge
from portal.house import desk
from tests.portal.station import make_hotspot
from tests.portal.test_splash import AGENT
from tests.support.clock import FrozenClock

TODAY = date(2026, 8, 10)
NOW = datetime(2026, 8, 10, 12, tzinfo=UTC)


@dataclass
class Day:
    day: date
    splashes: int
    grants: int
    bad_signatures: int = 0
    refused_targets: int = 0
    last_seen_at: datetime | None = NOW
    clock_ahead_s: int | None = None


def week(splashes: int = 100, grants: int = 80) -> list[Day]:
    return [Day(TODAY - timedelta(days=n), splashes, grants, last_seen_at=NOW - timedelta(days=n)) for n in range(1, 8)]


def test_it_works() -> None:
    found = judge([*week(), Day(TODAY, 50, 41)], TODAY, NOW)
    assert (found.state, found.ratio, found.usual) == ("well", 0.82, 0.8)
    assert found.last_seen_at == NOW


def test_few_grants_for_many_splashes_is_a_fall() -> None:
    assert judge([*week(), Day(TODAY, 50, 19)], TODAY, NOW).state == "fallen"
    assert judge([*week(), Day(TODAY, 50, 20)], TODAY, NOW).state == "well"


def test_a_place_where_few_ever_go_on_is_compared_with_itself() -> None:
    assert judge([*week(grants=10), Day(TODAY, 50, 5)], TODAY, NOW).state == "well"


def test_a_morning_with_few_travellers_says_nothing() -> None:
    found = judge([*week(), Day(TODAY, 19, 0)], TODAY, NOW)
    assert (found.state, found.ratio) == ("well", None)


def test_a_busy_place_that_is_silent_for_a_day() -> None:
    assert judge(week(), TODAY, NOW).state == "silent"
    assert judge(week(), TODAY, NOW - timedelta(hours=1)).state == "well"


def test_a_quiet_place_may_be_silent() -> None:
    assert judge(week(splashes=5, grants=4), TODAY, NOW).state == "well"


def test_more_bad_signatures_than_splashes_is_a_wrong_key() -> None:
    assert judge([*week(), Day(TODAY, 0, 0, bad_signatures=5)], TODAY, NOW).state == "signatures"
    assert judge([*week(), Day(TODAY, 40, 30, bad_signatures=5)], TODAY, NOW).state == "well"


def test_what_was_never_heard_of_is_new() -> None:
    assert judge([], TODAY, NOW).state == "new"


def test_it_is_read_from_the_days_of_the_place(services: Services) -> None:
    make_hotspot(services)
    now = services.clock.now()
    today = now.astimezone(ZoneInfo("Asia/Ho_Chi_Minh")).date()

    def work(s: Session) -> None:
        for n in range(1, 8):
            queries.add_to_day(s, "ST01", today - timedelta(days=n), {"splashes": 100, "grants": 80}, now)
        queries.add_to_day(s, "ST01", today, {"splashes": 40, "grants": 4, "bad_signatures": 2}, now)

    services.db.write(work)
    with services.db.read() as s:
        found = queries.health(s, "ST01", "Asia/Ho_Chi_Minh", now)
        assert queries.healths(s, {"ST01": "Asia/Ho_Chi_Minh"}, now) == {"ST01": found}
        assert queries.healths(s, {"ST02": "UTC"}, now)["ST02"].state == "new"
        assert queries.healths(s, {}, now) == {}
    assert (found.state, found.ratio, found.usual, found.bad_signatures) == ("fallen", 0.1, 0.8, 2)


def test_the_clock_is_as_it_was_last_told() -> None:
    days = [replace(one, clock_ahead_s=7200) for one in week()] + [Day(TODAY, 1, 1, clock_ahead_s=-3)]
    assert judge(days, TODAY, NOW).clock_ahead_s == -3
    assert judge(days[:-1], TODAY, NOW).clock_ahead_s == 7200
    assert judge(week(), TODAY, NOW).clock_ahead_s is None


def test_a_gateway_that_tells_the_time_is_held_against_ours(
    client: FlaskClient, services: Services, clock: FrozenClock
) -> None:
    settings = {"controller": "https://192.0.2.9", "username": "u", "password": "p", "site": "default"}
    make_hotspot(services, dialect="unifi", grant_base=None, settings=settings | {"api": 1})
    for mac, behind_s in (("02:00:00:00:77:01", 900), ("02:00:00:00:77:02", 600), ("02:00:00:00:77:03", 4000)):
        told = int(clock.now().timestamp()) - behind_s
        client.get(f"/wifi/ST01?id={mac}&ap=02:00:00:00:00:01&t={told}&url=http://a/&ssid=x", headers=AGENT)
    for nonsense in ("", "x", "99999999999", "-5", "1"):
        client.get(f"/wifi/ST01?id=02:00:00:00:77:04&t={nonsense}", headers=AGENT)
    with client.application.app_context():
        assert desk().outbox.flush()
    with services.db.read() as s:
        assert queries.health(s, "ST01", "Asia/Ho_Chi_Minh", clock.now()).clock_ahead_s == -600
