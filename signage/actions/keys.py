"""Keys that are printed before the boxes are there: each makes one box the player of one screen, once."""

from datetime import datetime, timedelta

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from core.errors import NotFound
from core.ids import new_code, parse_code
from core.security import digest
from core.snapshot import Generation
from people.actions import audit
from people.roles import SYSTEM, Principal
from signage import queries
from signage.actions.enrol import Grant, unclaimed
from signage.actions.screens import GENERATION, end_keys, issue_key, own_screen
from signage.models import OneTimeKey, Screen
from signage.queries import Hung

KEY_LETTERS = 16  # 80 random bits
KEY_LIFE = timedelta(days=90)
REFUSED = Grant("invalid_grant")


def shown_key(key: str) -> str:
    """As it is printed: ``7K3M-9XQ2-…``."""
    return "-".join(key[at : at + 4] for at in range(0, len(key), 4))


def print_key(s: Session, screen_id: str, *, by: Principal, now: datetime) -> str:
    """A fresh key for an open screen, told this once; one that was printed before is good no longer.

    Raises NotFound, Forbidden.
    """
    found = own_screen(s, screen_id, by)
    s.execute(delete(OneTimeKey).where(OneTimeKey.screen_id == screen_id, OneTimeKey.used_at.is_(None)))
    key = new_code(KEY_LETTERS)
    row = OneTimeKey(digest=digest(key), screen_id=screen_id, created_at=now, expires_at=now + KEY_LIFE)
    s.add(row)
    audit(s, by, "screen.print_key", "screen", screen_id, found.location.area_path, {}, now=now)
    s.flush()
    return shown_key(key)


def screen_of_key(s: Session, text: str, now: datetime) -> Hung | None:
    """The open screen for which this key was printed, if it is still good."""
    found = _good(s, text, now)
    return queries.hung(s, found.screen_id) if found else None


def redeem(s: Session, text: str, now: datetime) -> Grant:
    """A token for the box that brings a printed key; the screen's earlier tokens die. A key is good once."""
    found = _good(s, text, now)
    if found is None or queries.hung(s, found.screen_id) is None:
        return REFUSED
    _use(s, found, now)
    return Grant(token=issue_key(s, found.screen_id, now), screen_id=found.screen_id)


def bring(s: Session, text: str, user_code: str, now: datetime) -> Screen:
    """The box that shows this code becomes the player of the key's screen; nobody need be signed in.

    Raises NotFound for a key that is good no longer, Invalid for a code that nothing shows, Conflict.
    """
    found = _good(s, text, now)
    hung = queries.hung(s, found.screen_id) if found else None
    if found is None or hung is None:
        raise NotFound("This key has been used, or is good no longer; ask for a fresh one")
    unclaimed(s, user_code, now).screen_id = found.screen_id
    _use(s, found, now)
    return hung.screen


def _good(s: Session, text: str, now: datetime) -> OneTimeKey | None:
    key = parse_code("".join(c for c in text if c.isalnum()), KEY_LETTERS)
    found = s.get(OneTimeKey, digest(key)) if key else None
    return found if found and found.used_at is None and found.expires_at > now else None


def _use(s: Session, key: OneTimeKey, now: datetime) -> None:
    key.used_at = now
    end_keys(s, key.screen_id, now)
    s.execute(update(Screen).where(Screen.id == key.screen_id).values(changed_at=now))
    Generation().bump(s, GENERATION)
    audit(s, SYSTEM, "screen.bring_key", "screen", key.screen_id, _area(s, key.screen_id), {}, now=now)


def _area(s: Session, screen_id: str) -> str:
    hung = queries.hung(s, screen_id)
    assert hung is not None
    return hung.location.area_path
