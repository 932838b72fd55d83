"""Making the reports that are due: counted, completed with what the unit says, frozen and signed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from core.ids import new_id
from measure.metrics import METRICS
from measure.queries import PlaceCounts, counts_until
from measure.uniques import uniques
from places.models import Area
from places.queries import area, locations_by_code
from reports import queries
from reports.closing import AGGREGATE, UNIT, Closing
from reports.completeness import completeness
from reports.content import (
    AggregateContent,
    AreaRef,
    Content,
    Figures,
    InstallLine,
    NoteLine,
    PeopleLine,
    UnitContent,
    UnitLine,
    add,
    decode,
    encode,
)
from reports.models import DayReport, Installs
from reports.rates import progress
from reports.signing import Signer, sha256

ONE_DAY = timedelta(days=1)


class Totals:
    """Everything counted up to an hour, by area path; asked for once and shared by the units that close together."""

    def __init__(self, s: Session) -> None:
        self._s = s
        self._known: dict[datetime, dict[str, Figures]] = {}

    def of(self, closing: Closing, until: datetime) -> Figures:
        """What was counted up to `until` in the area itself, and below it if nothing else reports there."""
        if until not in self._known:
            local_day = until.astimezone(closing.counted_to.tzinfo).date()
            self._known[until] = self._by_path(counts_until(self._s, local_day, round(until.timestamp() * 1000)))
        return self._known[until].get(closing.area_path, Figures(dict.fromkeys(METRICS, 0), 0.0))

    def _by_path(self, counted: Iterable[PlaceCounts]) -> dict[str, Figures]:
        rows = list(counted)
        place_of = locations_by_code(self._s, (each.location for each in rows))
        found: dict[str, list[Figures]] = {}
        for each in rows:
            place = place_of.get(each.location)
            multiplier = place.audience_multiplier if place else 1.0
            found.setdefault(each.area_path, []).append(Figures(each.counts, each.counts.get("plays", 0) * multiplier))
        return {path: add(figures) for path, figures in found.items()}


def make_report(s: Session, closing: Closing, totals: Totals, now: datetime) -> Content | None:
    """What the report says, from what is known now; None where the area is gone."""
    place = area(s, closing.area)
    if place is None:
        return None
    if closing.kind == UNIT:
        return _unit(s, closing, place, totals, now)
    return _aggregate(s, closing, place, now)


def freeze(s: Session, closing: Closing, content: Content, signer: Signer) -> DayReport | None:
    """Keeps the report for good, once; None where another process was first."""
    if queries.report(s, closing.area, closing.day, closing.kind) is not None:
        return None
    written = encode(content)
    made = DayReport(
        id=new_id("rep"),
        area=closing.area,
        area_path=closing.area_path,
        day=closing.day,
        kind=closing.kind,
        closes_at=closing.closes_at,
        made_at=content.made_at,
        content=written.decode(),
        sha256=sha256(written),
        signature=signer.sign(written),
    )
    s.add(made)
    s.flush()
    return made


def _unit(s: Session, closing: Closing, place: Area, totals: Totals, now: datetime) -> UnitContent:
    before = queries.previous_report(s, closing.area, closing.day, UNIT)
    last = decode(before.content) if before else None
    begin = last.period_until if isinstance(last, UnitContent) else closing.counted_to - ONE_DAY
    until_begin, until_end = totals.of(closing, begin), totals.of(closing, closing.counted_to)
    return UnitContent(
        area=AreaRef(place.code, place.name, place.path),
        day=closing.day,
        closes_at=closing.closes_at,
        made_at=now,
        period_from=begin,
        period_until=closing.counted_to,
        period=add([until_end, until_begin], sign=-1),
        adjustments=add([until_begin, last.total if last else until_begin], sign=-1),
        total=until_end,
        people=_people(s, closing),
        installs=install_line(s, place, closing),
        completeness=completeness(s, begin, closing.closes_at, under=[closing.area_path], exactly=True),
        note=_note(s, closing, closing.closes_at),
        previous=before.sha256 if before else None,
    )


def _aggregate(s: Session, closing: Closing, place: Area, now: datetime) -> AggregateContent:
    units = [
        _unit_line(s, each)
        for each in queries.reports(s, [closing.area_path], day=closing.day, kind=UNIT, limit=10_000)
    ]
    made = {each.area.code for each in units}
    expected = {each.code: each for each in queries.reporting_areas(s, [closing.area_path])}
    before = queries.previous_report(s, closing.area, closing.day, AGGREGATE)
    contents = [each.period for each in units]
    return AggregateContent(
        area=AreaRef(place.code, place.name, place.path),
        day=closing.day,
        closes_at=closing.closes_at,
        made_at=now,
        period=add(contents),
        adjustments=add(each.adjustments for each in units),
        total=add(_totals_of(s, closing)),
        people=_people(s, closing),
        installs=install_line(s, place, closing) or _sum_installs(units, place, closing),
        screens=sum(each.screens for each in units),
        heard=sum(each.heard for each in units),
        missing_plays=sum(each.missing_plays for each in units),
        units=units,
        late=[each.area.name for each in units if each.late and each.area.code != closing.area],
        not_made=sorted(code for code in expected if code not in made),
        previous=before.sha256 if before else None,
    )


def _totals_of(s: Session, closing: Closing) -> list[Figures]:
    made = queries.reports(s, [closing.area_path], day=closing.day, kind=UNIT, limit=10_000)
    return [decode(each.content).total for each in made]


def _unit_line(s: Session, made: DayReport) -> UnitLine:
    """A unit as its frozen report has it; what it added after its closing is there, and marked."""
    content = decode(made.content)
    assert isinstance(content, UnitContent)
    added = queries.note(s, made.area, made.day)
    note = NoteLine(added.remark, added.by_hand, added.at, added.first_at <= made.closes_at) if added else None
    return UnitLine(
        area=content.area,
        report=made.sha256,
        period=content.period,
        adjustments=content.adjustments,
        installs=content.installs,
        screens=content.completeness.screens,
        heard=content.completeness.heard,
        missing_plays=content.completeness.missing_plays,
        note=note,
        late=note is None or not note.on_time,
    )


def _people(s: Session, closing: Closing) -> list[PeopleLine]:
    seen = uniques(s, closing.day, closing.day, under=[closing.area_path])
    return [PeopleLine(each.kind, each.estimate, each.plus_minus) for each in seen]


def _note(s: Session, closing: Closing, closes_at: datetime) -> NoteLine | None:
    added = queries.note(s, closing.area, closing.day)
    return NoteLine(added.remark, added.by_hand, added.at, added.first_at <= closes_at) if added else None


def install_line(s: Session, place: Area, closing: Closing) -> InstallLine | None:
    """What is known of an area's installs on a day, against its people and its target."""
    told = queries.installs(s, place.code, closing.day)
    officials = queries.installs(s, place.code, closing.day, "officials")
    return _line(told, place, closing, officials.total if officials else None) if told else None


def _sum_installs(units: list[UnitLine], place: Area, closing: Closing) -> InstallLine | None:
    """Where nobody told a number for the whole: the sum of the parts, and called so."""
    told = [each.installs for each in units if each.installs is not None]
    if not told:
        return None
    summed = Installs(total=sum(each.total for each in told), day=min(each.day for each in told), source="sum of units")
    return _line(summed, place, closing, None)


def _line(told: Installs, place: Area, closing: Closing, officials_told: int | None) -> InstallLine:
    target = place.target_population_pct / 100 if place.target_population_pct is not None else None
    so_far = progress(told.total, place.population or 0, target, place.target_by, closing.day)
    phones = place.smartphone_users
    officials = place.settings.get("officials")
    return InstallLine(
        total=told.total,
        day=told.day,
        source=told.source,
        population=place.population,
        share=so_far.share if so_far else None,
        smartphone_users=phones,
        share_of_smartphones=told.total / phones if phones else None,
        target_share=target,
        target_by=place.target_by,
        missing=so_far.missing if so_far else None,
        per_day=so_far.per_day if so_far else None,
        officials_total=officials_told,
        officials=officials if isinstance(officials, int) else None,
    )
