"""A simulated province whose truth is known: every figure equals it, and every missing play is explained."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from core.db import Database
from core.services import Services
from measure.check import compare
from measure.hll import STANDARD_ERROR
from measure.models import Gap, Play
from measure.uniques import uniques
from reports.content import AggregateContent, UnitContent, decode
from reports.funnel import CUTS, funnel, whole
from reports.locations import location_days
from reports.models import DayReport
from server.app import create_app
from tests.measure.counts import rows
from tests.reports.simulation import Fact, Province, local
from tests.support.clock import FrozenClock

METRICS = (
    "plays",
    "scans",
    "scan_stores",
    "landings",
    "landing_stores",
    "shared_scans",
    "shared_stores",
    "splash_views",
    "grants",
    "splash_stores",
    "machines",
    "floods",
)
SIZES = [
    pytest.param({"screens": 8, "hotspots": 3, "days": 3}, id="short"),
    pytest.param(
        {"screens": 2_000, "hotspots": 60, "days": 7}, id="full", marks=[pytest.mark.full, pytest.mark.timeout(5400)]
    ),
]


# What a statement does on both engines is tested beside the statements.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture(params=SIZES)
def province(request: pytest.FixtureRequest, services: Services, clock: FrozenClock) -> Iterator[Province]:
    made = Province(services, clock, create_app(services=services), **request.param)
    made.run()
    return made


def test_every_figure_is_true(province: Province, capsys: pytest.CaptureFixture[str]) -> None:
    db = province.services.db
    reported = _reported(province)
    truth = province.truth()
    with capsys.disabled():
        print("\n" + _table(province, truth, reported))
    assert {name: reported[name] for name in METRICS} == {name: truth[name] for name in METRICS}
    _every_cut_agrees(province, truth)
    _every_place_and_day_agrees(province)
    _every_missing_play_is_explained(province, db)
    _uniques_are_within_their_error(province, db)
    _reports_are_right(province, db)
    _facts_equal_counts(province, db)


def _reported(province: Province) -> Counter[str]:
    with province.services.db.read() as s:
        report = location_days(s, province.days[0], province.days[-1], now=province.clock.now())
        total = whole(funnel(s, province.days[0], province.days[-1], "location"))
    found = Counter({name: int(getattr(report.totals, name, 0)) for name in METRICS})
    for metric in ("splash_stores", "landing_stores"):
        found[metric] = total.n.get(metric, 0)
    assert found["splash_stores"] + found["landing_stores"] == report.totals.store_clicks
    assert total.n.get("plays", 0) == found["plays"]
    return found


def _every_cut_agrees(province: Province, truth: Counter[str]) -> None:
    with province.services.db.read() as s:
        for cut in CUTS:
            total = whole(funnel(s, province.days[0], province.days[-1], cut))
            assert {name: total.n.get(name, 0) for name in METRICS} == {name: truth[name] for name in METRICS}, cut


def _every_place_and_day_agrees(province: Province) -> None:
    """The report by location and day, and the funnel by location and by the hour of the clock, row by row."""
    truth: dict[tuple[str, ...], Counter[str]] = defaultdict(Counter)
    for fact in province.facts:
        if fact.known_at is not None:
            here = fact.at + timedelta(hours=7)
            for key in ((fact.location, here.date().isoformat()), (fact.location,), (f"{here.hour:02d}",)):
                truth[key][fact.metric] += 1
    span = province.days[0], province.days[-1]
    with province.services.db.read() as s:
        by_day = location_days(s, *span, now=province.clock.now(), by_day=True).items
        cuts = [each for cut in ("location", "hour") for each in funnel(s, *span, cut)]
    assert {(row.location, row.date) for row in by_day} == {key for key in truth if len(key) == 2}
    for row in by_day:
        told = truth[row.location, row.date or ""]
        assert {name: getattr(row, name) for name in METRICS if "_stores" not in name} == {
            name: told[name] for name in METRICS if "_stores" not in name
        }
        assert row.store_clicks == told["splash_stores"] + told["landing_stores"]
    assert {each.key for each in cuts} == {key[0] for key in truth if len(key) == 1}
    for each in cuts:
        assert {name: each.n.get(name, 0) for name in METRICS} == {name: truth[each.key,][name] for name in METRICS}


def _every_missing_play_is_explained(province: Province, db: Database) -> None:
    """Stored, overflowed, wiped, or still held; and what overflowed is declared once its log goes on."""
    players = province.players
    played = sum(each.metric == "plays" for each in province.facts)
    stored = set().union(*(each.stored for each in players))
    overflowed = set().union(*(each.overflowed for each in players))
    wiped = set().union(*(each.wiped for each in players))
    held = {(each.epoch, seq) for each in players for seq, _, _ in each.held} - stored
    assert overflowed
    assert wiped
    assert len(rows(db, Play)) == len(stored)
    assert played == len(stored) + len(overflowed) + len(wiped) + len(held)
    newest = dict(sorted(stored))  # of each log the last one counts
    declared = sum(seq < newest.get(epoch, 0) for epoch, seq in overflowed)
    assert sum(gap.to_seq - gap.from_seq + 1 for gap in rows(db, Gap)) == declared


def _uniques_are_within_their_error(province: Province, db: Database) -> None:
    """In the province, where who was seen in two areas counts once, and in each area by itself."""
    for area in ("", *province.areas[:10]):
        with db.read() as s:
            under = [province.path(area) if area else "/"]
            told = uniques(s, province.days[0], province.days[-1], under=under)
        found = {each.day: each.estimate for each in told if each.kind == "scan:token"}
        for day in province.days:
            parts = [people for (of, at), people in province.people.items() if of == day and area in ("", at)]
            people = len(set().union(*parts))
            assert abs(found.get(day, 0) - people) <= max(1, 3 * STANDARD_ERROR * people), (day, area)


def _reports_are_right(province: Province, db: Database) -> None:
    """Each unit's and each parent's report against the test's own record of what was known when it closed."""
    known_of: dict[str, list[Fact]] = defaultdict(list)
    for fact in province.facts:
        if fact.known_at:
            known_of[fact.area].append(fact)
    units: dict[tuple[str, Any], UnitContent] = {}
    last_made: dict[str, datetime] = {}
    for report in sorted(rows(db, DayReport), key=lambda each: (each.day, each.kind != "unit", each.area)):
        content = decode(report.content)
        down = report.day == province.down_day
        if isinstance(content, AggregateContent):
            assert content.made_at == local(report.day, 16, 30)
            parts = [each for (_, day), each in units.items() if day == report.day]
            for metric in METRICS:
                assert content.period.n(metric) == sum(each.period.n(metric) for each in parts)
                assert content.adjustments.n(metric) == sum(each.adjustments.n(metric) for each in parts)
            assert (content.screens, content.heard) == (
                len(province.players),
                sum(each.completeness.heard for each in parts),
            )
            assert content.not_made == []
            continue
        assert content.made_at == (local(report.day, 15, 20) if down else local(report.day, 15))
        assert report.on_time is not down
        _completeness_is_right(province, content)
        known = [each for each in known_of[report.area] if each.known_at and each.known_at <= content.made_at]
        before = last_made.get(report.area)
        for metric in METRICS:
            mine = [each for each in known if each.metric == metric]
            in_period = sum(content.period_from <= each.at < content.period_until for each in mine)
            late = sum(each.at < content.period_from and _after(each, before) for each in mine) if before else 0
            assert (content.period.n(metric), content.adjustments.n(metric)) == (in_period, late), (report.area, metric)
        last_made[report.area] = content.made_at
        units[report.area, report.day] = content
    assert len(units) == (len(province.areas) + 1) * len(province.days)


def _completeness_is_right(province: Province, content: UnitContent) -> None:
    """Every screen that has told nothing for a quarter of an hour is named, and no other."""
    said, here = content.completeness, [each for each in province.players if each.area == content.area.code]
    since = said.at - timedelta(minutes=15)
    silent = {each.id for each in here if not any(since <= at <= said.at for at in each.told_at)}
    assert {each.screen for each in said.silent} == silent
    assert (said.screens, said.heard) == (len(here), len(here) - len(silent))


def _after(fact: Fact, moment: datetime) -> bool:
    return fact.known_at is not None and fact.known_at > moment


def _facts_equal_counts(province: Province, db: Database) -> None:
    with db.read() as s:
        found = compare(s, local(province.days[0], 0) - timedelta(days=1))
    assert found.differences == ()


def _table(province: Province, truth: Counter[str], reported: Counter[str]) -> str:
    size = (len(province.players), len(province.hotspots), len(province.days))
    played = sum(each.metric == "plays" for each in province.facts)
    lost = [sum(len(getattr(each, how)) for each in province.players) for how in ("overflowed", "wiped")]
    lines = ["{} screens, {} hotspots, {} days".format(*size)]
    lines += [f"{'figure':<16}{'truth':>10}{'reported':>10}"]
    lines += [f"{name:<16}{truth[name]:>10}{reported[name]:>10}" for name in METRICS]
    lines.append(f"{played} plays began; {lost[0]} overflowed, {lost[1]} wiped, the rest stored or still held")
    return "\n".join(lines)
