"""What goes into a proof pack, read from the ledger row by row."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import IO, Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, select, true
from sqlalchemy.orm import Session

from core.db import from_ms
from core.http import stamp
from core.paths import below
from measure.hours import day_bounds_ms
from measure.models import Gap, HourlyCount, Name, Play, PlayAck, RefusedPlay, Showing, Slice
from places.models import DEFAULT_TIMEZONE, Location
from places.queries import locations_by_code
from places.venues import VENUES
from playlists.queries import campaign as campaign_of
from playlists.queries import latest
from reports.proof import GAP_COLUMNS, HOUR_COLUMNS, PLAY_COLUMNS, REFUSED_COLUMNS, Sheet, write_pack
from reports.signing import Signer
from reports.tables import Value

_AT_ONCE = 500
_ENDED = ("complete", "cut", "error")
_DISPLAY = ("unknown", "on", "off")
_SHOWN_AT_ONCE = 4_096
_OF_PLAY = (
    PlayAck.screen, PlayAck.epoch, Play.seq, Play.at, Play.delay_ms, Play.duration_ms, Play.expected_ms, Play.ended,
    Play.display, Play.sure,
)  # fmt: skip
_OF_SHOWING = (
    Showing.timezone, Showing.location, Showing.area_path, Showing.campaign, Showing.creative, Showing.sha256,
    Showing.language, Showing.placement, Showing.revision,
)  # fmt: skip
Row = tuple[Value, ...]


class Evidence:
    """The ledger of some days (local dates, both included), of one campaign or all, below some areas."""

    def __init__(self, s: Session, first: date, last: date, campaign: str | None, under: list[str]) -> None:
        self._s, self._campaign, self._under = s, campaign, under
        self.first, self.last = first, last
        self._begin, self._end = day_bounds_ms(first, DEFAULT_TIMEZONE)[0], day_bounds_ms(last, DEFAULT_TIMEZONE)[1]
        self._names: dict[tuple[str, str], str] = {
            (each.kind, each.ref): each.name for each in s.scalars(select(Name).order_by(Name.since))
        }
        codes = s.scalars(select(Showing.location).distinct())
        self._places: dict[str, Location] = locations_by_code(s, codes)

    def sheets(self) -> list[Sheet]:
        """The files of the pack."""
        return [
            Sheet("plays.csv", PLAY_COLUMNS, self.plays()),
            Sheet("hours.csv", HOUR_COLUMNS, self._hours()),
            Sheet("gaps.csv", GAP_COLUMNS, self._gaps()),
            Sheet("refused.csv", REFUSED_COLUMNS, self._refused()),
        ]

    def plan(self) -> dict[str, Any]:
        """What was planned: the campaign as it was last published, or only the span where the pack is of a day."""
        found = campaign_of(self._s, self._campaign) if self._campaign else None
        published = latest(self._s, "campaign", found.id) if found else None
        return {
            "campaign": {"id": found.id, "name": found.name} if found else None,
            "published": published.snapshot if published else None,
        }

    def about(self) -> dict[str, Any]:
        """What the pack is of."""
        return {
            "from": self.first.isoformat(),
            "to": self.last.isoformat(),
            "campaign": self._campaign,
            "areas": self._under,
        }

    def plays(self) -> Iterator[Row]:
        """Every play in the order of the logs, as PLAY_COLUMNS names its cells, read a little at a time."""
        query = (
            select(*_OF_PLAY, *_OF_SHOWING)
            .join(PlayAck, PlayAck.stream == Play.stream)
            .join(Showing, Showing.id == Play.showing)
            .where(Play.at >= self._begin, Play.at < self._end, below(Showing.area_path, self._under))
            .where(Showing.campaign == self._campaign if self._campaign else true())
            .order_by(Play.stream, Play.seq)
            .execution_options(yield_per=_AT_ONCE)
        )
        shown = lru_cache(_SHOWN_AT_ONCE)(self._shown)
        for row in self._s.execute(query):
            screen, epoch, seq, at, delay_ms, duration_ms, expected_ms, ended, display, sure, *showing = row
            zone, cells = shown(*showing)
            yield (
                screen,
                epoch,
                seq,
                stamp(from_ms(at)),
                from_ms(at).astimezone(zone).isoformat(timespec="milliseconds"),
                duration_ms,
                expected_ms,
                _ENDED[ended],
                _DISPLAY[display],
                "yes" if sure else "no",
                stamp(from_ms(at + delay_ms)),
                *cells,
            )

    def _shown(self, zone: str, location: str, area_path: str, *link: str) -> tuple[ZoneInfo, Row]:
        """The time zone of a showing, and the cells that are the same for thousands of its plays."""
        campaign, creative, sha256, language, placement, revision = link
        place = self._places.get(location)
        venue = VENUES.get(place.venue_kind) if place else None
        return _zone(zone), (
            campaign,
            self._names.get(("campaign", campaign), ""),
            creative,
            self._names.get(("creative", creative), ""),
            sha256,
            language,
            placement,
            revision,
            location,
            self._names.get(("location", location), ""),
            area_path,
            place.latitude if place else None,
            place.longitude if place else None,
            place.venue_kind if place else "",
            venue.openooh if venue else None,
            place.audience_multiplier if place else None,
        )

    def _hours(self) -> Iterator[Row]:
        query = select(HourlyCount, Slice).join(Slice, Slice.id == HourlyCount.slice)
        query = query.where(HourlyCount.local_date.between(self.first, self.last), below(Slice.area_path, self._under))
        query = query.where(Slice.campaign == self._campaign if self._campaign else true())
        for hour, of in self._s.execute(
            query.order_by(HourlyCount.hour, HourlyCount.slice).execution_options(yield_per=_AT_ONCE)
        ):
            what = (of.metric, of.location, of.campaign, of.creative, of.language)
            yield (stamp(from_ms(hour.hour)), *what, hour.n, hour.late)

    def _gaps(self) -> Iterator[Row]:
        query = select(Gap, PlayAck.screen, PlayAck.epoch).join(PlayAck, PlayAck.stream == Gap.stream)
        query = query.where(self._within(Gap.before), below(Gap.area_path, self._under))
        for gap, screen, epoch in self._s.execute(query.order_by(Gap.stream, Gap.from_seq)):
            after = stamp(from_ms(gap.after)) if gap.after is not None else None
            yield (screen, epoch, gap.from_seq, gap.to_seq, after, stamp(from_ms(gap.before)), gap.location)

    def _refused(self) -> Iterator[Row]:
        query = select(RefusedPlay, PlayAck.screen, PlayAck.epoch).join(PlayAck, PlayAck.stream == RefusedPlay.stream)
        query = query.where(self._within(RefusedPlay.received), below(PlayAck.area_path, self._under))
        for row, screen, epoch in self._s.execute(query.order_by(RefusedPlay.stream, RefusedPlay.seq)):
            yield (screen, epoch, row.seq, row.reason, stamp(from_ms(row.received)))

    def _within(self, column: Any) -> ColumnElement[bool]:
        return (column >= self._begin) & (column < self._end)  # type: ignore[no-any-return]


@lru_cache(maxsize=64)
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def proof_pack(
    s: Session, first: date, last: date, *, campaign: str | None, under: list[str], signer: Signer, now: datetime
) -> IO[bytes]:
    """The pack as an open file, at its beginning; on disk once it is large."""
    evidence = Evidence(s, first, last, campaign, under)
    out = tempfile.SpooledTemporaryFile(max_size=4_000_000)  # noqa: SIM115 - the caller sends it and closes it
    write_pack(out, evidence.about(), evidence.sheets(), evidence.plan(), signer, now.astimezone(UTC))
    out.seek(0)
    return out
