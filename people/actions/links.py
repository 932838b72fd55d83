"""One-time links: an invitation, or leave to set a new password. Shown once to the admin who makes them."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from core.errors import Gone, Invalid
from core.ids import new_id, new_secret
from core.security import digest
from core.services import Services
from people import queries
from people.actions.audit import audit
from people.actions.signin import Entered, open_session
from people.actions.users import governed, home
from people.lifetimes import INVITE_LASTS, RESET_LASTS
from people.models import OneTimeLink, User, UserSession
from people.passwords import hash_password, weakness
from people.roles import Principal

SPENT = "This link has been used or has expired; ask your administrator for another"


@dataclass(frozen=True)
class LinkMade:
    """A fresh link; the token is nowhere else."""

    token: str
    purpose: str
    user: User
    expires_at: datetime


def make_link(s: Session, user_id: str, *, by: Principal, now: datetime) -> LinkMade:
    """A link for this user: an invitation while there is no password, else a reset. Earlier ones end."""
    user = governed(s, user_id, by)
    purpose = "invite" if user.password_hash is None else "reset"
    expires_at = now + (INVITE_LASTS if purpose == "invite" else RESET_LASTS)
    s.execute(delete(OneTimeLink).where(OneTimeLink.user_id == user.id, OneTimeLink.used_at.is_(None)))
    token = new_secret()
    s.add(
        OneTimeLink(
            id=new_id("lnk"),
            token_hash=digest(token),
            user_id=user.id,
            purpose=purpose,
            made_by=by.id,
            created_at=now,
            expires_at=expires_at,
        )
    )
    audit(s, by, f"user.{purpose}", "user", user.id, home(user), now=now)
    return LinkMade(token, purpose, user, expires_at)


def good_link(s: Session, token: str, now: datetime) -> tuple[OneTimeLink, User]:
    """The link and its user. Gone when it was used, has expired, or never was."""
    link = queries.link_by_token(s, token)
    user = queries.user(s, link.user_id) if link else None
    if link is None or user is None or link.used_at or link.expires_at <= now or user.disabled_at:
        raise Gone(SPENT)
    return link, user


def redeem(services: Services, token: str, password: str) -> Entered:
    """Set the password that the link gives leave to set, end other sessions, and sign in. Gone, Invalid."""
    now = services.clock.now()
    with services.db.read() as s:
        _, user = good_link(s, token, now)
    if weak := weakness(password, about=user.email):
        raise Invalid([("password", weak)])
    hashed = hash_password(password)
    return services.db.write(lambda s: _redeemed(s, token, hashed, now))


def _redeemed(s: Session, token: str, hashed: str, now: datetime) -> Entered:
    link, user = good_link(s, token, now)
    link.used_at = now
    user.password_hash, user.failures, user.locked_until = hashed, 0, None
    s.execute(delete(UserSession).where(UserSession.user_id == user.id))
    me = Principal("user", user.id, user.name, user.grants)
    audit(s, me, f"user.{link.purpose}-taken", "user", user.id, home(user), now=now)
    return open_session(s, user, now)
