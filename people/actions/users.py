"""Making and changing accounts. Nobody gives more than they hold."""

import re
import unicodedata
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from core.errors import Conflict, Forbidden, Invalid, NotFound
from core.ids import new_id
from core.paths import ROOT
from people import queries
from people.actions.audit import audit
from people.models import GrantRow, User
from people.roles import ROLES, Grant, Principal

_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s.]+(\.[^@\s.]+)*")


def normal_email(text: str) -> str:
    """An address as it is kept and looked up. Invalid when it cannot be one."""
    address = unicodedata.normalize("NFC", text).strip().casefold()
    if len(address) > 254 or not _EMAIL.fullmatch(address) or not address.isprintable():
        raise Invalid([("email", "must be an address such as lan@haugiang.gov.vn")])
    return address


def create_user(
    s: Session,
    *,
    email: str,
    name: str = "",
    grants: Sequence[Grant],
    by: Principal,
    now: datetime,
    password_hash: str | None = None,
) -> User:
    """A new account; without a password hash it waits for its invitation. Invalid, Conflict, Forbidden."""
    address = normal_email(email)
    check_grants(grants, by)
    if queries.user_by_email(s, address) is not None:
        raise Conflict(f"{address} has an account already")
    made = User(
        id=new_id("usr"),
        email=address,
        name=_name(name or address.split("@")[0]),
        password_hash=password_hash,
        failures=0,
        created_at=now,
        grant_rows=[GrantRow(role=each.role, area_path=each.area_path) for each in dict.fromkeys(grants)],
    )
    s.add(made)
    s.flush()
    audit(s, by, "user.create", "user", made.id, home(made), {"email": address, "grants": _said(grants)}, now=now)
    return made


def update_user(s: Session, user_id: str, *, name: str, by: Principal, now: datetime) -> User:
    """Give an account another name."""
    found = governed(s, user_id, by)
    found.name = _name(name)
    audit(s, by, "user.rename", "user", found.id, home(found), {"name": found.name}, now=now)
    return found


def set_grants(s: Session, user_id: str, grants: Sequence[Grant], *, by: Principal, now: datetime) -> User:
    """Exactly these roles from now on."""
    found = governed(s, user_id, by)
    check_grants(grants, by)
    if by.id == found.id and by.kind == "user":
        raise Forbidden("Nobody changes their own roles; ask another administrator")
    before, wanted = found.grants, dict.fromkeys(grants)
    found.grant_rows = [row for row in found.grant_rows if Grant(row.role, row.area_path) in wanted]
    kept = set(found.grants)
    found.grant_rows += [GrantRow(role=g.role, area_path=g.area_path) for g in wanted if g not in kept]
    s.flush()
    audit(
        s, by, "user.grants", "user", found.id, home(found), {"before": _said(before), "after": _said(grants)}, now=now
    )
    return found


def disable_user(s: Session, user_id: str, *, by: Principal, now: datetime) -> User:
    """Sign an account out everywhere and let it in no more."""
    found = governed(s, user_id, by)
    if by.id == found.id:
        raise Forbidden("Nobody closes their own account; ask another administrator")
    found.disabled_at = found.disabled_at or now
    for session in queries.sessions_of(s, found.id):
        s.delete(session)
    audit(s, by, "user.disable", "user", found.id, home(found), now=now)
    return found


def enable_user(s: Session, user_id: str, *, by: Principal, now: datetime) -> User:
    """Let a disabled account in again."""
    found = governed(s, user_id, by)
    found.disabled_at, found.failures, found.locked_until = None, 0, None
    audit(s, by, "user.enable", "user", found.id, home(found), now=now)
    return found


def governed(s: Session, user_id: str, by: Principal) -> User:
    """The account, if `by` is admin wherever it has a role: else a local admin could become a wider one.

    NotFound for an account with no role in sight of `by`, Forbidden for one that reaches further.
    """
    found = queries.user(s, user_id)
    if found is None or not any(by.allows("admin", each.area_path) for each in found.grants):
        raise NotFound("there is no such user")
    if not by.covers("admin", found.grants):
        raise Forbidden("This account also holds roles outside your area")
    return found


def check_grants(grants: Sequence[Grant], by: Principal) -> None:
    """Refuse no grants, unknown roles, and areas in which `by` is not admin."""
    if not grants:
        raise Invalid([("grants", "must hold at least one role")])
    if any(each.role not in ROLES for each in grants):
        raise Invalid([("grants", f"roles are {', '.join(ROLES)}")])
    if not by.covers("admin", grants):
        raise Forbidden("Roles are given only within areas that you administer")


def home(user: User) -> str:
    """The area path under which the log speaks of this account."""
    return min((each.area_path for each in user.grants), default=ROOT, key=len)


def _name(text: str) -> str:
    name = " ".join(unicodedata.normalize("NFC", text).split())
    if not 0 < len(name) <= 200 or not name.isprintable():
        raise Invalid([("name", "must be 1 to 200 characters")])
    return name


def _said(grants: Sequence[Grant]) -> list[list[str]]:
    return [[each.role, each.area_path] for each in grants]
