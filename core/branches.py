"""A branch of the tree hangs elsewhere: every room's copies of its paths follow, in the same transaction.

A column that holds paths says of itself, where it is declared, whether it follows (who owns something, who may see it,
where something stands now) or stays (what was counted, who did what: history is where it happened). So the room of
areas need not know the others, and nobody can forget one: a test refuses a column of paths that says neither.
"""

from sqlalchemy import func, literal, update
from sqlalchemy.orm import Session

from core.db import Base
from core.paths import below
from core.snapshot import Generation

MARK = "path"
FOLLOWS = {MARK: "follows"}
STAYS = {MARK: "stays"}


def move_branch(s: Session, before: str, after: str) -> None:
    """Rewrites every path that follows and lies within ``before``; whoever remembers anything reads it anew."""
    s.flush()
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            if column.info.get(MARK) == FOLLOWS[MARK]:
                path = literal(after) + func.substr(column, len(before) + 1)
                s.execute(update(table).where(below(column, [before])).values({column: path}))
    s.expire_all()
    Generation().bump_all(s)
