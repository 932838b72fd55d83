"""Tracked links: one code for each location, campaign and creative or channel."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby, islice
from operator import attrgetter

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from core.ids import new_code
from core.paths import below
from measure.channels import SCREEN, SHARE
from measure.models import CampaignDestination, Link
from measure.names import Named, remember
from measure.rows import put_in_place
from measure.stores import Destination
from measure.writes import insert_all, insert_new

DEFAULT_TIMEZONE = "Asia/Ho_Chi_Minh"
LinkKey = tuple[str, str, str]
_Identity = tuple[str, str, str, int]


@dataclass(frozen=True, slots=True)
class LinkWant:
    """A link that there should be. An empty `location_id` stands for a channel that is nowhere in particular."""

    location_id: str
    location_name: str
    area_path: str
    campaign_id: str
    campaign_name: str
    creative_id: str | None
    creative_name: str | None
    channel: str
    measure: int
    destination: Destination
    timezone: str = DEFAULT_TIMEZONE

    @property
    def identity(self) -> _Identity:
        """What makes this link another one than its neighbours' within a campaign."""
        return (self.location_id, self.channel, self.creative_id or "", self.measure)


def ensure_links(s: Session, wants: Sequence[LinkWant], now: datetime) -> dict[LinkKey, str]:
    """Makes the links that are missing, and leads all links of these campaigns to their destinations.

    Returns (location, campaign, creative or channel) -> code for every want.
    """
    found: dict[LinkKey, str] = {}
    for campaign, group in groupby(sorted(wants, key=attrgetter("campaign_id")), attrgetter("campaign_id")):
        found |= _ensure_campaign(s, campaign, list(group), now)
    remember(s, _names(wants), now)
    return found


def _ensure_campaign(s: Session, campaign: str, wants: list[LinkWant], now: datetime) -> dict[LinkKey, str]:
    set_destination(s, campaign, wants[-1].destination)
    held = _held(s, campaign)
    missing = {want.identity: want for want in wants if want.identity not in held}
    codes = _fresh_codes(s, len(missing))
    insert_all(s, Link, [_row(want, next(codes), now) for want in missing.values()])
    held |= _held(s, campaign) if missing else {}
    _move(s, campaign, {want.location_id: (want.area_path, want.timezone) for want in wants})
    return {(want.location_id, campaign, want.creative_id or want.channel): held[want.identity] for want in wants}


def _held(s: Session, campaign: str) -> dict[_Identity, str]:
    rows = s.execute(
        select(Link.location, Link.channel, Link.creative, Link.measure, Link.code).where(
            Link.campaign == campaign, Link.shared_from == ""
        )
    )
    return {(location, channel, creative, measure): code for location, channel, creative, measure, code in rows}


def _move(s: Session, campaign: str, places: Mapping[str, tuple[str, str]]) -> None:
    """A location that has moved to another area takes its links along; what they counted stays where it was."""
    known = select(Link.location, Link.area_path, Link.timezone).where(Link.campaign == campaign).distinct()
    for location, *known_place in s.execute(known).all():
        place = places.get(location)
        if place is not None and place != tuple(known_place):
            mine = (Link.campaign == campaign, Link.location == location)
            s.execute(update(Link).where(*mine).values(area_path=place[0], timezone=place[1]))


def _row(want: LinkWant, code: str, now: datetime) -> dict[str, object]:
    return {
        "code": code,
        "campaign": want.campaign_id,
        "location": want.location_id,
        "area_path": want.area_path,
        "timezone": want.timezone,
        "channel": want.channel,
        "creative": want.creative_id or "",
        "measure": want.measure,
        "shared_from": "",
        "created_at": now,
        "retired_at": None,
    }


def _names(wants: Iterable[LinkWant]) -> Iterator[Named]:
    for want in wants:
        yield Named("location", want.location_id, want.location_name)
        yield Named("campaign", want.campaign_id, want.campaign_name)
        yield Named("creative", want.creative_id or "", want.creative_name or "")


def _fresh_codes(s: Session, count: int) -> Iterator[str]:
    """That many codes, none of which is in use. Random ones hardly ever meet, and the check is cheap."""
    fresh: set[str] = set()
    while len(fresh) < count:
        made = {new_code() for _ in range(count - len(fresh))}
        fresh |= made - _taken(s, made)
    return iter(fresh)


def _taken(s: Session, codes: Iterable[str]) -> set[str]:
    rest, taken = iter(codes), set[str]()
    while some := list(islice(rest, 500)):
        taken |= set(s.scalars(select(Link.code).where(Link.code.in_(some))))
    return taken


_CODES_AT = (  # made once: a fleet that has just come up asks for every location
    select(Link.campaign, Link.creative, Link.channel, Link.code)
    .where(Link.location == bindparam("location"), Link.shared_from == "", Link.retired_at.is_(None))
    .order_by(Link.channel == SCREEN, Link.code)
)


def codes_for(s: Session, location_id: str) -> dict[LinkKey, str]:
    """The codes in use at a location: (location, campaign, creative or channel) -> code.

    Where a creative has a code for screens and another for a second channel, the screens' is given.
    """
    rows = s.execute(_CODES_AT, {"location": location_id})
    return {(location_id, campaign, creative or channel): code for campaign, creative, channel, code in rows}


def links_of(
    s: Session,
    under: Iterable[str],
    *,
    campaign: str | None = None,
    location: str | None = None,
    after: str | None = None,
    limit: int | None = None,
) -> list[Link]:
    """Links within these area paths by code, retired ones too; those that were passed on are left out."""
    query = select(Link).where(below(Link.area_path, under), Link.shared_from == "")
    for column, wanted in ((Link.campaign, campaign), (Link.location, location)):
        query = query if wanted is None else query.where(column == wanted)
    query = query if after is None else query.where(Link.code > after)
    return list(s.scalars(query.order_by(Link.code).limit(limit)))


def links_by_code(s: Session, codes: Sequence[str]) -> list[Link]:
    """The links of these codes, in their order."""
    found: dict[str, Link] = {}
    rest = iter(codes)
    while some := list(islice(rest, 500)):
        found |= {row.code: row for row in s.scalars(select(Link).where(Link.code.in_(some)))}
    return [found[code] for code in codes]


def set_destination(s: Session, campaign: str, destination: Destination) -> None:
    """Leads every link of a campaign, also those made earlier, to this destination."""
    columns = ("campaign", "android_url", "ios_url", "other_url")
    row = (campaign, destination.android_url, destination.ios_url, destination.other_url)
    put_in_place(s, CampaignDestination, columns, [row])


def retire(s: Session, codes: Sequence[str], now: datetime) -> None:
    """Takes links out of use. Whoever still opens one is led to the campaign all the same."""
    s.execute(update(Link).where(Link.code.in_(codes), Link.retired_at.is_(None)).values(retired_at=now))


def share_code(s: Session, parent: Link, now: datetime) -> str:
    """The code that is passed on from a link: its own, so that a chat does not swell a location's count."""
    if parent.channel == SHARE:
        return parent.code
    known = select(Link.code).where(Link.campaign == parent.campaign, Link.shared_from == parent.code)
    if code := s.scalar(known):
        return code
    kept = ("campaign", "location", "area_path", "timezone", "creative", "measure")
    row = {name: getattr(parent, name) for name in kept}
    code = next(_fresh_codes(s, 1))
    row |= {"code": code, "channel": SHARE, "shared_from": parent.code, "created_at": now, "retired_at": None}
    insert_new(s, Link, [row])
    return s.scalars(known).one()
