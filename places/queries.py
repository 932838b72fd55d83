"""What the other rooms ask about areas and locations. Each takes a session and never commits."""

from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Select, func, or_, select, tuple_
from sqlalchemy.orm import Session

from core.paths import ROOT, below
from places.areas import ancestors
from places.folding import fold
from places.models import Area, Location

Row = TypeVar("Row", Area, Location)


def area(session: Session, code: str) -> Area | None:
    """The area of this code."""
    return session.get(Area, code)


def location(session: Session, code: str) -> Location | None:
    """The location of this code."""
    return session.get(Location, code)


def areas(
    session: Session,
    under: Iterable[str] = (ROOT,),
    *,
    search: str = "",
    closed: bool = False,
    after: tuple[str, str] | None = None,
    limit: int | None = None,
) -> list[Area]:
    """Areas within these paths in Vietnamese order; `after` is (sort_key, code) of the last one seen."""
    query = select(Area).where(below(Area.path, under))
    return list(session.scalars(_listed(query, Area, search, closed, after, limit)))


def locations(
    session: Session,
    under: Iterable[str] = (ROOT,),
    *,
    search: str = "",
    closed: bool = False,
    after: tuple[str, str] | None = None,
    limit: int | None = None,
) -> list[Location]:
    """Locations in areas within these paths, ordered and cut as `areas` are."""
    query = select(Location).where(below(Location.area_path, under))
    return list(session.scalars(_listed(query, Location, search, closed, after, limit)))


def locations_by_code(session: Session, codes: Iterable[str]) -> dict[str, Location]:
    """Those of these codes that exist, closed or not."""
    found = session.scalars(select(Location).where(Location.code.in_(sorted(set(codes)))))
    return {each.code: each for each in found}


def children(session: Session, code: str | None) -> list[Area]:
    """The open areas directly below this one; the topmost areas for None."""
    query = select(Area).where(Area.parent_code.is_(code) if code is None else Area.parent_code == code)
    return list(session.scalars(query.where(Area.closed_at.is_(None)).order_by(Area.sort_key, Area.code)))


def open_counts(session: Session, path: str) -> tuple[int, int]:
    """How many open areas lie below this path (itself not counted), and how many open locations within."""
    inner = select(func.count()).select_from(Area).where(below(Area.path, [path]), Area.path != path)
    places = select(func.count()).select_from(Location).where(below(Location.area_path, [path]))
    return (
        session.scalar(inner.where(Area.closed_at.is_(None))) or 0,
        session.scalar(places.where(Location.closed_at.is_(None))) or 0,
    )


def setting(session: Session, path: str, name: str, default: Any = None) -> Any:
    """A setting of the nearest area, going upward from `path`, that has an opinion."""
    chain = ancestors(path)
    found: Mapping[str, Area] = {each.path: each for each in session.scalars(select(Area).where(Area.path.in_(chain)))}
    for above in chain:
        if above in found and name in found[above].settings:
            return found[above].settings[name]
    return default


def settings(session: Session, path: str, name: str) -> list[tuple[str, Any]]:
    """What every area from `path` upward says of a setting, with its path; those without an opinion are left out."""
    found = session.scalars(select(Area).where(Area.path.in_(ancestors(path))))
    return [(each.path, each.settings[name]) for each in found if each.settings.get(name) is not None]


def _listed(
    query: Select[Row],
    model: type[Row],
    search: str,
    closed: bool,
    after: tuple[str, str] | None,
    limit: int | None,
) -> Select[Row]:
    if not closed:
        query = query.where(model.closed_at.is_(None))
    if search.strip():
        query = query.where(_matches(model, search))
    if after is not None:
        query = query.where(tuple_(model.sort_key, model.code) > tuple_(*after))
    return query.order_by(model.sort_key, model.code).limit(limit)


def _matches(model: type[Area] | type[Location], search: str) -> ColumnElement[bool]:
    return or_(
        model.folded.contains(fold(search), autoescape=True),
        func.lower(model.code).contains(search.strip().lower(), autoescape=True),
    )
