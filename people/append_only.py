"""Triggers that let the database itself refuse to change or delete rows of a table, on both engines.

They come with the table when it is made from the models; a migration runs the same `statements`.
"""

from sqlalchemy import DDL, event

from core.db import Base

REFUSAL = "rows of this table are never changed"


def statements(table: str, dialect: str) -> list[str]:
    """The DDL for one table; `dialect` is "sqlite" or "postgresql"."""
    return _sqlite(table) if dialect == "sqlite" else _postgresql(table)


def forbid_changes(model: type[Base]) -> None:
    """Have the triggers made right after the model's table."""
    table = model.__table__
    for dialect in ("sqlite", "postgresql"):
        for statement in statements(model.__tablename__, dialect):
            ddl = DDL(statement.replace("%", "%%"))  # type: ignore[no-untyped-call]
            event.listen(table, "after_create", ddl.execute_if(dialect=dialect))


def _sqlite(table: str) -> list[str]:
    return [
        f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
        for verb in ("UPDATE", "DELETE")
    ]


def _postgresql(table: str) -> list[str]:
    refuse = f"{table}_refuse()"
    body = f"BEGIN RAISE EXCEPTION '{REFUSAL}'; END"
    before = f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table}"
    return [
        f"CREATE OR REPLACE FUNCTION {refuse} RETURNS trigger AS $$ {body} $$ LANGUAGE plpgsql",
        f"{before} FOR EACH ROW EXECUTE FUNCTION {refuse}",
    ]
