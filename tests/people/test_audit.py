"""The audit log: written with the change, never changed itself."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import delete, text, update
from sqlalchemy.exc import DatabaseError

from core.db import Database
from people.actions import audit, broken_at
from people.models import AuditEntry
from people.queries import audit_entries
from people.roles import SYSTEM
from tests.support.clock import MORNING


def note(db: Database, ref: str, area_path: str = "/93/") -> None:
    db.write(lambda s: audit(s, SYSTEM, "area.update", "area", ref, area_path, {"to": "Vị Thanh"}, now=MORNING))


def test_it_works(db: Database) -> None:
    for ref in "abc":
        note(db, ref)
    with db.read() as s:
        assert [(each.seq, each.ref) for each in audit_entries(s)] == [(3, "c"), (2, "b"), (1, "a")]
        assert broken_at(s) is None


def test_many_at_once_make_one_chain(db: Database) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: note(db, str(n)), range(40)))
    with db.read() as s:
        assert len(audit_entries(s)) == 40
        assert broken_at(s) is None


def test_a_change_that_fails_leaves_no_line(db: Database) -> None:
    def work(s: object) -> None:
        audit(s, SYSTEM, "area.update", "area", "x", now=MORNING)  # type: ignore[arg-type]
        raise ValueError("changed my mind")

    with pytest.raises(ValueError, match="changed my mind"):
        db.write(work)
    with db.read() as s:
        assert audit_entries(s) == []


@pytest.mark.parametrize("forgery", [update(AuditEntry).values(ref="z"), delete(AuditEntry)])
def test_the_database_refuses_to_change_a_line(db: Database, forgery: object) -> None:
    note(db, "a")
    with pytest.raises(DatabaseError, match="never changed"):
        db.write(lambda s: s.execute(forgery))  # type: ignore[call-overload]
    with db.read() as s:
        assert [each.ref for each in audit_entries(s)] == ["a"]


def test_a_forgery_past_the_triggers_shows(db: Database) -> None:
    for ref in "abc":
        note(db, ref)
    off = ["DROP TRIGGER audit_entry_no_update"]
    if db.dialect == "postgresql":
        off = ["ALTER TABLE audit_entry DISABLE TRIGGER ALL"]
    with db.engine.begin() as connection:
        for statement in [*off, "UPDATE audit_entry SET actor_name = 'Minh' WHERE seq = 2"]:
            connection.execute(text(statement))
    with db.read() as s:
        assert broken_at(s) == 2


def test_an_auditor_of_a_province_sees_that_province(db: Database) -> None:
    note(db, "here", "/93/93-1/")
    note(db, "there", "/33/")
    with db.read() as s:
        assert [each.ref for each in audit_entries(s, ["/93/"])] == ["here"]


def test_the_log_can_be_asked_for_one_thing(db: Database) -> None:
    for ref in "aba":
        note(db, ref)
    with db.read() as s:
        assert [each.seq for each in audit_entries(s, ref="a")] == [3, 1]
        assert [each.seq for each in audit_entries(s, before=3, limit=1)] == [2]
