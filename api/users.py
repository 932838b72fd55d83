"""Users: who may sign in to the console, with which roles, and the one-time links that let them in."""

from datetime import datetime
from typing import Annotated

from flask import Response
from msgspec import UNSET, Meta, Struct, UnsetType
from sqlalchemy.orm import Session

from api import refs
from api.kit import Listing, Page, call, change
from api.shapes import Name, Role
from core.errors import NotFound
from core.http import page_args, page_of
from core.paths import ROOT
from core.services import services
from people import actions, queries
from people.guards import principal
from people.models import User
from people.roles import Grant, Principal


class GrantIn(Struct, forbid_unknown_fields=True):
    """A role over an area and all below it; without an area, over everything."""

    role: Role
    area: str | None = None


class GrantOut(Struct):
    """A role over an area path."""

    role: str
    area: str | None
    area_path: str


class UserIn(Struct, kw_only=True, forbid_unknown_fields=True):
    """A new account. Its password is set by whoever opens the link of `POST /users/{id}/link`."""

    email: Annotated[str, Meta(min_length=3, max_length=254)]
    name: str = ""
    grants: Annotated[list[GrantIn], Meta(min_length=1, max_length=100)]


class UserPatch(Struct, kw_only=True, forbid_unknown_fields=True):
    """What is to change; `grants` replaces all roles."""

    name: Name | UnsetType = UNSET
    grants: Annotated[list[GrantIn], Meta(min_length=1, max_length=100)] | UnsetType = UNSET
    disabled: bool | UnsetType = UNSET


class UserOut(Struct, kw_only=True):
    """An account; `invited` until its password has been set."""

    id: str
    email: str
    name: str
    state: str
    grants: list[GrantOut]
    created_at: datetime
    signed_in_at: datetime | None


class LinkOut(Struct, kw_only=True):
    """A link that works once; it is shown here and nowhere else."""

    url: str
    purpose: str
    expires_at: datetime


@call("GET", "/users", tag="People", role="admin", query=Listing, answers=Page[UserOut])
def list_users(query: Listing) -> Response:
    """List the accounts with a role in your areas."""
    args = page_args()
    with services().db.read() as s:
        rows = queries.users(s, principal().scope("admin"), after=args.after, limit=args.limit + 1)
    return page_of(rows, args, lambda row: row.id, user_out)


@call("POST", "/users", tag="People", role="admin", body=UserIn, answers=UserOut, status=201, refuses=(404, 409))
def create_user(body: UserIn) -> UserOut:
    """Make an account."""

    def work(s: Session, who: Principal, now: datetime) -> User:
        grants = read_grants(s, who, body.grants)
        return actions.create_user(s, email=body.email, name=body.name, grants=grants, by=who, now=now)

    return user_out(change(work))


@call("GET", "/users/<ref>", tag="People", role="admin", answers=UserOut, refuses=(404,))
def get_user(ref: str) -> UserOut:
    """Read an account."""
    with services().db.read() as s:
        return user_out(_seen(s, principal(), ref))


@call("PATCH", "/users/<ref>", tag="People", role="admin", body=UserPatch, answers=UserOut, refuses=(404,))
def update_user(ref: str, body: UserPatch) -> UserOut:
    """Change an account: its name, its roles, whether it may sign in."""

    def work(s: Session, who: Principal, now: datetime) -> User:
        found = _seen(s, who, ref)
        if body.name is not UNSET:
            actions.update_user(s, ref, name=body.name, by=who, now=now)
        if body.grants is not UNSET:
            actions.set_grants(s, ref, read_grants(s, who, body.grants), by=who, now=now)
        if body.disabled is not UNSET:
            verb = actions.disable_user if body.disabled else actions.enable_user
            verb(s, ref, by=who, now=now)
        return found

    return user_out(change(work))


@call("DELETE", "/users/<ref>", tag="People", role="admin", answers=UserOut, refuses=(404,))
def disable_user(ref: str) -> UserOut:
    """Close an account and end its sessions; what it did stays in the log."""
    return user_out(change(lambda s, who, now: actions.disable_user(s, ref, by=who, now=now)))


@call("POST", "/users/<ref>/link", tag="People", role="admin", answers=LinkOut, status=201, refuses=(404,))
def make_link(ref: str) -> LinkOut:
    """Make a one-time link.

    An invitation (7 days) while the account has no password, else leave to set a new one (24 hours).
    An earlier link ends."""
    made = change(lambda s, who, now: actions.make_link(s, ref, by=who, now=now))
    url = f"{services().settings.public_url}/console/link/{made.token}"
    return LinkOut(url=url, purpose=made.purpose, expires_at=made.expires_at)


def read_grants(s: Session, who: Principal, grants: list[GrantIn]) -> list[Grant]:
    """Roles with their areas' paths. NotFound for an area out of sight."""
    return [Grant(each.role, refs.area_path(s, who, "admin", each.area, "grants.area")) for each in grants]


def user_out(row: User) -> UserOut:
    """As it is shown."""
    return UserOut(
        id=row.id,
        email=row.email,
        name=row.name,
        state="disabled" if row.disabled_at else "active" if row.password_hash else "invited",
        grants=[grant_out(each) for each in row.grants],
        created_at=row.created_at,
        signed_in_at=row.signed_in_at,
    )


def grant_out(grant: Grant) -> GrantOut:
    """The area's code is the last part of its path."""
    code = None if grant.area_path == ROOT else grant.area_path.rstrip("/").rsplit("/", 1)[-1]
    return GrantOut(grant.role, code, grant.area_path)


def _seen(s: Session, who: Principal, ref: str) -> User:
    found = queries.user(s, ref)
    if found is None or not any(who.allows("admin", each.area_path) for each in found.grants):
        raise NotFound("There is no such user")
    return found
