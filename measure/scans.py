"""Openings of tracked links: who opened them, what counts as a scan, and what is put aside as a flood."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from core.db import to_ms
from measure.channels import SHARE
from measure.hll import touch
from measure.hours import local_hour
from measure.metrics import Tally, What, cell_at
from measure.models import CampaignDestination, Link, Scan
from measure.stores import Destination
from measure.uniques import salt_of
from measure.writes import add_tally, insert_once

MINUTE_MS = 60_000
# More people than this cannot stand before one code in a minute; somebody is opening it by program.
MOST_A_MINUTE = 60
# These reach thousands at one moment, so a burst is what they are for.
BURSTING = frozenset({SHARE, "zalo", "sms", "press", "loudspeaker", "school", "youth-union", "women-union"})

PERSON, MACHINE, FLOOD = "person", "machine", "flood"
TEST = "test"  # read off a screen in test mode: kept, shown to who tests it, counted nowhere
RESOLVED, LANDED, STORE = "resolved", "landed", "store"

_LATER_STAGE = {"to_store": 0, "register": None, "rank": None}
_KEPT_OF_OPENING = ("opening", "code", "area_path", "verdict", "reason", "family", "language", "local_date")


@dataclass(frozen=True, slots=True)
class LinkFound:
    """A link as a door needs it: what it counts for, and where it leads."""

    code: str
    campaign: str
    location: str
    area_path: str
    timezone: str
    channel: str
    creative: str
    measure: int
    retired: bool
    destination: Destination


@dataclass(frozen=True, slots=True)
class Opening:
    """One opening of a link. `opening` is random; `reason` says why it is a machine's, empty for a person's.

    `person` is the phone's random token of the day; it is never kept.
    """

    opening: str
    family: str
    language: str
    reason: str
    to_store: bool
    person: str = ""
    test: bool = False


_LINK = (
    select(Link.code, Link.campaign, Link.location, Link.area_path, Link.timezone, Link.channel, Link.creative)
    .add_columns(Link.measure, Link.retired_at)
    .add_columns(CampaignDestination.android_url, CampaignDestination.ios_url, CampaignDestination.other_url)
    .outerjoin(CampaignDestination, CampaignDestination.campaign == Link.campaign)
)


def find_link(s: Session, code: str) -> LinkFound | None:
    """The link of a code, retired or not; None for a code that was never given out."""
    row = s.execute(_LINK.where(Link.code == code)).first()
    return found_link(tuple(row)) if row else None


@lru_cache(maxsize=16_384)
def found_link(row: tuple[Any, ...]) -> LinkFound:
    """From a row of the eight columns that name the link, when it was retired, and its three destinations.

    Remembered by the row itself, so that what changes in the database is another row.
    """
    code, campaign, location, area_path, timezone, channel, creative, measure, retired_at, *urls = row
    leads = Destination(*(url or "" for url in urls))
    placed = (code, campaign, location, area_path, timezone)
    return LinkFound(*placed, channel, creative, measure, retired_at is not None, leads)


def record_opening(s: Session, link: LinkFound, opening: Opening, at: datetime) -> str:
    """Keeps that a link was opened; returns the verdict: `person`, `machine`, `flood` or `test`."""
    at_ms = to_ms(at)
    tally = Tally.empty()
    verdict = _judge(s, link, opening, at_ms, tally)
    if insert_once(s, Scan, _row(s, link, opening, verdict, at_ms)):
        _count(tally, link, opening, verdict, at_ms)
        add_tally(s, tally)
    return verdict


def _row(s: Session, link: LinkFound, opening: Opening, verdict: str, at_ms: int) -> dict[str, object]:
    return {
        "opening": opening.opening,
        "stage": RESOLVED,
        "code": link.code,
        "area_path": link.area_path,
        "at": at_ms,
        "verdict": verdict,
        "reason": opening.reason,
        "family": opening.family,
        "language": opening.language,
        "to_store": int(opening.to_store),
    } | _who(s, link, opening, verdict, at_ms)


def _count(tally: Tally, link: LinkFound, opening: Opening, verdict: str, at_ms: int) -> None:
    for metric in metrics_of(RESOLVED, verdict, opening.to_store, link.channel):
        tally.add(cell_at(at_ms, link.timezone, what_of(link, link.area_path, metric, opening.language)))


def _judge(s: Session, link: LinkFound, opening: Opening, at_ms: int, tally: Tally) -> str:
    if opening.reason:
        return MACHINE
    return TEST if opening.test else _person_or_flood(s, link, opening, at_ms, tally)


def _who(s: Session, link: LinkFound, opening: Opening, verdict: str, at_ms: int) -> dict[str, object]:
    """What the opening adds to the day's sketch. It stays with its row, so that a flood takes its people with it."""
    day = local_hour(at_ms, link.timezone).day
    if verdict != PERSON or not opening.person or link.channel == SHARE:
        return {"local_date": day, "register": None, "rank": None}
    touched = touch(opening.person, salt_of(s, day))
    return {"local_date": day, "register": touched.register, "rank": touched.rank}


def record_stage(s: Session, link: LinkFound, opening: str, stage: str, at: datetime) -> bool:
    """Keeps that a person's opening went on to `landed` or `store`, once; False where it did not count."""
    resolved = s.get(Scan, (opening, RESOLVED))
    if resolved is None or resolved.code != link.code or resolved.verdict != PERSON:
        return False
    at_ms = to_ms(at)
    kept = {name: getattr(resolved, name) for name in _KEPT_OF_OPENING}
    if not insert_once(s, Scan, kept | {"stage": stage, "at": at_ms} | _LATER_STAGE):
        return False
    tally = Tally.empty()
    for metric in metrics_of(stage, PERSON, False, link.channel):
        tally.add(cell_at(at_ms, link.timezone, what_of(link, resolved.area_path, metric, resolved.language)))
    add_tally(s, tally)
    return True


def metrics_of(stage: str, verdict: str, to_store: bool, channel: str) -> tuple[str, ...]:
    """The metrics that one row of `scan` counts for. What was passed on in a chat is counted apart."""
    if verdict == MACHINE:
        return ("machines",)
    if verdict == TEST:
        return ()
    if verdict == FLOOD:
        return ("floods",) if stage == RESOLVED else ()
    if channel == SHARE:
        return _shared_metrics(stage, to_store)
    if stage == RESOLVED:
        return ("scans", "scan_stores") if to_store else ("scans",)
    return ("landings",) if stage == LANDED else ("landing_stores",)


def _shared_metrics(stage: str, to_store: bool) -> tuple[str, ...]:
    if stage == RESOLVED:
        return ("shared_scans", "shared_stores") if to_store else ("shared_scans",)
    return ("shared_stores",) if stage == STORE else ()


def what_of(link: LinkFound, area_path: str, metric: str, language: str) -> What:
    """What an opening of this link counts as."""
    placed = (link.location, area_path, link.campaign, link.creative)
    return What(metric, *placed, language, "", link.channel, link.measure)


def _person_or_flood(s: Session, link: LinkFound, opening: Opening, at_ms: int, tally: Tally) -> str:
    """Whether this minute of this code is still people; the opening that is one too many turns all of it."""
    if link.channel in BURSTING:
        return PERSON
    minute = at_ms // MINUTE_MS * MINUTE_MS
    within = (Scan.code == link.code, Scan.at >= minute, Scan.at < minute + MINUTE_MS)
    turned = s.scalar(select(Scan.opening).where(*within, Scan.verdict == FLOOD).limit(1))
    if turned is not None:
        return FLOOD
    people = s.scalar(select(func.count()).where(*within, Scan.stage == RESOLVED, Scan.verdict == PERSON)) or 0
    if people < MOST_A_MINUTE:
        return PERSON
    _turn_to_flood(s, link, minute, tally)
    return FLOOD


def _turn_to_flood(s: Session, link: LinkFound, minute: int, tally: Tally) -> None:
    """Takes back what this minute had counted; the rest of the location's numbers stand."""
    within = (Scan.code == link.code, Scan.at >= minute, Scan.at < minute + MINUTE_MS, Scan.verdict == PERSON)
    for row in s.scalars(select(Scan).where(*within)):
        for metric in metrics_of(row.stage, PERSON, bool(row.to_store), link.channel):
            tally.add(cell_at(row.at, link.timezone, what_of(link, row.area_path, metric, row.language)), -1)
        for metric in metrics_of(row.stage, FLOOD, bool(row.to_store), link.channel):
            tally.add(cell_at(row.at, link.timezone, what_of(link, row.area_path, metric, row.language)))
    s.execute(update(Scan).where(*within).values(verdict=FLOOD).execution_options(synchronize_session=False))
