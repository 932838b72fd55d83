"""The only SQL of this room. Nothing here commits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from core.ids import new_id
from core.paths import ROOT, below
from measure.models import VisitEvent
from places.models import Location
from portal.health import MOST_KEPT_DAYS, Health, judge
from portal.models import Hotspot, HotspotDay, HotspotLogo, PendingGrant, TermsAccepted, TermsVersion, ViewGap
from portal.pending import Waiting


def hotspot(s: Session, code: str) -> Hotspot | None:
    """The hotspot of that code, open or closed."""
    return s.get(Hotspot, code)


def hotspots(
    s: Session, *, under: Sequence[str] = (ROOT,), location: str | None = None
) -> list[tuple[Hotspot, Location]]:
    """Open hotspots with their locations, within any of the area paths, in order of code."""
    wanted = select(Hotspot, Location).join(Location, Location.code == Hotspot.location_code)
    wanted = wanted.where(Hotspot.closed_at.is_(None), below(Location.area_path, under))
    if location is not None:
        wanted = wanted.where(Hotspot.location_code == location)
    return [(row[0], row[1]) for row in s.execute(wanted.order_by(Hotspot.code))]


def day(s: Session, code: str, on: date) -> HotspotDay | None:
    """How the hotspot fared on that local day."""
    return s.get(HotspotDay, (code, on))


def days(s: Session, code: str, since: date) -> list[HotspotDay]:
    """The hotspot's days from `since` on, oldest first."""
    wanted = select(HotspotDay).where(HotspotDay.hotspot_code == code, HotspotDay.day >= since)
    return list(s.scalars(wanted.order_by(HotspotDay.day)))


def health(s: Session, code: str, timezone: str, now: datetime) -> Health:
    """How an open hotspot fares on this day of its location."""
    today = now.astimezone(ZoneInfo(timezone)).date()
    return judge(days(s, code, today - timedelta(days=MOST_KEPT_DAYS)), today, now)


def healths(s: Session, zones: Mapping[str, str], now: datetime) -> dict[str, Health]:
    """The same of many hotspots with one look: `zones` is the time zone of each, by code."""
    today = {code: now.astimezone(ZoneInfo(zone)).date() for code, zone in zones.items()}
    since = min(today.values(), default=now.date()) - timedelta(days=MOST_KEPT_DAYS)
    lived: dict[str, list[HotspotDay]] = {code: [] for code in zones}
    for one in s.scalars(select(HotspotDay).where(HotspotDay.hotspot_code.in_(lived), HotspotDay.day >= since)):
        lived[one.hotspot_code].append(one)
    return {code: judge(days, today[code], now) for code, days in lived.items()}


def keep_gap(s: Session, since: datetime, until: datetime) -> None:
    """Between these moments views may be missing."""
    s.add(ViewGap(id=new_id("vgp"), since=since, until=until))


def gaps(s: Session, since: datetime) -> list[ViewGap]:
    """The times since then for which views may be missing, at any hotspot; the latest first."""
    return list(s.scalars(select(ViewGap).where(ViewGap.until >= since).order_by(ViewGap.until.desc())))


def forget_gaps(s: Session, before: datetime) -> None:
    """Those that ended before."""
    s.execute(delete(ViewGap).where(ViewGap.until < before))


def terms_versions(s: Session, code: str) -> list[TermsVersion]:
    """Every wording of the terms that travellers have been shown, the newest first."""
    wanted = select(TermsVersion).where(TermsVersion.hotspot_code == code)
    return list(s.scalars(wanted.order_by(TermsVersion.version.desc())))


def keep_clock(s: Session, code: str, on: date, ahead_s: int) -> None:
    """By how much a gateway's clock was ahead, unless it was nearer to ours on that day: a page that lay open for a
    while before it was loaded says too much, never too little."""
    today = _the_day(s, code, on)
    if today.clock_ahead_s is None or abs(ahead_s) < abs(today.clock_ahead_s):
        today.clock_ahead_s = ahead_s


def logo(s: Session, hotspot: Hotspot) -> HotspotLogo | None:
    """The logo that its splash shows."""
    found = s.get(HotspotLogo, (hotspot.code, hotspot.logo_version))
    return found if found and found.data else None


def logos(s: Session) -> dict[str, HotspotLogo]:
    """The logo of each hotspot that shows one, by its code."""
    shown = (HotspotLogo.hotspot_code == Hotspot.code) & (HotspotLogo.version == Hotspot.logo_version)
    found = select(HotspotLogo).join(Hotspot, shown).where(Hotspot.closed_at.is_(None), HotspotLogo.data.is_not(None))
    return {row.hotspot_code: row for row in s.scalars(found)}


def _the_day(s: Session, code: str, on: date) -> HotspotDay:
    row = s.get(HotspotDay, (code, on))
    if row is None:
        row = HotspotDay(hotspot_code=code, day=on)
        s.add(row)
        s.flush()
    return row


def add_to_day(s: Session, code: str, on: date, counts: Mapping[str, int], seen: datetime) -> None:
    """Adds to a day's counts, making the row where there is none."""
    _the_day(s, code, on)
    changes = {getattr(HotspotDay, name): getattr(HotspotDay, name) + n for name, n in counts.items()}
    changes[HotspotDay.last_seen_at] = seen
    s.execute(update(HotspotDay).where(HotspotDay.hotspot_code == code, HotspotDay.day == on).values(changes))


def add_acceptance(s: Session, code: str, version: int, language: str, hour: datetime, n: int) -> None:
    """Adds to how often terms were accepted in an hour."""
    mine = {"hotspot_code": code, "version": version, "language": language, "hour": hour}
    if s.get(TermsAccepted, tuple(mine.values())) is None:
        s.add(TermsAccepted(**mine, n=0))
        s.flush()
    s.execute(update(TermsAccepted).filter_by(**mine).values(n=TermsAccepted.n + n))


def acceptances(s: Session, code: str) -> list[TermsAccepted]:
    """How often each wording was accepted, by language and hour."""
    wanted = select(TermsAccepted).where(TermsAccepted.hotspot_code == code)
    return list(s.scalars(wanted.order_by(TermsAccepted.hour, TermsAccepted.language)))


def keep_pending(s: Session, grant: Waiting, sealed: str, now: datetime) -> None:
    """Keeps a grant that a gateway has still to fetch."""
    s.merge(
        PendingGrant(
            id=grant.id,
            hotspot_code=grant.hotspot,
            queue=grant.queue,
            sealed=sealed,
            created_at=now,
            expires_at=grant.until,
        )
    )


def is_granted(s: Session, visit_id: str) -> bool:
    """Whether a grant of this visit was confirmed."""
    wanted = select(VisitEvent.visit).where(VisitEvent.visit == visit_id, VisitEvent.kind == "grant")
    return s.scalar(wanted) is not None


def pending(s: Session, code: str, queue: str, now: datetime) -> list[PendingGrant]:
    """What waits to be fetched, oldest first."""
    wanted = select(PendingGrant).where(PendingGrant.hotspot_code == code, PendingGrant.queue == queue)
    return list(s.scalars(wanted.where(PendingGrant.expires_at > now).order_by(PendingGrant.created_at)))


def forget_pending(s: Session, ids: Sequence[str]) -> None:
    """Removes grants that were fetched."""
    s.execute(delete(PendingGrant).where(PendingGrant.id.in_(ids)))


def forget_expired(s: Session, now: datetime) -> int:
    """Removes grants that nobody fetched in time; returns how many."""
    done = s.execute(delete(PendingGrant).where(PendingGrant.expires_at <= now))
    return int(done.rowcount)  # type: ignore[attr-defined]
