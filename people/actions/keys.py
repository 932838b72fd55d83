"""API keys: made, used, revoked. The key itself is shown once and kept as a digest."""

from datetime import datetime

from sqlalchemy.orm import Session

from core.errors import Forbidden, Invalid, NotFound
from core.ids import new_id
from core.security import digest, same
from core.services import Services
from people import queries
from people.actions.audit import audit
from people.keys import new_key, split_key
from people.lifetimes import KEY_SEEN_EVERY
from people.models import ApiKey
from people.roles import ROLES, Principal


def create_key(s: Session, *, name: str, role: str, area_path: str, by: Principal, now: datetime) -> tuple[ApiKey, str]:
    """A new key and its text, which nobody can see again. Invalid, Forbidden."""
    text_name = " ".join(name.split())
    if not 0 < len(text_name) <= 200 or not text_name.isprintable():
        raise Invalid([("name", "must be 1 to 200 characters")])
    if role not in ROLES:
        raise Invalid([("role", f"must be one of {', '.join(ROLES)}")])
    if not by.allows("admin", area_path):
        raise Forbidden("Keys are made only for areas that you administer")
    text, prefix, secret = new_key()
    made = ApiKey(
        id=new_id("key"),
        name=text_name,
        prefix=prefix,
        secret_hash=digest(secret),
        role=role,
        area_path=area_path,
        made_by=by.id,
        created_at=now,
    )
    s.add(made)
    s.flush()
    audit(s, by, "key.create", "key", made.id, area_path, {"name": text_name, "role": role}, now=now)
    return made, text


def revoke_key(s: Session, key_id: str, *, by: Principal, now: datetime) -> ApiKey:
    """The key opens nothing any more. NotFound for keys of areas out of sight."""
    found = queries.api_key(s, key_id)
    if found is None or not by.allows("admin", found.area_path):
        raise NotFound("there is no such key")
    found.revoked_at = found.revoked_at or now
    audit(s, by, "key.revoke", "key", found.id, found.area_path, {"name": found.name}, now=now)
    return found


def use_key(services: Services, text: str) -> Principal | None:
    """Who this key speaks for, its last use noted every ten minutes; None when it opens nothing."""
    parts, now = split_key(text), services.clock.now()
    if parts is None:
        return None
    with services.db.read() as s:
        found = queries.api_key_by_prefix(s, parts[0])
    if found is None or found.revoked_at or not same(found.secret_hash, digest(parts[1])):
        return None
    if found.used_at is None or now - found.used_at >= KEY_SEEN_EVERY:
        key_id = found.id
        services.db.write(lambda s: _used(s, key_id, now))
    return Principal("key", found.id, found.name, found.grants)


def _used(s: Session, key_id: str, now: datetime) -> None:
    s.get_one(ApiKey, key_id).used_at = now
