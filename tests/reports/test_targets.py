"""How far each area is with its installs, who is ahead, and whether the pace will do."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from core.db import Database
from places.actions import update_area
from reports.actions import InstallFact, add_note, import_installs
from reports.late import late_units
from reports.targets import TargetLine, targets
from tests.reports import world
from tests.support.clock import MORNING

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
TODAY = date(2026, 11, 22)


@pytest.fixture(autouse=True)
def province(db: Database) -> None:
    world.build(db)


def tell(db: Database, area: str, days_ago: int, total: int, who: str = "population") -> None:
    fact = InstallFact(1, area, (TODAY - timedelta(days=days_ago)).isoformat(), str(total), who)
    db.write(lambda s: import_installs(s, [fact], source="Sở TTTT", by="x", today=TODAY, now=MORNING))


def change(db: Database, area: str, **facts: object) -> None:
    db.write(lambda s: update_area(s, area, facts, now=MORNING))


def of(db: Database, area: str) -> TargetLine:
    with db.read() as s:
        return next(each for each in targets(s, TODAY) if each.area == area)


def test_it_works(db: Database) -> None:
    """Hậu Giang's own numbers: 7.54 %, and what 30 % within eight days asks for."""
    change(db, "93", target_population_pct=30.0, target_by=TODAY + timedelta(days=8), smartphone_users=400_000)
    tell(db, "93", 7, 48_289)
    tell(db, "93", 0, 55_289)
    line = of(db, "93")
    assert line.share is not None
    assert round(line.share, 4) == 0.0754
    assert (line.missing, line.per_day) == (164_617, 20_578)
    assert (line.pace, line.on_pace) == (1000.0, False)
    assert line.share_of_smartphones == 55_289 / 400_000


def test_ranks_are_among_areas_of_a_kind(db: Database) -> None:
    for area, population, total in (("31321", 1000, 100), ("31333", 1000, 300)):
        change(db, area, population=population, kind="ward")
        tell(db, area, 0, total)
    change(db, "93", kind="province")
    tell(db, "93", 0, 400)
    assert [of(db, area).rank for area in ("31333", "31321", "93")] == [1, 2, 1]


def test_equal_shares_have_equal_ranks(db: Database) -> None:
    for area in ("31321", "31333"):
        change(db, area, population=1000)
        tell(db, area, 0, 100)
    assert (of(db, "31321").rank, of(db, "31333").rank) == (1, 1)


def test_one_number_has_no_pace(db: Database) -> None:
    tell(db, "93", 0, 10)
    assert (of(db, "93").pace, of(db, "93").on_pace) == (None, None)


def test_without_a_number_there_is_none(db: Database) -> None:
    line = of(db, "93")
    assert (line.total, line.share, line.rank, line.per_day) == (None, None, None, None)


def test_officials_are_told_apart(db: Database) -> None:
    change(db, "93", settings={"officials": 9_000})
    tell(db, "93", 0, 4_500, "officials")
    assert (of(db, "93").officials, of(db, "93").officials_total, of(db, "93").total) == (9_000, 4_500, None)


def test_who_is_late(db: Database) -> None:
    def states(hour: int) -> dict[str, str]:
        with db.read() as s:
            return {each.area: each.state for each in late_units(s, TODAY, MORNING.replace(hour=hour))}

    closed = MORNING.replace(hour=8, minute=30)  # 15:30 in Vietnam
    db.write(lambda s: add_note(s, "31321", TODAY, remark="đủ", by_hand={}, by="x", now=MORNING))
    db.write(lambda s: add_note(s, "31333", TODAY, remark="muộn", by_hand={}, by="x", now=closed))
    assert states(3) == {"93": "waiting", "31333": "late"}
    assert states(9) == {"93": "missing", "31333": "late"}
