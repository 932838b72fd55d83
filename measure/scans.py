"""Openings of tracked links: who opened them, what counts as a scan, and what is put aside as a flood."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Row, bindparam, case, func, select, update
from sqlalchemy.orm import Session

from core.db import to_ms
from measure.channels import SHARE
from measure.hll import touch
from measure.hours import local_hour
from measure.metrics import Tally, What, cell_at
from measure.models import CampaignDestination, Link, Scan
from measure.stores import Destination
from measure.uniques import salt_of
from measure.writes import add_tally, insert_all, insert_once

MINUTE_MS = 60_000
# More people than this cannot stand before one code in a minute; somebody is opening it by program.
MOST_A_MINUTE = 60
# These reach thousands at one moment, so a burst is what they are for.
_BURSTING = frozenset({SHARE, "zalo", "sms", "press", "loudspeaker", "school", "youth-union", "women-union"})

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


# Statements of the busy path are built once.
_LINKS = (
    select(Link.code, Link.campaign, Link.location, Link.area_path, Link.timezone, Link.channel, Link.creative)
    .add_columns(Link.measure, Link.retired_at)
    .add_columns(CampaignDestination.android_url, CampaignDestination.ios_url, CampaignDestination.other_url)
    .outerjoin(CampaignDestination, CampaignDestination.campaign == Link.campaign)
    .where(Link.code.in_(bindparam("codes", expanding=True)))
)
_MINUTE = (Scan.at // MINUTE_MS).label("minute")
_BEFORE = (
    select(Scan.code, _MINUTE, func.count(), func.max(case((Scan.verdict == FLOOD, 1), else_=0)))
    .where(Scan.code.in_(bindparam("codes", expanding=True)), Scan.at >= bindparam("since"))
    .where(Scan.stage == RESOLVED, Scan.verdict.in_((PERSON, FLOOD)))
    .group_by(Scan.code, _MINUTE)
)


def find_link(s: Session, code: str) -> LinkFound | None:
    """The link of a code, retired or not; None for a code that was never given out."""
    return find_links(s, [code]).get(code)


def find_links(s: Session, codes: Collection[str]) -> dict[str, LinkFound]:
    """The links of those codes that were given out."""
    return {row.code: _found(row) for row in s.execute(_LINKS, {"codes": list(codes)})}


def _found(row: Row[Any]) -> LinkFound:
    return LinkFound(
        row.code,
        row.campaign,
        row.location,
        row.area_path,
        row.timezone,
        row.channel,
        row.creative,
        row.measure,
        row.retired_at is not None,
        Destination(row.android_url or "", row.ios_url or "", row.other_url or ""),
    )


def record_opening(s: Session, link: LinkFound, opening: Opening, at: datetime) -> str:
    """Keeps that a link was opened; returns the verdict: `person`, `machine`, `flood` or `test`."""
    at_ms = to_ms(at)
    tally = Tally.empty()
    verdict = _judge(s, link, opening, at_ms, tally)
    if insert_once(s, Scan, _row(link, opening, verdict, at_ms, Salts(s))):
        _count(tally, link, opening, verdict, at_ms)
        add_tally(s, tally)
    return verdict


class Scanned(NamedTuple):
    """A phone has opened a code; whether there is a link behind it is still to be seen."""

    code: str
    opening: Opening
    at: datetime


def record_scans(s: Session, scanned: Sequence[Scanned]) -> list[LinkFound | None]:
    """Keeps what many phones opened at one moment, in shared statements; the links that lead them to their stores.

    None, and nothing kept, where a code was never given out or its campaign names no store for that phone.
    """
    links = find_links(s, {one.code for one in scanned})
    found = [_leading(links.get(one.code), one.opening) for one in scanned]
    known = [
        (link, replace(one.opening, to_store=True), one.at)
        for link, one in zip(found, scanned, strict=True)
        if link is not None
    ]
    crowded = _crowded(s, known)
    for link, opening, at in known:
        if _moment(link, at) in crowded:
            record_opening(s, link, opening, at)
    _record_quiet(s, [one for one in known if _moment(one[0], one[2]) not in crowded])
    return found


Opened = tuple[LinkFound, Opening, datetime]
Moment = tuple[str, int]  # a code and a minute


def _leading(link: LinkFound | None, opening: Opening) -> LinkFound | None:
    return link if link is not None and link.destination.of(opening.family) else None


def _moment(link: LinkFound, at: datetime) -> Moment:
    return link.code, to_ms(at) // MINUTE_MS


def _crowded(s: Session, opened: Iterable[Opened]) -> set[Moment]:
    """Codes and minutes in which these openings may be too many, or some were before: each is judged by itself."""
    coming = Counter(_moment(link, at) for link, one, at in opened if link.channel not in _BURSTING and not one.reason)
    if not coming:
        return set()
    codes, since = list({code for code, _ in coming}), min(minute for _, minute in coming) * MINUTE_MS
    rows = s.execute(_BEFORE, {"codes": codes, "since": since})
    before = {(code, at): MOST_A_MINUTE if flooded else n for code, at, n, flooded in rows}
    return {moment for moment, n in coming.items() if before.get(moment, 0) + n > MOST_A_MINUTE}


def _record_quiet(s: Session, opened: Sequence[Opened]) -> None:
    """Openings of which none can be of a flood."""
    rows, tally, salts = [], Tally.empty(), Salts(s)
    for link, opening, at in opened:
        verdict, at_ms = MACHINE if opening.reason else PERSON, to_ms(at)
        rows.append(_row(link, opening, verdict, at_ms, salts))
        _count(tally, link, opening, verdict, at_ms)
    if rows:
        insert_all(s, Scan, rows)
        add_tally(s, tally)


class Salts:
    """The salts of the days that a batch touches, each read once."""

    def __init__(self, s: Session) -> None:
        self._s = s
        self._known: dict[date, bytes] = {}

    def of(self, day: date) -> bytes:
        """The day's salt."""
        if day not in self._known:
            self._known[day] = salt_of(self._s, day)
        return self._known[day]


def _row(link: LinkFound, opening: Opening, verdict: str, at_ms: int, salts: Salts) -> dict[str, object]:
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
    } | _who(link, opening, verdict, at_ms, salts)


def _count(tally: Tally, link: LinkFound, opening: Opening, verdict: str, at_ms: int) -> None:
    for metric in metrics_of(RESOLVED, verdict, opening.to_store, link.channel):
        tally.add(cell_at(at_ms, link.timezone, _what(link, link.area_path, metric, opening.language)))


def _judge(s: Session, link: LinkFound, opening: Opening, at_ms: int, tally: Tally) -> str:
    if opening.reason:
        return MACHINE
    return TEST if opening.test else _person_or_flood(s, link, opening, at_ms, tally)


def _who(link: LinkFound, opening: Opening, verdict: str, at_ms: int, salts: Salts) -> dict[str, object]:
    """What the opening adds to the day's sketch. It stays with its row, so that a flood takes its people with it."""
    day = local_hour(at_ms, link.timezone).day
    if verdict != PERSON or not opening.person or link.channel == SHARE:
        return {"local_date": day, "register": None, "rank": None}
    touched = touch(opening.person, salts.of(day))
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
        tally.add(cell_at(at_ms, link.timezone, _what(link, resolved.area_path, metric, resolved.language)))
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


def _what(link: LinkFound, area_path: str, metric: str, language: str) -> What:
    placed = (link.location, area_path, link.campaign, link.creative)
    return What(metric, *placed, language, "", link.channel, link.measure)


def _person_or_flood(s: Session, link: LinkFound, opening: Opening, at_ms: int, tally: Tally) -> str:
    """Whether this minute of this code is still people; the opening that is one too many turns all of it."""
    if link.channel in _BURSTING:
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
            tally.add(cell_at(row.at, link.timezone, _what(link, row.area_path, metric, row.language)), -1)
        for metric in metrics_of(row.stage, FLOOD, bool(row.to_store), link.channel):
            tally.add(cell_at(row.at, link.timezone, _what(link, row.area_path, metric, row.language)))
    s.execute(update(Scan).where(*within).values(verdict=FLOOD).execution_options(synchronize_session=False))
