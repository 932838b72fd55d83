"""Screens come, are changed, moved and closed; their keys are issued, rotated and revoked."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy import update as change
from sqlalchemy.orm import Session

from core.errors import FieldError, Forbidden, Invalid, NotFound
from core.ids import new_id, new_secret
from core.security import digest
from core.snapshot import Generation
from media.actions import want_shape
from people.actions import audit
from people.roles import Principal
from places.models import Location
from places.queries import location as location_of
from playlists.actions import ensure_links_for_location
from signage import queries
from signage.dialects.table import DIALECTS, OWN
from signage.geometry import geometry_of
from signage.models import Screen, ScreenKey
from signage.queries import Hung

GENERATION = "screens"
ROLE = "admin"
LEAST_PX, MOST_PX = 16, 16_384
MOST_PIXELS = 50_000_000
OVERLAP = timedelta(minutes=10)  # the old key of a rotation lives on until the new one has surely arrived
ORIENTATIONS = ("landscape", "portrait")
CHANGEABLE = ("name", "width", "height", "pixel_pitch_mm", "testing", "dialect")


def create(
    s: Session,
    *,
    location: str,
    name: str,
    width: int,
    height: int,
    by: Principal,
    now: datetime,
    pixel_pitch_mm: float | None = None,
    orientation: str | None = None,
    testing: bool = False,
    dialect: str = OWN,
) -> Screen:
    """A new screen at an open location: its pictures are ordered, its tracked links made. Invalid, Forbidden."""
    place = open_location(s, location, by)
    width, height = _as_hung(width, height, orientation)
    _refuse(faults(name, width, height, pixel_pitch_mm, orientation) + unspoken(dialect))
    made = Screen(
        id=new_id("scr"),
        name=name.strip(),
        location_code=place.code,
        width=width,
        height=height,
        pixel_pitch_mm=pixel_pitch_mm,
        testing=testing,
        dialect=dialect,
        created_at=now,
        changed_at=now,
    )
    s.add(made)
    s.flush()
    want_shape(s, width, height, now, geometry_of(made, place))
    ensure_links_for_location(s, place, now)
    _changed(s, Hung(made, place), "screen.create", by, now, {"name": made.name, "location": place.code})
    return made


def update(s: Session, screen_id: str, changes: Mapping[str, Any], *, by: Principal, now: datetime) -> Screen:
    """Changes any of CHANGEABLE. Raises NotFound, Forbidden, Invalid."""
    found = own_screen(s, screen_id, by)
    screen = found.screen
    if strange := [name for name in changes if name not in CHANGEABLE]:
        raise Invalid([(name, "cannot be changed") for name in strange])
    facts = {name: getattr(screen, name) for name in CHANGEABLE} | dict(changes)
    wrong = faults(facts["name"], facts["width"], facts["height"], facts["pixel_pitch_mm"])
    _refuse(wrong + unspoken(facts["dialect"]))
    for name in changes:
        setattr(screen, name, facts[name])
    screen.name = screen.name.strip()
    want_shape(s, screen.width, screen.height, now, geometry_of(screen, found.location))
    _changed(s, found, "screen.update", by, now, dict(changes))
    return screen


def move(s: Session, screen_id: str, location: str, *, by: Principal, now: datetime) -> Screen:
    """Hangs the screen at another open location; what it played stays counted where it was."""
    found = own_screen(s, screen_id, by)
    place = open_location(s, location, by)
    found.screen.location_code = place.code
    want_shape(s, found.screen.width, found.screen.height, now, geometry_of(found.screen, place))
    ensure_links_for_location(s, place, now)
    detail = {"from": found.location.code, "to": place.code}
    _changed(s, Hung(found.screen, place), "screen.move", by, now, detail)
    return found.screen


def close(s: Session, screen_id: str, *, by: Principal, now: datetime) -> Screen:
    """Takes the screen out of use: its keys die, its history stays. Raises NotFound, Forbidden."""
    found = own_screen(s, screen_id, by)
    end_keys(s, screen_id, now)
    found.screen.closed_at = now
    _changed(s, found, "screen.close", by, now)
    return found.screen


def give_key(s: Session, screen_id: str, *, by: Principal, now: datetime) -> str:
    """A key for a player that cannot show a code, told this once. Raises NotFound, Forbidden."""
    found = own_screen(s, screen_id, by)
    secret = issue_key(s, screen_id, now)
    _changed(s, found, "screen.give_key", by, now)
    return secret


def rotate_key(s: Session, screen_id: str, *, by: Principal, now: datetime) -> str:
    """A new secret; the old ones live on for OVERLAP. Raises NotFound, Forbidden."""
    found = own_screen(s, screen_id, by)
    longer = or_(ScreenKey.expires_at.is_(None), ScreenKey.expires_at > now + OVERLAP)
    alive = ScreenKey.screen_id == screen_id, ScreenKey.revoked_at.is_(None), longer
    s.execute(change(ScreenKey).where(*alive).values(expires_at=now + OVERLAP))
    secret = issue_key(s, screen_id, now)
    _changed(s, found, "screen.rotate_key", by, now)
    return secret


def revoke_keys(s: Session, screen_id: str, *, by: Principal, now: datetime) -> None:
    """From now on nobody speaks for the screen, until it is claimed anew or given a key. NotFound, Forbidden."""
    found = own_screen(s, screen_id, by)
    end_keys(s, screen_id, now)
    _changed(s, found, "screen.revoke_keys", by, now)


def issue_key(s: Session, screen_id: str, now: datetime) -> str:
    """A new secret that speaks for the screen; only its digest is kept."""
    secret = new_secret()
    s.add(ScreenKey(digest=digest(secret), screen_id=screen_id, created_at=now))
    s.flush()
    return secret


def bind_key(s: Session, secret: str, player: str) -> str | None:
    """The first player that comes with a key is its player from then on. The digest of whoever that is; None for a key
    that there is not."""
    key = digest(secret)
    free = ScreenKey.digest == key, ScreenKey.player.is_(None)
    s.execute(change(ScreenKey).where(*free).values(player=digest(player)))
    return s.scalar(select(ScreenKey.player).where(ScreenKey.digest == key))


def own_screen(s: Session, screen_id: str, by: Principal, role: str = ROLE) -> Hung:
    """The open screen with its location. Raises NotFound also where the asker may not even see it; Forbidden."""
    found = queries.hung(s, screen_id)
    if found is None or not by.allows("viewer", found.location.area_path):
        raise NotFound(f"there is no screen {screen_id!r}")
    _need(by, role, found.location.area_path)
    return found


def open_location(s: Session, code: str, by: Principal) -> Location:
    """The open location of this code, in which the asker may hang screens. Raises Invalid, Forbidden."""
    found = location_of(s, code)
    if found is None or found.closed_at is not None or not by.allows("viewer", found.area_path):
        raise Invalid([("location", f"there is no open location {code!r}")])
    _need(by, ROLE, found.area_path)
    return found


def _need(by: Principal, role: str, area_path: str) -> None:
    if not by.allows(role, area_path):
        raise Forbidden(f"This needs the role {role} in {area_path}")


def end_keys(s: Session, screen_id: str, now: datetime) -> None:
    """Nobody speaks for the screen any more."""
    alive = ScreenKey.screen_id == screen_id, ScreenKey.revoked_at.is_(None)
    s.execute(change(ScreenKey).where(*alive).values(revoked_at=now))


def _changed(
    s: Session, what: Hung, action: str, by: Principal, now: datetime, detail: dict[str, Any] | None = None
) -> None:
    what.screen.changed_at = now
    s.flush()
    Generation().bump(s, GENERATION)
    audit(s, by, action, "screen", what.screen.id, what.location.area_path, detail or {}, now=now)


def _as_hung(width: int, height: int, orientation: str | None) -> tuple[int, int]:
    """A panel that says 1920 × 1080 and hangs upright shows 1080 × 1920."""
    turned = (orientation == "portrait" and width > height) or (orientation == "landscape" and height > width)
    return (height, width) if turned else (width, height)


def faults(
    name: str, width: int, height: int, pixel_pitch_mm: float | None, orientation: str | None = None
) -> list[FieldError]:
    """(field, what is wrong) for each fact that a screen cannot have."""
    found = []
    if not 1 <= len(name.strip()) <= 200:
        found.append(("name", "must have 1 to 200 characters"))
    for field, value in (("width", width), ("height", height)):
        if not LEAST_PX <= value <= MOST_PX:
            found.append((field, f"must be from {LEAST_PX} to {MOST_PX} pixels"))
    if width * height > MOST_PIXELS:
        found.append(("width", f"width times height must not exceed {MOST_PIXELS} pixels"))
    if pixel_pitch_mm is not None and not 0 < pixel_pitch_mm <= 100:
        found.append(("pixel_pitch_mm", "must be more than 0 and at most 100"))
    if orientation not in (None, *ORIENTATIONS):
        found.append(("orientation", "must be landscape or portrait"))
    return found


def unspoken(dialect: str) -> list[FieldError]:
    """What is wrong with a dialect that nobody here speaks."""
    return [] if dialect in DIALECTS else [("dialect", f"must be one of {', '.join(DIALECTS)}")]


def _refuse(faults: list[FieldError]) -> None:
    if faults:
        raise Invalid(faults)
