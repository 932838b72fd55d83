"""Phones that open codes at one moment: recorded together, in few statements, each as if it had come alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import lru_cache
from typing import NamedTuple

from sqlalchemy.orm import Session

from core.db import to_ms
from measure.channels import SHARE
from measure.hll import touch
from measure.hours import LocalHour, local_hour
from measure.metrics import Cell, Tally, What
from measure.models import Scan
from measure.rows import of_keys, put
from measure.scans import (
    BURSTING,
    MACHINE,
    MINUTE_MS,
    MOST_A_MINUTE,
    PERSON,
    RESOLVED,
    LinkFound,
    Opening,
    found_link,
    metrics_of,
    record_opening,
    what_of,
)
from measure.uniques import salt_of
from measure.writes import add_tally

_LINKS = """SELECT link.code, link.campaign, link.location, link.area_path, link.timezone, link.channel, link.creative,
    link.measure, link.retired_at, leads.android_url, leads.ios_url, leads.other_url
    FROM link LEFT JOIN campaign_destination AS leads ON leads.campaign = link.campaign WHERE link.code IN {keys}"""
_BEFORE = f"""SELECT code, at / {MINUTE_MS}, count(*), max(CASE verdict WHEN 'flood' THEN 1 ELSE 0 END) FROM scan
    WHERE code IN {{keys}} AND at >= {{mark}} AND stage = 'resolved' AND verdict IN ('person', 'flood')
    GROUP BY code, at / {MINUTE_MS}"""
_SCAN = (
    "opening", "stage", "code", "area_path", "at", "verdict", "reason", "family", "language", "to_store", "local_date",
    "register", "rank",
)  # fmt: skip


class Scanned(NamedTuple):
    """A phone has opened a code; whether there is a link behind it is still to be seen."""

    code: str
    opening: Opening
    at: datetime


class _Led(NamedTuple):
    """A phone that is led on to its store; its moment is a code and a minute since 1970."""

    link: LinkFound
    opening: Opening
    at: datetime
    at_ms: int

    @property
    def moment(self) -> tuple[str, int]:
        return self.link.code, self.at_ms // MINUTE_MS


def record_scans(s: Session, scanned: Sequence[Scanned]) -> list[LinkFound | None]:
    """Keeps what many phones opened at one moment, in shared statements; the links that lead them to their stores.

    None, and nothing kept, where a code was never given out or its campaign names no store for that phone.
    """
    links = {row[0]: found_link(tuple(row)) for row in of_keys(s, _LINKS, sorted({one.code for one in scanned}))}
    found = [_leading(links.get(one.code), one.opening) for one in scanned]
    led = [_Led(link, one.opening, one.at, to_ms(one.at)) for link, one in zip(found, scanned, strict=True) if link]
    crowded = _crowded(s, led)
    for each in led:
        if crowded and each.moment in crowded:
            record_opening(s, each.link, replace(each.opening, to_store=True), each.at)
    _record_quiet(s, [each for each in led if not crowded or each.moment not in crowded])
    return found


def _leading(link: LinkFound | None, opening: Opening) -> LinkFound | None:
    return link if link is not None and link.destination.of(opening.family) else None


def _crowded(s: Session, led: Iterable[_Led]) -> set[tuple[str, int]]:
    """Codes and minutes in which these openings may be too many, or some were before: each is judged by itself."""
    coming = Counter(each.moment for each in led if each.link.channel not in BURSTING and not each.opening.reason)
    if not coming:
        return set()
    since = min(minute for _, minute in coming) * MINUTE_MS
    rows = of_keys(s, _BEFORE, sorted({code for code, _ in coming}), since)
    before = {(code, minute): MOST_A_MINUTE if flooded else n for code, minute, n, flooded in rows}
    return {moment for moment, n in coming.items() if before.get(moment, 0) + n > MOST_A_MINUTE}


def _record_quiet(s: Session, led: Sequence[_Led]) -> None:
    """Openings of which none can be of a flood."""
    salts: dict[date, bytes] = {}
    rows, tally = [], Tally.empty()
    for each in led:
        hour = local_hour(each.at_ms, each.link.timezone)
        if hour.day not in salts:
            salts[hour.day] = salt_of(s, hour.day)
        verdict = MACHINE if each.opening.reason else PERSON
        rows.append(_row(each, verdict, hour, salts[hour.day]))
        for what in _counted_as(each.link, verdict, each.opening.language):
            tally.add(Cell(hour.start_ms, hour.day, what))
    put(s, Scan, _SCAN, rows)
    add_tally(s, tally)


@lru_cache(maxsize=16_384)
def _counted_as(link: LinkFound, verdict: str, language: str) -> tuple[What, ...]:
    metrics = metrics_of(RESOLVED, verdict, True, link.channel)
    return tuple(what_of(link, link.area_path, metric, language) for metric in metrics)


def _row(each: _Led, verdict: str, hour: LocalHour, salt: bytes) -> tuple[object, ...]:
    """As `_SCAN` names it. A person adds to the day's sketch, but not one who was sent the link by another."""
    link, one = each.link, each.opening
    seen = verdict == PERSON and one.person and link.channel != SHARE
    touched = touch(one.person, salt) if seen else (None, None)
    what = (verdict, one.reason, one.family, one.language, 1, hour.day.isoformat())
    return (one.opening, RESOLVED, link.code, link.area_path, each.at_ms, *what, *touched)
