"""Takeovers, fallbacks and the calendar of holidays."""

from datetime import timedelta
from typing import Any

import pytest

from core.errors import Conflict, Forbidden, Invalid, NotFound
from playlists import actions
from playlists.models import Takeover
from playlists.queries import publication
from tests.playlists.office import BOB, CHI, Office
from tests.support.clock import MORNING


def take(office: Office, **changes: Any) -> Takeover:
    facts: dict[str, Any] = {
        "creative": "crv_b",
        "targets": {"areas": ["93"]},
        "ends_at": MORNING + timedelta(minutes=10),
        "reason": "Lũ lụt",
    }
    return office.do(actions.takeover, **(facts | changes))


def test_it_works(office: Office) -> None:
    office.live()
    made = take(office, by=CHI)
    assert office.shown() == {"crv_b"}
    assert (made.owner_path, made.created_by_name, made.starts_at) == ("/93/", "chi", MORNING)
    assert office.shown(at=MORNING + timedelta(minutes=10)) == {"crv_a"}


def test_it_can_be_ended_early(office: Office) -> None:
    office.live()
    made = take(office)
    office.later(minutes=2)
    office.do(actions.end_takeover, made.id)
    assert office.shown() == {"crv_a"}
    assert office.world(MORNING + timedelta(minutes=1)).takeovers[0].ends_at == MORNING + timedelta(minutes=10)


def test_it_cannot_be_ended_twice(office: Office) -> None:
    made = take(office)
    office.do(actions.end_takeover, made.id)
    with pytest.raises(Conflict):
        office.do(actions.end_takeover, made.id)


def test_an_unknown_one_is_not_found(office: Office) -> None:
    with pytest.raises(NotFound):
        office.do(actions.end_takeover, "tko_x")


def test_an_editor_may_not(office: Office) -> None:
    with pytest.raises(Forbidden):
        take(office, by=BOB)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"ends_at": MORNING}, "ends_at"),
        ({"ends_at": MORNING + timedelta(days=40)}, "ends_at"),
        ({"reason": " "}, "reason"),
        ({"creative": "crv_x"}, "creative"),
        ({"targets": {}}, "targets"),
        ({"targets": {"areas": ["79"]}, "by": CHI}, "targets.areas"),
    ],
)
def test_one_that_cannot_be_is_refused(one_office: Office, changes: dict[str, Any], field: str) -> None:
    office = one_office
    with pytest.raises(Invalid) as refusal:
        take(office, **changes)
    assert field in {name for name, _ in refusal.value.errors}
    assert office.world().takeovers == ()


def test_a_fallback_shows_where_nothing_is_placed(office: Office) -> None:
    office.do(actions.set_fallback, "area", "93", "crv_b", by=CHI)
    assert office.shown() == {"crv_b"}
    office.do(actions.set_fallback, "location", "ben-xe", "crv_93", by=CHI)
    assert office.shown() == {"crv_93"}
    office.do(actions.set_fallback, "location", "ben-xe", None, by=CHI)
    assert office.shown() == {"crv_b"}


def test_a_fallback_of_another_area_is_refused(office: Office) -> None:
    with pytest.raises(Forbidden):
        office.do(actions.set_fallback, "area", "79", "crv_b", by=CHI)
    with pytest.raises(Invalid):
        office.do(actions.set_fallback, "area", "nowhere", "crv_b")


def test_holidays_can_be_kept(office: Office) -> None:
    today = MORNING.date().isoformat()
    office.live(on_holidays="skip")
    done = office.do(actions.set_holiday, {"name": "Tết", "first": today})
    assert office.shown() == {"builtin"}
    ref = office.world().holidays
    assert [one.name for one in ref] == ["Tết"]
    with office.db.read() as s:
        line = publication(s, done.seq)
        assert line is not None
        holiday = line.ref
    office.do(actions.remove_holiday, holiday)
    assert office.shown() == {"crv_a"}


@pytest.mark.parametrize(
    ("doc", "field"),
    [
        ({"name": "", "first": "2027-02-05"}, "name"),
        ({"name": "Tết", "first": "soon"}, "first"),
        ({"name": "Tết", "first": "2027-02-05", "last": "2027-02-04"}, "last"),
        ({"name": "Tết", "first": "2027-02-05", "area": "nowhere"}, "area"),
    ],
)
def test_a_holiday_that_cannot_be_is_refused(one_office: Office, doc: dict[str, str], field: str) -> None:
    office = one_office
    with pytest.raises(Invalid) as refusal:
        office.do(actions.set_holiday, doc)
    assert field in {name for name, _ in refusal.value.errors}


def test_a_withdrawn_creative_is_off_every_screen_at_once(office: Office) -> None:
    office.live(creatives=["crv_a", "crv_b"])
    take(office)
    office.do(actions.withdraw_creative, "crv_b", "Sai nội dung")
    assert office.shown() == {"crv_a"}
    assert office.world(MORNING - timedelta(seconds=1)).creatives["crv_b"].withdrawn_at is None


def test_withdrawing_needs_an_approver_and_a_reason(office: Office) -> None:
    with pytest.raises(Forbidden):
        office.do(actions.withdraw_creative, "crv_b", "Sai nội dung", by=CHI)
    with pytest.raises(Invalid):
        office.do(actions.withdraw_creative, "crv_b", " ")
    with pytest.raises(NotFound):
        office.do(actions.withdraw_creative, "crv_x", "Sai nội dung")
