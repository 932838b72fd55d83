"""API keys: one for each script, shown once."""

from datetime import datetime
from typing import Any

from flask import Response
from msgspec import Struct
from sqlalchemy.orm import Session

from api import refs
from api.kit import Listing, Page, call, change
from api.shapes import Name, Role
from api.users import grant_out
from core.errors import NotFound
from core.http import page_args, page_of
from core.services import services
from people import actions, queries
from people.guards import principal
from people.models import ApiKey
from people.roles import Principal


class KeyIn(Struct, kw_only=True, forbid_unknown_fields=True):
    """A new key: what it may do, in an area and below it; without an area, everywhere."""

    name: Name
    role: Role
    area: str | None = None


class KeyOut(Struct, kw_only=True):
    """A key, told by the beginning of its text."""

    id: str
    name: str
    prefix: str
    role: str
    area: str | None
    area_path: str
    created_at: datetime
    used_at: datetime | None
    revoked_at: datetime | None


class KeyMade(KeyOut, kw_only=True):
    """A fresh key with its text, which is shown here and nowhere else."""

    key: str


@call("GET", "/keys", tag="People", role="admin", query=Listing, answers=Page[KeyOut])
def list_keys(query: Listing) -> Response:
    """List the keys of your areas, revoked ones too."""
    args = page_args()
    with services().db.read() as s:
        rows = queries.api_keys(s, principal().scope("admin"), after=args.after, limit=args.limit + 1)
    return page_of(rows, args, lambda row: row.id, key_out)


@call("POST", "/keys", tag="People", role="admin", body=KeyIn, answers=KeyMade, status=201, refuses=(404,))
def create_key(body: KeyIn) -> KeyMade:
    """Make a key."""

    def work(s: Session, who: Principal, now: datetime) -> tuple[ApiKey, str]:
        path = refs.area_path(s, who, "admin", body.area)
        return actions.create_key(s, name=body.name, role=body.role, area_path=path, by=who, now=now)

    row, text = change(work)
    return KeyMade(key=text, **_facts(row))


@call("GET", "/keys/<ref>", tag="People", role="admin", answers=KeyOut, refuses=(404,))
def get_key(ref: str) -> KeyOut:
    """Read what a key may do."""
    with services().db.read() as s:
        found = queries.api_key(s, ref)
    if found is None or not principal().allows("admin", found.area_path):
        raise NotFound("There is no such key")
    return key_out(found)


@call("DELETE", "/keys/<ref>", tag="People", role="admin", answers=KeyOut, refuses=(404,))
def revoke_key(ref: str) -> KeyOut:
    """Revoke a key; from now on it opens nothing."""
    return key_out(change(lambda s, who, now: actions.revoke_key(s, ref, by=who, now=now)))


def key_out(row: ApiKey) -> KeyOut:
    """As it is shown."""
    return KeyOut(**_facts(row))


def _facts(row: ApiKey) -> dict[str, Any]:
    same = {name: getattr(row, name) for name in KeyOut.__struct_fields__ if name != "area"}
    return {**same, "area": grant_out(row.grants[0]).area}
