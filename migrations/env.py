"""Run by Alembic on the connection that server/schema.py hands in."""

from typing import Any

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import TypeDecorator

from core.db import Base
from server.rooms import load_tables


def plain(kind: str, item: Any, _: AutogenContext) -> str | bool:
    """Our own column types as what they are in the database, so that a revision imports nothing of ours."""
    if kind == "type" and isinstance(item, TypeDecorator):
        return f"sa.{item.impl!r}"
    return False


load_tables()
context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
    render_item=plain,
    compare_type=True,
    transaction_per_migration=False,
)
context.run_migrations()
