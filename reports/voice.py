"""Share of voice: what each campaign was to get of the screens' plays, and what it got."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import msgspec
from sqlalchemy.orm import Session

from core.paths import ROOT, within_any
from measure.hour_queries import campaign_plays
from measure.names import latest_names
from places.models import DEFAULT_TIMEZONE
from playlists.index import index_of
from playlists.programme import Spot
from playlists.queries import load_world
from playlists.simulate import simulate_spot
from signage.board import card_of
from signage.queries import all_hung_facts

MOST_DAYS = 7


class Voice(msgspec.Struct, frozen=True):
    """A campaign's plays and its share of all plays (a fraction; None where nothing played or was to play).

    An empty `campaign` stands for what belongs to none: the fallback notice, and takeovers.
    """

    campaign: str
    name: str
    planned: int
    planned_share: float | None
    delivered: int
    delivered_share: float | None


class Voices(msgspec.Struct, frozen=True):
    """Of these days, both included: the last MOST_DAYS of those asked for."""

    first: date
    last: date
    items: list[Voice]


def voices(s: Session, first: date, last: date, *, under: Sequence[str] = (ROOT,), now: datetime) -> Voices:
    """What was planned, for players that are on all day, beside what was played, by campaign.

    The plan of a day is the programme as it stood published at noon of that day, or now if noon is to come.
    """
    first = max(first, last - timedelta(days=MOST_DAYS - 1))
    spots = [card_of(row).spot for row in all_hung_facts(s) if within_any(row.area_path, under)]
    planned: Counter[str] = Counter()
    for back in range((last - first).days + 1):
        planned.update(_plan(s, spots, first + timedelta(days=back), now))
    delivered = campaign_plays(s, first, last, under=under)
    names = latest_names(s, (("campaign", each) for each in planned.keys() | delivered.keys()))
    rows = [
        Voice(
            each,
            names.get(("campaign", each), each),
            planned[each],
            _share(planned[each], planned.total()),
            delivered.get(each, 0),
            _share(delivered.get(each, 0), sum(delivered.values())),
        )
        for each in planned.keys() | delivered.keys()
    ]
    return Voices(first, last, sorted(rows, key=lambda row: (-row.planned, -row.delivered, row.campaign)))


def _plan(s: Session, spots: Sequence[Spot], day: date, now: datetime) -> Counter[str]:
    """Screens whose programme depends on the same things play the same, so one of each kind is simulated."""
    noon = datetime.combine(day, time(12), ZoneInfo(DEFAULT_TIMEZONE))
    world = load_world(s, min(noon, now))
    index = index_of(world)
    alike: dict[object, list[Spot]] = {}
    for spot in spots:
        alike.setdefault((index.profile(spot), spot.timezone), []).append(spot)
    planned: Counter[str] = Counter()
    for one, *others in alike.values():
        for campaign, part in simulate_spot(world, one, day).planned.items():
            planned[campaign if campaign.startswith("cmp_") else ""] += part.plays * (1 + len(others))
    return planned


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
