"""Paths in a tree, written "/a/b/": which lies below which, in Python and in SQL.

The leading and the closing slash make a prefix test exact: "/7/" is no ancestor of "/79/".
"""

from collections.abc import Iterable

from sqlalchemy import ColumnElement, false, func, or_
from sqlalchemy.orm import InstrumentedAttribute

ROOT = "/"


def within(path: str, ancestor: str) -> bool:
    """Is `path` the ancestor itself, or something below it?"""
    return path.startswith(ancestor)


def within_any(path: str, ancestors: Iterable[str]) -> bool:
    """Is `path` within one of these?"""
    return any(within(path, ancestor) for ancestor in ancestors)


def widest(paths: Iterable[str]) -> tuple[str, ...]:
    """The same reach in the fewest paths: those that lie within another are left out."""
    kept: list[str] = []
    for path in sorted(set(paths)):
        if not within_any(path, kept):
            kept.append(path)
    return tuple(kept)


def below(column: ColumnElement[str] | InstrumentedAttribute[str], ancestors: Iterable[str]) -> ColumnElement[bool]:
    """The SQL condition that says the same of a column; none of no ancestors.

    A comparison of the first characters and not LIKE: SQLite's LIKE takes "/ab/" for "/AB/".
    """
    tests = [func.substr(column, 1, len(path)) == path for path in widest(ancestors)]
    return or_(*tests) if tests else false()
