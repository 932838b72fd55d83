"""Enrolment: a device asks for a code, somebody claims it, the device fetches its token."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete
from sqlalchemy.orm import Session

from core.errors import Busy, Conflict, Invalid
from core.ids import new_secret
from core.security import digest
from people.actions import audit
from people.roles import Principal
from signage import enrolment, queries
from signage.actions.screens import create, issue_key, own_screen, revoke_keys
from signage.models import Enrolment, Screen

MOST_WAITING = 10_000


@dataclass(frozen=True, slots=True)
class Authorization:
    """What a device is told at the start; the device code is a secret of its own."""

    device_code: str
    user_code: str


@dataclass(frozen=True, slots=True)
class Grant:
    """The answer to a device's question: a token for a screen, or RFC 8628's word for why not yet."""

    error: str | None = None
    token: str = ""
    screen_id: str = ""


def authorize(s: Session, *, client: Mapping[str, Any], width: int, height: int, now: datetime) -> Authorization:
    """A code for a device that nobody knows yet. Raises Busy while thousands wait."""
    if queries.waiting_enrolments(s, now) >= MOST_WAITING:
        raise Busy("Too many screens are waiting to be claimed", retry_after_s=60)
    device_code, user_code = new_secret(), _free_code(s)
    row = Enrolment(
        device_digest=digest(device_code),
        user_code=user_code,
        client=dict(client),
        width=width,
        height=height,
        expires_at=now + enrolment.LIFE,
        next_at=now + timedelta(seconds=enrolment.INTERVAL_S),
        wait_s=enrolment.INTERVAL_S,
    )
    s.add(row)
    s.flush()
    return Authorization(device_code, user_code)


def _free_code(s: Session) -> str:
    """A code that no row holds, also none that has expired and was not swept yet."""
    while s.query(Enrolment.user_code).filter_by(user_code=(code := enrolment.new_user_code())).first():
        pass
    return code


def claim(
    s: Session,
    *,
    user_code: str,
    location: str,
    name: str,
    by: Principal,
    now: datetime,
    width: int | None = None,
    height: int | None = None,
    orientation: str | None = None,
    pixel_pitch_mm: float | None = None,
    replaces: str | None = None,
    testing: bool = False,
) -> Screen:
    """Makes the device that shows this code a screen, or gives it the place of one that broke.

    What is not said about its size is what the device said; what gets another's place keeps that one's mode. Raises
    Invalid for an unknown or expired code, Conflict for one that was claimed already, Forbidden.
    """
    waiting = unclaimed(s, user_code, now)
    if replaces is None:
        screen = create(
            s,
            location=location,
            name=name,
            width=width or waiting.width,
            height=height or waiting.height,
            orientation=orientation,
            pixel_pitch_mm=pixel_pitch_mm,
            testing=testing,
            by=by,
            now=now,
        )
    else:
        screen = own_screen(s, replaces, by).screen
        revoke_keys(s, replaces, by=by, now=now)
    waiting.screen_id = screen.id
    s.flush()
    return screen


def deny(s: Session, user_code: str, *, by: Principal, now: datetime) -> None:
    """Turns away the device that shows this code. Raises as `claim`."""
    unclaimed(s, user_code, now).denied_at = now
    audit(s, by, "screen.deny", "enrolment", user_code, detail={}, now=now)


def unclaimed(s: Session, user_code: str, now: datetime) -> Enrolment:
    """The device that shows this code and waits to be claimed. Raises Invalid, Conflict."""
    code = enrolment.parse_user_code(user_code)
    found = queries.enrolment_of_code(s, code, now) if code else None
    if found is None or found.denied_at is not None:
        raise Invalid([("user_code", "no screen shows this code now; read it off the screen again")])
    if found.screen_id is not None:
        raise Conflict("This code has been claimed already")
    return found


def exchange(s: Session, device_code: str, now: datetime) -> Grant:
    """Answers a device that asks whether it was claimed; a token is given once, and ends the enrolment."""
    found = queries.enrolment_of_device(s, digest(device_code))
    if found is None or found.expires_at <= now:
        return Grant("expired_token")
    if found.denied_at is not None:
        return Grant("access_denied")
    pace = enrolment.Pace(found.next_at, found.wait_s)
    asked = pace.asked(now)
    found.next_at, found.wait_s = asked.next_at, asked.wait_s
    if pace.too_soon(now):
        return Grant("slow_down")
    if found.screen_id is None:
        return Grant("authorization_pending")
    screen_id = found.screen_id
    s.delete(found)
    return Grant(token=issue_key(s, screen_id, now), screen_id=screen_id)


def forget_expired(s: Session, now: datetime) -> int:
    """Sweeps codes that nobody claimed in time; how many there were."""
    done = s.execute(delete(Enrolment).where(Enrolment.expires_at < now - enrolment.LIFE))
    return int(done.rowcount)  # type: ignore[attr-defined]
