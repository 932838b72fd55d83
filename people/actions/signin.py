"""Signing in and out. Passwords are hashed outside the writer; tries are limited by origin and by account."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from core.errors import Invalid, Limited, NotFound, Unauthorized
from core.ids import new_id, new_secret
from core.security import digest
from core.services import Services
from people import queries
from people.actions.audit import audit
from people.actions.users import home, normal_email
from people.lifetimes import SEEN_EVERY, lock_after, session_alive
from people.models import User, UserSession
from people.passwords import hash_password, needs_rehash, verify_password, weakness
from people.roles import Principal

WRONG = "The address or the password is wrong"


@dataclass(frozen=True)
class Entered:
    """Someone has signed in; `token` goes into the cookie and is nowhere else."""

    token: str
    user: User


def sign_in(services: Services, email: str, password: str, *, origin: str) -> Entered:
    """A new session. Unauthorized for any wrong pair, Limited after too many.

    `origin` tells one asker from another (an address); it is used as a key in memory and never kept.
    """
    services.limits.take("sign-in", digest(origin), rate_per_minute=30, burst=30)
    now, user = services.clock.now(), _known(services, email)
    if user is not None:
        _refuse_locked(user, now)
    if not verify_password(user.password_hash if user else None, password):
        _refuse(services, user, now)
    if user is None or user.password_hash is None or user.disabled_at:
        raise Unauthorized(WRONG)
    better = hash_password(password) if needs_rehash(user.password_hash) else None
    user_id = user.id
    return services.db.write(lambda s: _entered(s, user_id, better, now))


def open_session(s: Session, user: User, now: datetime) -> Entered:
    """A session with a new secret, whatever the browser held before."""
    token = new_secret()
    s.add(UserSession(id=new_id("ses"), token_hash=digest(token), user_id=user.id, created_at=now, seen_at=now))
    user.signed_in_at, user.failures, user.locked_until = now, 0, None
    s.flush()
    return Entered(token, user)


def see_session(services: Services, token: str) -> tuple[UserSession, User] | None:
    """The live session of this token with its user, its last use noted at most once a minute; else None."""
    now = services.clock.now()
    with services.db.read() as s:
        found = queries.session_by_token(s, token)
    if found is None or found[1].disabled_at or not session_alive(found[0].created_at, found[0].seen_at, now):
        return None
    if now - found[0].seen_at >= SEEN_EVERY:
        session_id = found[0].id
        services.db.write(lambda s: _seen(s, session_id, now))
    return found


def end_session(s: Session, session_id: str, *, user_id: str) -> None:
    """Sign one of a user's sessions out. NotFound for anybody else's."""
    found = s.get(UserSession, session_id)
    if found is None or found.user_id != user_id:
        raise NotFound("there is no such session")
    s.delete(found)


def end_sessions(s: Session, user_id: str, *, but: str | None = None) -> None:
    """Sign a user out everywhere, except from the session `but`."""
    gone = delete(UserSession).where(UserSession.user_id == user_id)
    s.execute(gone if but is None else gone.where(UserSession.id != but))


def change_password(services: Services, user: User, old: str, new: str) -> Entered:
    """Another password for someone signed in; all their sessions end, and a new one begins."""
    services.limits.take("change-password", user.id, rate_per_minute=5, burst=5)
    if not verify_password(user.password_hash, old):
        raise Invalid([("old", "is not your present password")])
    if weak := weakness(new, about=user.email):
        raise Invalid([("new", weak)])
    hashed, now, user_id = hash_password(new), services.clock.now(), user.id

    def change(s: Session) -> Entered:
        found = s.get_one(User, user_id)
        found.password_hash = hashed
        end_sessions(s, user_id)
        audit(s, _self(found), "user.password", "user", user_id, home(found), now=now)
        return open_session(s, found, now)

    return services.db.write(change)


def _known(services: Services, email: str) -> User | None:
    try:
        address = normal_email(email)
    except Invalid:
        return None
    services.limits.take("sign-in-account", address, rate_per_minute=10, burst=10)
    with services.db.read() as s:
        return queries.user_by_email(s, address)


def _refuse_locked(user: User, now: datetime) -> None:
    if user.locked_until and user.locked_until > now:
        wait = int((user.locked_until - now).total_seconds()) + 1
        raise Limited(f"Too many wrong passwords; try again in {wait} seconds", retry_after_s=wait)


def _refuse(services: Services, user: User | None, now: datetime) -> None:
    if user is not None:
        user_id = user.id
        services.db.write(lambda s: _failed(s, user_id, now))
    raise Unauthorized(WRONG)


def _failed(s: Session, user_id: str, now: datetime) -> None:
    user = s.get_one(User, user_id, with_for_update=True)
    user.failures += 1
    rest = lock_after(user.failures)
    if rest is not None:
        user.locked_until = now + rest
        audit(s, _self(user), "user.locked", "user", user_id, home(user), {"failures": user.failures}, now=now)


def _entered(s: Session, user_id: str, better: str | None, now: datetime) -> Entered:
    user = s.get_one(User, user_id)
    user.password_hash = better or user.password_hash
    audit(s, _self(user), "user.sign-in", "user", user_id, home(user), now=now)
    return open_session(s, user, now)


def _seen(s: Session, session_id: str, now: datetime) -> None:
    found = s.get(UserSession, session_id)
    if found is not None:
        found.seen_at = now


def _self(user: User) -> Principal:
    return Principal("user", user.id, user.name, user.grants)
