"""The report of the day: complete or saying what is missing, frozen, signed, and corrected only by the next."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import msgspec
import pytest

from core.services import Services
from places.actions import update_area
from reports.actions import InstallFact, add_note, import_installs
from reports.content import AggregateContent, UnitContent, decode
from reports.jobs import close_due
from reports.models import DayReport
from reports.queries import report
from reports.signing import Signer, is_signed, sha256
from tests.measure.counts import rows
from tests.reports import world
from tests.support.clock import FrozenClock

# On both engines: test_both_engines.py.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

DAY = date(2026, 11, 22)


def at(hour: int, minute: int = 0, day: int = 22) -> datetime:
    """A time in Hậu Giang, as the server sees it."""
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC) - timedelta(hours=7)


@pytest.fixture(autouse=True)
def province(services: Services) -> None:
    world.build(services.db)


def close(services: Services, clock: FrozenClock, when: datetime) -> None:
    clock.step_to(when)
    close_due(services)


def kept(services: Services, area: str, day: date = DAY, kind: str = "unit") -> DayReport:
    with services.db.read() as s:
        found = report(s, area, day, kind)
    assert found is not None
    return found


def unit(services: Services, area: str = "31321", day: date = DAY) -> UnitContent:
    content = decode(kept(services, area, day).content)
    assert isinstance(content, UnitContent)
    return content


def aggregate(services: Services, day: date = DAY) -> AggregateContent:
    content = decode(kept(services, "93", day, "aggregate").content)
    assert isinstance(content, AggregateContent)
    return content


def tell(services: Services, area: str, when: datetime, **words: Any) -> None:
    given = {"remark": "Đã phát 200 tờ rơi", "by_hand": {"2": 200}, "by": "usr_1"} | words
    services.db.write(lambda s: add_note(s, area, DAY, now=when, **given))


def test_it_works(services: Services, clock: FrozenClock) -> None:
    world.play(services.db, "ben-xe", 20, at=at(14, 30))
    world.scan(services.db, "ben-xe", 3, at=at(11))
    world.visit(services.db, "cho", "splash_view", "grant", at=at(12))
    close(services, clock, at(15, 0))
    content = unit(services)
    assert (content.period_from, content.period_until) == (at(15, 0, day=21), at(15, 0))
    assert {name: n for name, n in content.period.counts.items() if n} == {
        "plays": 20,
        "scans": 3,
        "scan_stores": 3,
        "splash_views": 1,
        "grants": 1,
    }
    assert content.period.impressions == 50.0
    assert content.adjustments.counts["plays"] == 0


def test_nothing_closes_before_its_time(services: Services, clock: FrozenClock) -> None:
    close(services, clock, at(14, 59))
    assert rows(services.db, DayReport) == []


def test_it_closes_once(services: Services, clock: FrozenClock) -> None:
    for minute in (0, 1, 2):
        close(services, clock, at(15, minute))
    assert len(rows(services.db, DayReport)) == 3


def test_it_is_signed_and_nothing_of_it_can_be_changed_unseen(services: Services, clock: FrozenClock) -> None:
    close(services, clock, at(15, 0))
    found = kept(services, "31321")
    public = Signer(services.sealer).public
    assert sha256(found.content.encode()) == found.sha256
    assert is_signed(found.content.encode(), found.signature, public)
    assert not is_signed(found.content.replace('"plays":0', '"plays":9').encode(), found.signature, public)


def test_what_comes_late_is_an_adjustment_of_the_next(services: Services, clock: FrozenClock) -> None:
    world.play(services.db, "ben-xe", 20, at=at(14, 30))
    close(services, clock, at(15, 0))
    before = kept(services, "31321")
    world.play(services.db, "ben-xe", 5, at=at(14, 40), screen="scr_slow")
    world.play(services.db, "ben-xe", 7, at=at(9, 0, day=23))
    close(services, clock, at(15, 0, day=23))
    assert kept(services, "31321").content == before.content
    content = unit(services, day=DAY + timedelta(days=1))
    assert (content.period.n("plays"), content.adjustments.n("plays"), content.total.n("plays")) == (7, 5, 32)
    assert content.previous == before.sha256


def test_periods_follow_each_other_without_a_hole(services: Services, clock: FrozenClock) -> None:
    told = 0
    for day in range(22, 26):
        world.play(services.db, "ben-xe", day, at=at(16, 30, day=day - 1))
        close(services, clock, at(15, 0, day=day))
        told += unit(services, day=date(2026, 11, day)).period.n("plays")
    assert told == unit(services, day=date(2026, 11, 25)).total.n("plays") == 22 + 23 + 24 + 25


def test_a_machine_that_was_down_makes_it_when_it_is_back(services: Services, clock: FrozenClock) -> None:
    world.play(services.db, "ben-xe", 20, at=at(14, 45))
    close(services, clock, at(14, 50))
    close(services, clock, at(15, 20))
    found = kept(services, "31321")
    assert (found.closes_at, found.made_at, found.on_time) == (at(15, 0), at(15, 20), False)
    assert unit(services).period.n("plays") == 20


def test_the_parent_adds_up_what_its_units_closed(services: Services, clock: FrozenClock) -> None:
    world.play(services.db, "ben-xe", 20, at=at(14, 30))
    world.play(services.db, "benh-vien", 4, at=at(14, 30))
    close(services, clock, at(15, 0))
    world.play(services.db, "benh-vien", 9, at=at(14, 31), screen="scr_slow")
    close(services, clock, at(16, 30))
    content = aggregate(services)
    assert content.period.n("plays") == content.total.n("plays") == 24
    assert {each.area.code: each.period.n("plays") for each in content.units} == {"93": 0, "31321": 20, "31333": 4}
    assert content.not_made == []


def test_the_parent_names_who_was_late_and_goes_out_all_the_same(services: Services, clock: FrozenClock) -> None:
    tell(services, "31321", at(14, 20))
    close(services, clock, at(15, 0))
    tell(services, "31333", at(15, 40))
    close(services, clock, at(16, 30))
    content = aggregate(services)
    assert content.late == ["Phường III"]
    notes = {each.area.code: each.note for each in content.units}
    assert notes["31321"] is not None
    assert notes["31333"] is not None
    assert (notes["31321"].on_time, notes["31333"].on_time) == (True, False)


def test_a_unit_tells_what_it_did_by_hand(services: Services, clock: FrozenClock) -> None:
    tell(services, "31321", at(14, 20))
    close(services, clock, at(15, 0))
    note = unit(services).note
    assert note is not None
    assert (note.remark, note.by_hand) == ("Đã phát 200 tờ rơi", {"2": 200})


def test_it_says_which_screens_were_not_heard(services: Services, clock: FrozenClock) -> None:
    screens = world.hang(services.db, "ben-xe", 4)
    for screen in screens[:3]:
        world.play(services.db, "ben-xe", 10, at=at(14, 52), screen=screen)
    world.play(services.db, "ben-xe", 60, at=at(12, 0), screen=screens[3])
    close(services, clock, at(15, 0))
    state = unit(services).completeness
    assert (state.screens, state.heard, state.complete_to) == (4, 3, at(14, 52))
    (silent,) = state.silent
    assert (silent.screen, silent.heard_to) == (screens[3], at(12, 0))
    assert silent.missing_plays == state.missing_plays == 180


def test_a_screen_is_counted_once_on_the_way_up(services: Services, clock: FrozenClock) -> None:
    """The province's own report is of what hangs in the province itself, not in its wards."""
    screens = world.hang(services.db, "ben-xe", 2)
    world.play(services.db, "ben-xe", 10, at=at(14, 52), screen=screens[0])
    world.lose(services.db, "ben-xe", 5, at=at(14))
    close(services, clock, at(16, 30))
    assert (unit(services, "93").completeness.screens, unit(services, "93").completeness.lost_plays) == (0, 0)
    assert (aggregate(services).screens, aggregate(services).heard) == (2, 1)


def test_declared_losses_are_told(services: Services, clock: FrozenClock) -> None:
    world.lose(services.db, "ben-xe", 16, at=at(14))
    close(services, clock, at(15, 0))
    assert unit(services).completeness.lost_plays == 16


def test_installs_stand_against_people_and_target(services: Services, clock: FrozenClock) -> None:
    target = {"target_population_pct": 30.0, "target_by": date(2026, 12, 9)}
    services.db.write(lambda s: update_area(s, "93", target, now=at(8)))
    fact = InstallFact(1, "93", "2026-11-22", "55.289")
    services.db.write(lambda s: import_installs(s, [fact], source="Sở TTTT", by="usr_1", today=DAY, now=at(14)))
    close(services, clock, at(16, 30))
    line = aggregate(services).installs
    assert line is not None
    assert (line.total, round(100 * (line.share or 0), 2), line.missing, line.per_day) == (55_289, 7.54, 164_617, 9_684)


def test_times_are_settings_of_the_area_and_hold_below_it(services: Services, clock: FrozenClock) -> None:
    services.db.write(lambda s: update_area(s, "93", {"settings": {"report_closes": "11:00"}}, now=at(8)))
    close(services, clock, at(11, 0))
    assert {each.area for each in rows(services.db, DayReport)} == {"93", "31321", "31333"}


def test_every_content_reads_back_as_it_was_written(services: Services, clock: FrozenClock) -> None:
    tell(services, "31321", at(14, 20))
    close(services, clock, at(16, 30))
    for each in rows(services.db, DayReport):
        assert msgspec.json.encode(decode(each.content), order="deterministic").decode() == each.content
