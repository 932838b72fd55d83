"""What a request refers to, looked up within the asker's reach.

Foreign and unknown are one answer, 404, so that nobody learns which codes exist elsewhere.
"""

from sqlalchemy.orm import Session

from core.errors import Forbidden, NotFound
from core.paths import ROOT
from people.roles import Principal
from places import queries
from places.models import Area, Location


def reach(who: Principal, role: str, area_path: str, field: str, ref: object) -> None:
    """NotFound for what `who` may not see, Forbidden where the role does not suffice."""
    if not who.allows("viewer", area_path):
        raise missing(field, ref)
    if not who.allows(role, area_path):
        raise Forbidden(f"This needs the role {role} there")


def missing(field: str, ref: object) -> NotFound:
    """There is no such thing, as far as the asker may know."""
    problem = NotFound(f"There is no {field} {str(ref)[:80]!r}")
    problem.errors = ((field, "does not exist"),)
    return problem


def area(s: Session, who: Principal, role: str, code: str, field: str = "area") -> Area:
    """The area of this code. NotFound, Forbidden."""
    found = queries.area(s, code)
    if found is None:
        raise missing(field, code)
    reach(who, role, found.path, field, code)
    return found


def area_path(s: Session, who: Principal, role: str, code: str | None, field: str = "area") -> str:
    """The path of this area; of no area the root, which only those see who hold a role there."""
    if code is not None:
        return area(s, who, role, code, field).path
    if not who.allows(role, ROOT):
        raise Forbidden(f"This needs the role {role} for everything; name an area of yours as {field}")
    return ROOT


def location(s: Session, who: Principal, role: str, code: str, field: str = "location") -> Location:
    """The location of this code. NotFound, Forbidden."""
    found = queries.location(s, code)
    if found is None:
        raise missing(field, code)
    reach(who, role, found.area_path, field, code)
    return found
