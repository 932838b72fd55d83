"""Publishing: one line in the log, the links it needs, and word to all who keep a copy of the world."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from core.errors import Forbidden, NotFound
from core.snapshot import Generation
from measure.links import LinkWant, ensure_links
from measure.stores import Destination
from people.actions import audit
from people.roles import Principal
from places.models import Location
from playlists import programme, queries, snapshots
from playlists.library import creative_names
from playlists.models import Campaign, Publication, Takeover
from playlists.reach import NOWHERE, Reach, media_of, reach_of, reach_of_area, spots_at
from playlists.snapshots import Doc
from playlists.targets import Target, inside, matches

PROGRAMME = "programme"
SCREEN_MEASURE, SPLASH_MEASURE = 10, 5


@dataclass(frozen=True, slots=True)
class Published:
    """What a publication did: its line in the log, and the spots whose programme it may have changed."""

    seq: int
    reach: Reach


def announce(s: Session) -> None:
    """Tells every process that what is played has changed."""
    Generation().bump(s, PROGRAMME)


def publish(
    s: Session,
    action: str,
    kind: str,
    ref: str,
    doc: Doc | None,
    *,
    name: str,
    area_path: str,
    by: Principal,
    now: datetime,
) -> Published:
    """Adds the line, and makes the links of what is live from now on."""
    before = queries.latest(s, kind, ref)
    line = Publication(
        at=now,
        by=by.id,
        by_name=by.name,
        action=action,
        kind=kind,
        ref=ref,
        name=name,
        area_path=area_path,
        snapshot=doc,
    )
    s.add(line)
    s.flush()
    if kind == "campaign" and doc and doc["status"] == queries.LIVE:
        _link(s, snapshots.campaign_of(doc), now)
    announce(s)
    audit(s, by, f"{kind}.{action}", kind, ref, area_path, {"publication": line.seq}, now=now)
    return Published(line.seq, _reach(kind, before.snapshot if before else None) | _reach(kind, doc))


def _reach(kind: str, doc: Doc | None) -> Reach:
    if doc is None:
        return NOWHERE
    if kind == "campaign":
        return reach_of(snapshots.campaign_of(doc))
    return reach_of_area(doc["area"] if kind == "holiday" else doc["code"] if doc["scope"] == "area" else "")


def _link(s: Session, campaign: programme.Campaign, now: datetime) -> None:
    """A code for each creative at each location whose screens it reaches, and one for each splash."""
    names = creative_names(s, {name for row in campaign.placements for name in row.creatives})
    wants: dict[object, LinkWant] = {}
    for row in campaign.placements:
        for place, spots in queries.reached(s, row.target, campaign.owner_path):
            for want in _wants(campaign, row, place, media_of(spots), names):
                wants[want.identity] = want
    ensure_links(s, list(wants.values()), now)


def _wants(
    campaign: programme.Campaign,
    row: programme.Placement,
    place: Location,
    media: frozenset[str],
    names: dict[str, str],
) -> Iterator[LinkWant]:
    leads = Destination(**dict(campaign.destination))
    for creative in row.creatives if "screen" in media else ():
        yield _want(place, (campaign.id, campaign.name), (creative, names.get(creative)), leads)
    if "splash" in media:
        yield _want(place, (campaign.id, campaign.name), None, leads)


def _want(
    place: Location, whose: tuple[str, str], shown: tuple[str, str | None] | None, leads: Destination
) -> LinkWant:
    """A code at a place: for a creative on its screens, or for its splash; ids come with their names."""
    return LinkWant(
        place.code,
        place.name,
        place.area_path,
        whose[0],
        whose[1],
        shown[0] if shown else None,
        shown[1] if shown else None,
        "screen" if shown else "splash",
        SCREEN_MEASURE if shown else SPLASH_MEASURE,
        leads,
        place.timezone,
    )


def ensure_links_for_location(s: Session, location: Location, now: datetime) -> None:
    """Makes the links that what is live needs at a location: a screen or a hotspot has come up there."""
    world = queries.load_world(s)
    names = creative_names(s, set(world.creatives))
    spots = spots_at(location)
    wants: dict[object, LinkWant] = {}
    for campaign in world.campaigns:
        if campaign.ends_at <= now or not inside(location.area_path, campaign.owner_path):
            continue
        for row in campaign.placements:
            hit = [one for one in spots if matches(row.target, one)]
            for want in _wants(campaign, row, location, media_of(hit), names) if hit else ():
                wants[(campaign.id, want.identity)] = want
    ensure_links(s, list(wants.values()), now)


def link_takeover(s: Session, made: Takeover, target: Target, now: datetime) -> None:
    """Codes for a takeover's creative: they lead where the newest live campaign leads, and are counted apart."""
    live = sorted(queries.load_world(s).campaigns, key=lambda one: (one.starts_at, one.id))
    leads = Destination(**dict(live[-1].destination)) if live else Destination()
    name = creative_names(s, {made.creative_id})[made.creative_id]
    reached = [place for place, spots in queries.reached(s, target, made.owner_path) if "screen" in media_of(spots)]
    ensure_links(s, [_want(place, (made.id, made.reason), (made.creative_id, name), leads) for place in reached], now)


def restore(s: Session, seq: int, *, by: Principal, now: datetime) -> list[Published]:
    """Goes back to what was published after line ``seq``, in the areas where the principal may approve.

    The log is not rewritten: each difference becomes a new line, so this can itself be gone back on.
    Raises NotFound if there is no such line, Forbidden if the principal may approve nowhere.
    """
    if seq != 0 and queries.publication(s, seq) is None:
        raise NotFound(f"There is no publication {seq}")
    if not by.scope("approver"):
        raise Forbidden("This needs the role approver")
    then = {(line.kind, line.ref): line for line in queries.published(s, seq=seq)}
    changed = [line for line in _changed(queries.published(s), then) if by.allows("approver", line.area_path)]
    return [_put_back(s, line, then.get((line.kind, line.ref)), by, now) for line in changed]


def _changed(lines: Iterable[Publication], then: dict[tuple[str, str], Publication]) -> list[Publication]:
    def doc(line: Publication | None) -> Doc | None:
        return line.snapshot if line else None

    return [line for line in lines if doc(line) != doc(then.get((line.kind, line.ref)))]


def _put_back(s: Session, line: Publication, old: Publication | None, by: Principal, now: datetime) -> Published:
    doc = old.snapshot if old else None
    done = publish(s, "restore", line.kind, line.ref, doc, name=line.name, area_path=line.area_path, by=by, now=now)
    if line.kind == "campaign" and (row := queries.campaign(s, line.ref)):
        row.standing = STANDINGS[doc["status"]] if doc else "unpublished"
        row.published_seq = done.seq
        row.status = "approved" if doc and _same(row, doc) else "draft"
        row.updated_at = now
        s.flush()
    return done


STANDINGS = {"approved": "live", "paused": "paused", "ended": "ended"}


def _same(row: Campaign, doc: Doc) -> bool:
    return snapshots.campaign_doc(queries.plan(row, doc["status"])) == doc
