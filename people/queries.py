"""What is asked about accounts, sessions, keys and the log. Each takes a session and never commits."""

from collections.abc import Iterable

from sqlalchemy import ScalarResult, exists, select
from sqlalchemy.orm import Session

from core.paths import ROOT, below
from core.security import digest
from people.chain import Line
from people.models import ApiKey, AuditEntry, GrantRow, OneTimeLink, User, UserSession


def user(s: Session, user_id: str) -> User | None:
    """The user of this id."""
    return s.get(User, user_id)


def user_by_email(s: Session, email: str) -> User | None:
    """The user of this address, as `actions.normal_email` writes it."""
    return s.scalar(select(User).where(User.email == email))


def users(
    s: Session, under: Iterable[str] = (ROOT,), *, after: str | None = None, limit: int | None = None
) -> list[User]:
    """Users with a role somewhere within these paths, by id."""
    reach = exists().where(GrantRow.user_id == User.id, below(GrantRow.area_path, under))
    query = select(User).where(reach).order_by(User.id).limit(limit)
    return list(s.scalars(query if after is None else query.where(User.id > after)))


def session_by_token(s: Session, token: str) -> tuple[UserSession, User] | None:
    """The session of this secret and its user, alive or not."""
    query = select(UserSession, User).join(User, User.id == UserSession.user_id)
    found = s.execute(query.where(UserSession.token_hash == digest(token))).first()
    return (found[0], found[1]) if found else None


def sessions_of(s: Session, user_id: str) -> list[UserSession]:
    """A user's sessions, the latest used first."""
    query = select(UserSession).where(UserSession.user_id == user_id)
    return list(s.scalars(query.order_by(UserSession.seen_at.desc(), UserSession.id)))


def link_by_token(s: Session, token: str) -> OneTimeLink | None:
    """The one-time link of this secret, used or not."""
    return s.scalar(select(OneTimeLink).where(OneTimeLink.token_hash == digest(token)))


def api_key(s: Session, key_id: str) -> ApiKey | None:
    """The key of this id."""
    return s.get(ApiKey, key_id)


def api_key_by_prefix(s: Session, prefix: str) -> ApiKey | None:
    """The key whose text begins with this prefix."""
    return s.scalar(select(ApiKey).where(ApiKey.prefix == prefix))


def api_keys(
    s: Session, under: Iterable[str] = (ROOT,), *, after: str | None = None, limit: int | None = None
) -> list[ApiKey]:
    """Keys for areas within these paths, revoked ones too, by id."""
    query = select(ApiKey).where(below(ApiKey.area_path, under)).order_by(ApiKey.id).limit(limit)
    return list(s.scalars(query if after is None else query.where(ApiKey.id > after)))


def audit_entries(
    s: Session,
    under: Iterable[str] = (ROOT,),
    *,
    before: int | None = None,
    limit: int = 100,
    kind: str | None = None,
    ref: str | None = None,
    actor_id: str | None = None,
) -> list[AuditEntry]:
    """Entries about these areas, the latest first, from before the seq `before`."""
    query = select(AuditEntry).where(below(AuditEntry.area_path, under))
    wanted = {AuditEntry.kind: kind, AuditEntry.ref: ref, AuditEntry.actor_id: actor_id}
    for column, value in wanted.items():
        query = query if value is None else query.where(column == value)
    query = query if before is None else query.where(AuditEntry.seq < before)
    return list(s.scalars(query.order_by(AuditEntry.seq.desc()).limit(limit)))


def last_entry(s: Session) -> AuditEntry | None:
    """The end of the chain."""
    return s.scalar(select(AuditEntry).order_by(AuditEntry.seq.desc()).limit(1))


def whole_log(s: Session) -> ScalarResult[AuditEntry]:
    """Every entry in order, read in pieces; close it, or use it in a `with`."""
    return s.scalars(select(AuditEntry).order_by(AuditEntry.seq).execution_options(yield_per=500))


def line_of(entry: AuditEntry) -> Line:
    """What an entry says, without its hashes."""
    return Line(**{name: getattr(entry, name) for name in Line.__dataclass_fields__})
