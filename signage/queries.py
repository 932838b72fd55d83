"""What is asked about screens. Each takes a session and never commits."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session

from core.paths import ROOT, below
from places.models import Area, Location
from signage.liveness import Heard
from signage.models import (
    AlertNotice,
    Command,
    Enrolment,
    FleetAlert,
    GivenEntry,
    Screen,
    ScreenKey,
    ScreenSeen,
    Screenshot,
    ScreenSilence,
    ScreenStatus,
    ScreenTrouble,
    TakeoverShown,
)


class Hung(NamedTuple):
    """A screen where it hangs."""

    screen: Screen
    location: Location


class HungFacts(NamedTuple):
    """The same in plain values, for the busy path."""

    id: str
    name: str
    width: int
    height: int
    pixel_pitch_mm: float | None
    testing: bool
    location: str
    location_name: str
    area_path: str
    venue_kind: str
    tags: list[str]
    timezone: str
    languages: dict[str, int]
    viewing_distance_m: float | None


class KeyFacts(NamedTuple):
    """A key without its row."""

    digest: str
    screen_id: str
    expires_at: datetime | None


class Given(NamedTuple):
    """An entry as players of other makes were given it."""

    number: int
    creative_id: str
    placement_id: str | None
    duration_ms: int


class FleetRow(NamedTuple):
    """A screen, where it hangs, when it was heard of, and what it last said."""

    screen: Screen
    location: Location
    seen_at: datetime | None
    status: ScreenStatus | None


def screen(s: Session, screen_id: str) -> Screen | None:
    """The screen of this id, closed or not."""
    return s.get(Screen, screen_id)


def hung(s: Session, screen_id: str) -> Hung | None:
    """An open screen with its location."""
    query = select(Screen, Location).join(Location, Location.code == Screen.location_code)
    row = s.execute(query.where(Screen.id == screen_id, Screen.closed_at.is_(None))).one_or_none()
    return Hung(*row) if row else None


def hung_facts(s: Session, screen_id: str) -> HungFacts | None:
    """An open screen with its location, in plain values."""
    row = s.execute(hung_facts_query().where(Screen.id == screen_id)).one_or_none()
    return HungFacts(*row) if row else None


def all_hung_facts(s: Session) -> Iterator[HungFacts]:
    """Every open screen."""
    return (HungFacts(*row) for row in s.execute(hung_facts_query()))


def hung_facts_query() -> Select[*tuple[Any, ...]]:
    """Open screens with their locations, in the order of `HungFacts`."""
    of_screen = (Screen.id, Screen.name, Screen.width, Screen.height, Screen.pixel_pitch_mm, Screen.testing)
    place = (Location.code, Location.name, Location.area_path, Location.venue_kind, Location.tags)
    more = (Location.timezone, Location.languages, Location.viewing_distance_m)
    query = select(*of_screen, *place, *more).join(Location, Location.code == Screen.location_code)
    return query.where(Screen.closed_at.is_(None))


def key_player(s: Session, key: str) -> str | None:
    """The digest of the player that came first with the key of this digest; None before one came."""
    return s.scalar(select(ScreenKey.player).where(ScreenKey.digest == key))


def valid_keys(s: Session, now: datetime) -> Iterator[KeyFacts]:
    """Every key that speaks for an open screen now."""
    valid = or_(ScreenKey.expires_at.is_(None), ScreenKey.expires_at > now)
    query = select(ScreenKey.digest, ScreenKey.screen_id, ScreenKey.expires_at)
    query = query.join(Screen, Screen.id == ScreenKey.screen_id).where(ScreenKey.revoked_at.is_(None), valid)
    return (KeyFacts(*row) for row in s.execute(query.where(Screen.closed_at.is_(None))))


def valid_key(s: Session, digest: str, now: datetime) -> ScreenKey | None:
    """The key of this digest, if it speaks for an open screen now."""
    valid = or_(ScreenKey.expires_at.is_(None), ScreenKey.expires_at > now)
    query = select(ScreenKey).join(Screen, Screen.id == ScreenKey.screen_id)
    query = query.where(ScreenKey.digest == digest, ScreenKey.revoked_at.is_(None), valid)
    return s.scalar(query.where(Screen.closed_at.is_(None)))


def changed_since(s: Session, moment: datetime) -> Sequence[str]:
    """Ids of screens that were changed at this moment or later, closed ones too."""
    return s.scalars(select(Screen.id).where(Screen.changed_at >= moment)).all()


class PlacesMark(NamedTuple):
    """Differs from an earlier one if a location or an area was changed in between."""

    location: datetime | None
    closed: datetime | None
    area: datetime | None


def places_mark(s: Session) -> PlacesMark:
    """Where the places stand now."""
    newest_area = select(func.max(Area.updated_at)).scalar_subquery()
    query = select(func.max(Location.updated_at), func.max(Location.closed_at), newest_area)
    return PlacesMark(*s.execute(query).one())


def given_rows(s: Session, entries: Sequence[str]) -> Sequence[GivenEntry]:
    """Those of these entries (at most some thousands) that were ever given to a player of another make."""
    return s.scalars(select(GivenEntry).where(GivenEntry.entry.in_(entries))).all()


def given_entries(s: Session, entries: Sequence[str]) -> dict[str, Given]:
    """The same by their ids, in plain values."""
    rows = given_rows(s, entries)
    return {row.entry: Given(row.number, row.creative_id, row.placement_id, row.duration_ms) for row in rows}


def given_numbers(s: Session, numbers: Sequence[int]) -> dict[int, str]:
    """The entries of these numbers (at most some thousands)."""
    rows = s.execute(select(GivenEntry.number, GivenEntry.entry).where(GivenEntry.number.in_(numbers)))
    return {row.number: row.entry for row in rows}


def enrolment_of_code(s: Session, user_code: str, now: datetime) -> Enrolment | None:
    """The device that shows this code, unless it has expired."""
    return s.scalar(select(Enrolment).where(Enrolment.user_code == user_code, Enrolment.expires_at > now))


def enrolment_of_device(s: Session, digest: str) -> Enrolment | None:
    """The device that holds this secret."""
    return s.get(Enrolment, digest)


def waiting_enrolments(s: Session, now: datetime) -> int:
    """How many codes are shown somewhere now."""
    return s.scalar(select(func.count()).select_from(Enrolment).where(Enrolment.expires_at > now)) or 0


def fleet(
    s: Session,
    under: Iterable[str] = (ROOT,),
    *,
    location: str | None = None,
    screen: str | None = None,
    heard: Heard | None = None,
    after: str | None = None,
    limit: int | None = None,
) -> list[FleetRow]:
    """Open screens in these areas, by location and name, with their last word; all, of one location, or only one;
    ``heard`` are bounds within which they were last heard of."""
    query = (
        select(Screen, Location, ScreenSeen.at, ScreenStatus)
        .join(Location, Location.code == Screen.location_code)
        .outerjoin(ScreenSeen, ScreenSeen.screen_id == Screen.id)
        .outerjoin(ScreenStatus, ScreenStatus.screen_id == Screen.id)
        .where(Screen.closed_at.is_(None), below(Location.area_path, under))
    )
    if location is not None:
        query = query.where(Screen.location_code == location)
    if screen is not None:
        query = query.where(Screen.id == screen)
    if heard is not None:
        query = query.where(*_heard(heard))
    if after is not None:
        query = query.where(Screen.id > after)
    order = (Screen.id,) if after is not None or limit is not None else (Location.sort_key, Screen.name, Screen.id)
    return [FleetRow(*row) for row in s.execute(query.order_by(*order).limit(limit))]


def _heard(bounds: Heard) -> list[ColumnElement[bool]]:
    if bounds.never:
        return [ScreenSeen.at.is_(None)]
    sides = (bounds.after, ScreenSeen.at.__gt__), (bounds.upto, ScreenSeen.at.__le__)
    return [test(moment) for moment, test in sides if moment is not None]


def status(s: Session, screen_id: str) -> ScreenStatus | None:
    """What a screen last said of itself."""
    return s.get(ScreenStatus, screen_id)


def last_troubles(s: Session, screens: Sequence[str]) -> dict[str, ScreenTrouble]:
    """What last went wrong at each of these screens."""
    newest = select(func.max(ScreenTrouble.id)).where(ScreenTrouble.screen_id.in_(screens))
    rows = s.scalars(select(ScreenTrouble).where(ScreenTrouble.id.in_(newest.group_by(ScreenTrouble.screen_id))))
    return {row.screen_id: row for row in rows}


def troubled(s: Session, since: datetime) -> frozenset[str]:
    """The screens at which something went wrong since."""
    return frozenset(s.scalars(select(ScreenTrouble.screen_id).where(ScreenTrouble.at >= since).distinct()))


def troubles(s: Session, screen_id: str, limit: int = 10) -> Sequence[ScreenTrouble]:
    """What went wrong at a screen, newest first."""
    query = select(ScreenTrouble).where(ScreenTrouble.screen_id == screen_id)
    return s.scalars(query.order_by(ScreenTrouble.at.desc(), ScreenTrouble.id.desc()).limit(limit)).all()


def silences(s: Session, screen_id: str, since: datetime) -> list[tuple[datetime, datetime]]:
    """When a screen was not heard of, as far as it ended after this moment."""
    query = select(ScreenSilence.start, ScreenSilence.until).where(ScreenSilence.screen_id == screen_id)
    return [(start, until) for start, until in s.execute(query.where(ScreenSilence.until >= since))]


def open_alerts(s: Session) -> Sequence[FleetAlert]:
    """Alerts that are not over."""
    return s.scalars(select(FleetAlert).where(FleetAlert.recovered_at.is_(None))).all()


def alerts(s: Session, under: Iterable[str] = (ROOT,), limit: int = 100) -> Sequence[tuple[FleetAlert, Area]]:
    """Alerts of these areas, newest first."""
    query = select(FleetAlert, Area).join(Area, Area.code == FleetAlert.area_code).where(below(Area.path, under))
    rows = s.execute(query.order_by(FleetAlert.opened_at.desc(), FleetAlert.id).limit(limit))
    return [(alert, area) for alert, area in rows]


def due_notices(s: Session, now: datetime, limit: int = 100) -> Sequence[AlertNotice]:
    """What is to be told now, oldest first."""
    query = select(AlertNotice).where(AlertNotice.next_at <= now).order_by(AlertNotice.next_at, AlertNotice.id)
    return s.scalars(query.limit(limit)).all()


def shapes(s: Session) -> Sequence[tuple[int, int]]:
    """The width and height of every open screen, each pair once."""
    query = select(Screen.width, Screen.height).where(Screen.closed_at.is_(None)).distinct()
    return [(width, height) for width, height in s.execute(query.order_by(Screen.width, Screen.height))]


def open_commands(s: Session, screen_id: str, now: datetime) -> Sequence[Command]:
    """What a screen has not answered yet, oldest first."""
    query = select(Command).where(Command.screen_id == screen_id, Command.done_at.is_(None), Command.expires_at > now)
    return s.scalars(query.order_by(Command.created_at, Command.id)).all()


def commands(s: Session, screen_id: str, limit: int = 20) -> Sequence[Command]:
    """What a screen was asked to do, newest first."""
    query = select(Command).where(Command.screen_id == screen_id).order_by(Command.created_at.desc(), Command.id)
    return s.scalars(query.limit(limit)).all()


def screenshot(s: Session, screen_id: str) -> Screenshot | None:
    """The last photograph that the screen took of itself."""
    return s.get(Screenshot, screen_id)


def takeover_shown_at(s: Session, takeover_id: str) -> dict[str, datetime]:
    """The screens that have said that they show a takeover, each with the moment it first did."""
    rows = s.execute(select(TakeoverShown.screen_id, TakeoverShown.at).where(TakeoverShown.takeover_id == takeover_id))
    return {row.screen_id: row.at for row in rows}
