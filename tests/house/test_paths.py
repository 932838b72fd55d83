"""Copies of area paths: each says whether it follows when its branch of the tree is hung elsewhere."""

import pytest
from sqlalchemy import Column

from core.branches import FOLLOWS, MARK, STAYS
from core.db import Base
from server.rooms import load_tables

HISTORY = (
    "audit_entry",
    "visit_event",
    "scan",
    "slice",
    "day_count",
    "dekad_count",
    "month_count",
    "showing",
    "play_gap",
)


def copies() -> list[Column[str]]:
    load_tables()
    named = ("path", "area_path", "owner_path")
    return [column for table in Base.metadata.sorted_tables for column in table.columns if column.name in named]


def test_every_copy_says_whether_it_follows() -> None:
    silent = [str(column) for column in copies() if column.info.get(MARK) not in (FOLLOWS[MARK], STAYS[MARK])]
    assert not silent, "declare it with info=FOLLOWS or info=STAYS (core.branches)"


@pytest.mark.parametrize("table", HISTORY)
def test_what_happened_stays_where_it_happened(table: str) -> None:
    assert {column.info[MARK] for column in copies() if column.table.name == table} == {STAYS[MARK]}
