"""A day from plays to the parent's report, on SQLite and on PostgreSQL: every statement of reports is run on both."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from core.services import Services
from reports.actions import InstallFact, add_note, import_installs
from reports.content import AggregateContent, UnitContent, decode
from reports.evidence import proof_pack
from reports.funnel import CUTS, funnel, whole
from reports.jobs import close_due, remind
from reports.locations import location_days
from reports.models import DayReport
from reports.proof import verify_pack
from reports.signing import Signer
from tests.measure.counts import rows
from tests.reports import world
from tests.support.clock import FrozenClock

DAY = date(2026, 11, 22)


def at(hour: int, day: int = 22) -> datetime:
    return datetime(2026, 11, day, hour, tzinfo=UTC) - timedelta(hours=7)


def test_it_works(services: Services, clock: FrozenClock) -> None:
    world.build(services.db)
    _busy_day(services, clock)
    _numbers(services)
    _reports(services)
    _proof(services)


def _busy_day(services: Services, clock: FrozenClock) -> None:
    db = services.db
    screens = world.hang(db, "ben-xe", 2)
    world.play(db, "ben-xe", 20, at=at(14), screen=screens[0])
    world.play(db, "ben-xe", 60, at=at(10), screen=screens[1])
    world.lose(db, "cho", 3, at=at(12))
    world.scan(db, "cho", 2, at=at(12))
    world.visit(db, "cho", "splash_view", "grant", at=at(13))
    fact = InstallFact(1, "93", "2026-11-22", "55289")
    db.write(lambda s: import_installs(s, [fact], source="Sở TTTT", by="u", today=DAY, now=at(14)))
    db.write(lambda s: add_note(s, "31321", DAY, remark="Đủ", by_hand={"2": 9}, by="u", now=at(14)))
    clock.step_to(at(14) + timedelta(minutes=40))
    remind(services)
    for hour in (15, 17):
        clock.step_to(at(hour))
        close_due(services)
    clock.step_to(at(17, day=23))
    close_due(services)


def _numbers(services: Services) -> None:
    with services.db.read() as s:
        report = location_days(s, date(2026, 10, 15), DAY, now=at(17))
        by_day = location_days(s, date(2026, 10, 15), DAY, now=at(17), by_day=True, under=["/93/31321/"])
        cuts = {cut: whole(funnel(s, DAY, DAY, cut, under=["/93/"])).n["plays"] for cut in CUTS}
    assert (report.totals.plays, report.totals.scans, report.totals.grants) == (81, 2, 1)
    assert by_day.totals == report.totals
    assert cuts == dict.fromkeys(CUTS, 81)


def _reports(services: Services) -> None:
    made = {(each.area, each.day, each.kind): decode(each.content) for each in rows(services.db, DayReport)}
    assert len(made) == 2 * (3 + 1)
    unit, parent = made["31321", DAY, "unit"], made["93", DAY, "aggregate"]
    assert isinstance(unit, UnitContent)
    assert isinstance(parent, AggregateContent)
    assert (unit.period.n("plays"), unit.completeness.screens, unit.completeness.lost_plays) == (81, 2, 3)
    assert unit.completeness.missing_plays > 0
    assert (parent.period.n("plays"), parent.late) == (81, ["Phường III"])
    assert made["31321", DAY + timedelta(days=1), "unit"].period.n("plays") == 0


def _proof(services: Services) -> None:
    signer = Signer(services.sealer)
    with (
        services.db.read() as s,
        proof_pack(s, DAY, DAY, campaign=None, under=["/"], signer=signer, now=at(17)) as file,
    ):
        manifest, wrong = verify_pack(file)
    assert wrong == []
    assert manifest is not None
    assert manifest.files[0].rows == 81
