"""What screens say of themselves is kept; what they are asked to do is given to them until they answer."""

import hashlib
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from core.db import to_ms
from core.errors import Invalid, NotFound
from core.ids import new_id
from core.jobs import enqueue
from measure.rows import put_in_place
from people.roles import Principal
from signage.actions.screens import own_screen
from signage.dialects.table import ALL_COMMANDS, dialect_of
from signage.liveness import LATE_AFTER
from signage.models import Command, ScreenSeen, Screenshot, ScreenSilence, ScreenStatus, ScreenTrouble, TakeoverShown

COMMANDS = ALL_COMMANDS
COMPARE = "signage.compare"
COMMAND_LIFE = timedelta(hours=24)


class Result(NamedTuple):
    """A screen's answer to a command."""

    id: str
    ok: bool
    detail: str


class Report(NamedTuple):
    """A screen's status as it told it, and when."""

    at: datetime
    facts: Mapping[str, Any]


def keep_seen(s: Session, seen: Mapping[str, datetime]) -> None:
    """When screens were last heard of, many at once; one that was silent for long leaves a note of when."""
    for screen, before in _silent_since(s, seen).items():
        if seen[screen] - before >= LATE_AFTER:
            s.merge(ScreenSilence(screen_id=screen, start=before, until=seen[screen]))
    put_in_place(s, ScreenSeen, ("screen_id", "at"), [(screen, to_ms(at)) for screen, at in sorted(seen.items())])


def _silent_since(s: Session, seen: Mapping[str, datetime]) -> dict[str, datetime]:
    """Of these screens, those that may have been silent for long: rows are dear, and there are few of them."""
    if not seen:
        return {}
    silent, screens = ScreenSeen.at <= max(seen.values()) - LATE_AFTER, list(seen)
    held: dict[str, datetime] = {}
    for start in range(0, len(screens), 500):
        some = ScreenSeen.screen_id.in_(screens[start : start + 500])
        rows = s.execute(select(ScreenSeen.screen_id, ScreenSeen.at).where(some, silent))
        held |= {row.screen_id: row.at for row in rows}
    return held


def keep_statuses(s: Session, reports: Mapping[str, Report]) -> None:
    """The newest report of each screen in place of the one before."""
    _put_statuses(s, {screen: {"at": told.at, **told.facts} for screen, told in reports.items()})


def confirm_takeover(s: Session, screen_id: str, takeover_id: str, now: datetime) -> None:
    """A screen shows a takeover; only the first time is kept."""
    if s.get(TakeoverShown, (takeover_id, screen_id)) is None:
        s.add(TakeoverShown(takeover_id=takeover_id, screen_id=screen_id, at=now))


def keep_troubles(s: Session, screen_id: str, troubles: Iterable[Mapping[str, str]], now: datetime) -> None:
    """What went wrong at a screen."""
    s.add_all(ScreenTrouble(screen_id=screen_id, at=now, code=one["code"], detail=one["detail"]) for one in troubles)


def _put_statuses(s: Session, facts: Mapping[str, Mapping[str, Any]]) -> None:
    """One row for each screen: two statements, however many screens there are."""
    rows = [{"screen_id": screen, **values} for screen, values in sorted(facts.items())]
    held = _held(s, list(facts))
    if again := [row for row in rows if row["screen_id"] in held]:
        s.execute(update(ScreenStatus), again)
    if new := [row for row in rows if row["screen_id"] not in held]:
        s.execute(insert(ScreenStatus), new)


def _held(s: Session, screens: list[str]) -> set[str]:
    held: set[str] = set()
    for start in range(0, len(screens), 500):
        some = ScreenStatus.screen_id.in_(screens[start : start + 500])
        held |= set(s.scalars(select(ScreenStatus.screen_id).where(some)))
    return held


def answer_commands(s: Session, screen_id: str, results: Iterable[Result], now: datetime) -> None:
    """Closes the commands that a screen answered; what is not this screen's, or answered before, stays."""
    for result in results:
        mine = Command.id == result.id, Command.screen_id == screen_id, Command.done_at.is_(None)
        s.execute(update(Command).where(*mine).values(done_at=now, ok=result.ok, detail=result.detail[:500]))


def ask(
    s: Session, screen_id: str, kind: str, *, by: Principal, now: datetime, args: Mapping[str, Any] | None = None
) -> Command:
    """Asks a screen to do something within a day. Raises NotFound, Forbidden, Invalid."""
    if kind not in COMMANDS:
        raise Invalid([("type", f"must be one of {', '.join(COMMANDS)}")])
    speaks = dialect_of(own_screen(s, screen_id, by, "editor").screen.dialect)
    if kind not in speaks.commands:
        can = ", ".join(speaks.commands) or "nothing"
        raise Invalid([("type", f"a player of this make ({speaks.title}) can be asked for {can} only")])
    made = Command(
        id=new_id("cmd"),
        screen_id=screen_id,
        type=kind,
        args=dict(args or {}),
        asked_by=by.id,
        created_at=now,
        expires_at=now + COMMAND_LIFE,
    )
    s.add(made)
    s.flush()
    return made


def keep_screenshot(s: Session, screen_id: str, command_id: str, jpeg: bytes, now: datetime) -> Screenshot:
    """The photograph in the place of the one before; it will be compared with what should be there.

    Raises NotFound unless this screen was asked for it, Invalid.
    """
    asked = s.get(Command, command_id)
    if asked is None or (asked.screen_id, asked.type) != (screen_id, "screenshot") or asked.expires_at <= now:
        raise NotFound("This screen was not asked for a screenshot")
    if not (jpeg.startswith(b"\xff\xd8\xff") and jpeg.endswith(b"\xff\xd9")):
        raise Invalid("A screenshot is a whole JPEG")
    sha256 = hashlib.sha256(jpeg).hexdigest()
    enqueue(s, COMPARE, {"screen": screen_id}, key=f"{COMPARE}:{screen_id}", now=now)
    taken = {"command_id": command_id, "at": now, "sha256": sha256, "jpeg": jpeg}
    return s.merge(Screenshot(screen_id=screen_id, **taken, verdict=None, evidence=None))
