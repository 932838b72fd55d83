"""Installs are told by people: every line is read as it is meant, or the whole is refused with its faults named."""

from __future__ import annotations

from datetime import date

import pytest

from core.db import Database
from core.errors import Invalid
from reports.actions import InstallFact, import_installs
from reports.models import Installs
from reports.queries import installs
from tests.measure.counts import rows
from tests.reports import world
from tests.support.clock import MORNING

# What a statement does on both engines is tested beside the statements.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

TODAY = date(2026, 11, 22)


@pytest.fixture(autouse=True)
def province(db: Database) -> None:
    world.build(db)


def tell(db: Database, *facts: InstallFact, source: str = "Sở TTTT", under: tuple[str, ...] = ("/",)) -> int:
    return db.write(
        lambda s: import_installs(s, facts, source=source, by="usr_1", under=under, today=TODAY, now=MORNING)
    )


def test_it_works(db: Database) -> None:
    assert tell(db, InstallFact(2, "93", "2026-11-22", "55289"), InstallFact(3, "31321", "21/11/2026", "4.210")) == 2
    found = {(each.area, each.day.day): each.total for each in rows(db, Installs)}
    assert found == {("93", 22): 55_289, ("31321", 21): 4_210}


def test_a_later_number_replaces_the_earlier(db: Database) -> None:
    tell(db, InstallFact(1, "93", "2026-11-22", "1"))
    tell(db, InstallFact(1, "93", "2026-11-22", "2"))
    assert [each.total for each in rows(db, Installs)] == [2]


def test_officials_are_apart(db: Database) -> None:
    tell(db, InstallFact(1, "93", "2026-11-22", "55289"), InstallFact(2, "93", "2026-11-22", "8120", "officials"))
    with db.read() as s:
        found = installs(s, "93", TODAY, "officials")
    assert found is not None
    assert found.total == 8_120


def test_the_newest_number_up_to_a_day_is_given(db: Database) -> None:
    tell(db, InstallFact(1, "93", "2026-11-20", "1"), InstallFact(2, "93", "2026-11-22", "3"))
    with db.read() as s:
        assert [getattr(installs(s, "93", date(2026, 11, day)), "total", None) for day in (19, 20, 21, 22)] == [
            None,
            1,
            1,
            3,
        ]


@pytest.mark.parametrize("text", ["55,289", "55.289", "55 289", "55289", "55289.0"])
def test_numbers_are_read_as_people_write_them(db: Database, text: str) -> None:
    tell(db, InstallFact(1, "93", "2026-11-22", text))
    assert rows(db, Installs)[0].total == 55_289


@pytest.mark.parametrize(
    ("fact", "field"),
    [
        (InstallFact(7, "99", "2026-11-22", "1"), "line 7: area"),
        (InstallFact(7, "93", "2026-11-23", "1"), "line 7: day"),
        (InstallFact(7, "93", "yesterday", "1"), "line 7: day"),
        (InstallFact(7, "93", "2026-02-30", "1"), "line 7: day"),
        (InstallFact(7, "93", "2026-11-22", "-1"), "line 7: total"),
        (InstallFact(7, "93", "2026-11-22", "7.5"), "line 7: total"),
        (InstallFact(7, "93", "2026-11-22", "1", "cats"), "line 7: who"),
    ],
)
def test_a_wrong_line_is_named_and_nothing_is_taken(db: Database, fact: InstallFact, field: str) -> None:
    with pytest.raises(Invalid) as refusal:
        tell(db, InstallFact(1, "93", "2026-11-22", "5"), fact)
    assert [name for name, _ in refusal.value.errors] == [field]
    assert rows(db, Installs) == []


def test_an_area_that_is_not_yours_is_refused(db: Database) -> None:
    with pytest.raises(Invalid):
        tell(db, InstallFact(1, "31333", "2026-11-22", "5"), under=("/93/31321/",))


def test_nobody_s_number_is_refused(db: Database) -> None:
    with pytest.raises(Invalid) as refusal:
        tell(db, InstallFact(1, "93", "2026-11-22", "5"), source=" ")
    assert refusal.value.errors[0][0] == "source"


def test_an_empty_table_is_refused(db: Database) -> None:
    with pytest.raises(Invalid):
        tell(db)
