"""What holds in every world. The short form runs always; ``-m full`` runs thousands of worlds."""

from collections import Counter, defaultdict
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import zip_longest
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from playlists.dayparts import Daypart, Hours
from playlists.index import index_of
from playlists.programme import Campaign, Programme, Spot, World
from playlists.resolve import resolve
from tests.playlists import reference, strategies

SHORT = settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
DAYS = timedelta(days=1)
HOUR = timedelta(hours=1)
Case = tuple[World, Spot, datetime]


@st.composite
def cases(draw: st.DrawFn, capped: bool = True) -> Case:
    anchor = draw(strategies.anchors)
    return draw(strategies.worlds(anchor, capped)), draw(strategies.spots), anchor


@st.composite
def edits(draw: st.DrawFn) -> tuple[Case, World]:
    """A world, and the same one after an edit that may or may not be seen."""
    case = draw(cases())
    world = case[0]
    how = draw(st.sampled_from(("nothing", "rename", "reorder", "drop", "weight", "split", "hours", "cap", "other")))
    return case, edited(world, how, draw(st.integers(0, 10)), draw(strategies.worlds(case[2])))


def edited(world: World, how: str, which: int, other: World) -> World:
    """One campaign changed in the way named; ``which`` picks it."""
    if how == "other":
        return other
    listed = list(world.campaigns)
    if not listed or how == "nothing":
        return replace(world, worked_out={})
    if how == "reorder":
        return replace(world, campaigns=tuple(reversed(listed)), worked_out={})
    place = which % len(listed)
    if how == "drop":
        del listed[place]
    else:
        listed[place] = changed(listed[place], how)
    return replace(world, campaigns=tuple(listed), worked_out={})


def changed(campaign: Campaign, how: str) -> Campaign:
    row, rest = campaign.placements[0], campaign.placements[1:]
    match how:
        case "rename":
            return replace(campaign, name="Another name")
        case "weight":
            row = replace(row, weight=row.weight % 100 + 1)
        case "cap":  # one that nothing comes near to, or none
            row = replace(row, max_plays_per_hour=None if row.max_plays_per_hour else 600)
        case "split":  # the same hours in two pieces
            row = replace(row, hours=replace(row.hours, dayparts=split(row.hours.dayparts)))
        case "hours":
            row = replace(row, hours=Hours((Daypart(0, 6 * 60),), row.hours.on_holidays))
    return replace(campaign, placements=(row, *rest))


def split(parts: tuple[Daypart, ...]) -> tuple[Daypart, ...]:
    return tuple(
        half
        for part in parts or (Daypart(),)
        for half in (
            (replace(part, end=part.start + 1), replace(part, start=part.start + 1))
            if part.start + 1 < 1440 and part.minutes > 1
            else (part,)
        )
    )


def whole(case: Case) -> Programme:
    """All that ever plays: campaigns begin and end within five days of the anchor."""
    world, spot, anchor = case
    return resolve(world, spot, anchor - 3 * DAYS, anchor + 5 * DAYS)


def no_holes(case: Case) -> None:
    programme = whole(case)
    _, _, anchor = case
    assert programme.segments[0].start == anchor - 3 * DAYS
    assert programme.segments[-1].until == anchor + 5 * DAYS
    for before, after in zip(programme.segments, programme.segments[1:], strict=False):
        assert before.until == after.start
        assert (before.loop, before.takeover_id) != (after.loop, after.takeover_id)
    for segment in programme.segments:
        assert segment.start < segment.until
        assert 0 < len(segment.loop) <= 400


def agrees(case: Case, hours: float, step: timedelta, start: datetime) -> None:
    """The fast one and the slow one, moment by moment."""
    world, spot, _ = case
    programme = resolve(world, spot, start, start + hours * HOUR)
    at = start
    for segment in programme.segments:
        heard = {entry.placement_id for entry in segment.loop if not entry.placement_id.startswith("fallback:")}
        while at < segment.until:
            assert reference.heard(world, spot, at) == heard, at
            at += step


def revision_tells(case: Case, other: World) -> None:
    """The revision differs exactly when an obedient player would show something else at some moment."""
    _, spot, anchor = case
    one, two = whole(case), whole((other, spot, anchor))
    seen = all(left == right for left, right in zip_longest(reference.played(one), reference.played(two)))
    takeovers = [(slot.id, slot.start, slot.until) for slot in one.takeovers] == [
        (slot.id, slot.start, slot.until) for slot in two.takeovers
    ]
    assert (one.revision == two.revision) == (seen and takeovers)


def caps_hold(case: Case) -> None:
    """In no hour, wherever it begins, a placement plays more often than its cap."""
    world, _, _ = case
    caps = {row.id: row.max_plays_per_hour for one in world.campaigns for row in one.placements}
    plays: dict[str, list[int]] = defaultdict(list)
    for at, entry in reference.played(whole(case)):
        if caps.get(entry.placement_id):
            plays[entry.placement_id].append(at)
    for name, moments in plays.items():
        cap = caps[name] or 0
        for first, later in zip(moments, moments[cap:], strict=False):
            assert later - first >= 3_600_000, (name, first, later)


def shares_are_kept(case: Case) -> None:
    """In each loop every placement has its share of air time, give or take one play; of just the others it is told.

    It is those whose share would need more plays than a loop may hold.
    """
    world, spot, _ = case
    rows = {row.id: row for one in world.campaigns for row in one.placements}
    index = index_of(world)
    for stage in index.timeline(index.profile(spot)).stages:
        air: Counter[str] = Counter()
        for entry in stage.loop.entries:
            air[entry.placement_id] += entry.duration_ms
        if stage.takeover_id or not air.keys() <= rows.keys():
            continue
        weights = {name: rows[name].weight for name in air}
        longest = {one.placement_id: one.longest_ms for one in stage.contenders}
        total, loop = sum(weights.values()), sum(air.values())
        missed = {n for n, time in air.items() if abs(time * total - weights[n] * loop) > longest[n] * total}
        told = {one.placement_id for one in stage.loop.short if one.reason == "share"}
        assert missed == told, (dict(air), weights, stage.loop.short)
        assert not missed or sum(weights[n] * loop // (total * longest[n]) for n in air) > 300, (dict(air), weights)


def no_two_in_a_row(case: Case) -> None:
    """Two plays of one campaign follow each other only where nothing else could have come between.

    What is capped cannot always: it may not be its time again.
    """
    world, _, _ = case
    capped = {row.id for one in world.campaigns for row in one.placements if row.max_plays_per_hour}
    for segment in whole(case).segments:
        families = [entry.campaign_id or entry.placement_id for entry in segment.loop]
        free = Counter(
            family for family, entry in zip(families, segment.loop, strict=True) if entry.placement_id not in capped
        )
        if all(plays <= free.total() - free[name] for name, plays in Counter(families).items()):
            assert all(one != two for one, two in zip(families, families[1:] + families[:1], strict=True)), families


def rotation_is_even(case: Case) -> None:
    """Creatives of one placement come equally often in a loop, give or take one, or the loop says that they cannot."""
    world, spot, _ = case
    index = index_of(world)
    for stage in index.timeline(index.profile(spot)).stages:
        loop = stage.loop
        seen = Counter((entry.placement_id, entry.creative_id) for entry in loop.entries)
        told = {short.placement_id for short in loop.short}
        for one in loop.playing:
            counts = [seen[one.placement_id, card.creative_id] for card in one.deck]
            assert one.placement_id in told or max(counts) - min(counts) <= 1, (counts, loop.short)


def rotation_goes_on(case: Case) -> None:
    """Where the same is heard again, each deck goes on with its next card, so that none is shown first each day."""
    world, spot, _ = case
    index = index_of(world)
    again: Counter[tuple[str, ...]] = Counter()
    for stage in index.timeline(index.profile(spot)).stages:
        order = tuple(entry.placement_id for entry in stage.loop.entries)
        if all(one.even for one in stage.loop.playing) and not stage.takeover_id:
            for one in stage.loop.playing:
                mine = [entry for entry in stage.loop.entries if entry.placement_id == one.placement_id]
                assert not mine or mine[0] == one.entries[again[order] % len(one.deck)]
        again[order] += 1


@given(cases())
@SHORT
def test_no_holes_and_no_overlap(case: Case) -> None:
    no_holes(case)


@given(cases(capped=False))
@settings(SHORT, max_examples=25)
def test_it_agrees_with_the_reference_minute_by_minute(case: Case) -> None:
    agrees(case, 24, timedelta(minutes=1), case[2] - timedelta(hours=6))


@given(cases(capped=False), st.integers(0, 40))
@settings(SHORT, max_examples=20)
def test_it_agrees_with_the_reference_second_by_second(case: Case, hours: int) -> None:
    agrees(case, 0.5, timedelta(seconds=1), case[2] + hours * HOUR)


@given(edits())
@settings(SHORT, max_examples=15)
def test_the_revision_changes_exactly_when_what_is_played_does(edit: tuple[Case, World]) -> None:
    revision_tells(*edit)


CHANGES = (  # a zone, the day at whose midnight UTC the worlds are laid out, and by how much the clocks change near it
    ("Europe/Paris", (2026, 3, 29), 60),
    ("Europe/Paris", (2026, 10, 25), -60),
    ("America/New_York", (2026, 3, 8), 60),
    ("America/New_York", (2026, 11, 1), -60),
    ("Australia/Adelaide", (2026, 10, 4), 60),
    ("Australia/Adelaide", (2026, 4, 5), -60),
    ("Australia/Lord_Howe", (2026, 10, 4), 30),
    ("Australia/Lord_Howe", (2026, 4, 5), -30),
    ("America/Santiago", (2026, 9, 6), 60),
    ("America/Santiago", (2026, 4, 5), -60),
    ("Asia/Kolkata", (2028, 2, 29), 0),  # half an hour off the others, on a leap day
    ("Asia/Ho_Chi_Minh", (2028, 2, 29), 0),
)


@pytest.mark.parametrize(("zone", "day", "minutes"), CHANGES)
def test_it_agrees_with_the_reference_where_the_clocks_change(
    zone: str, day: tuple[int, int, int], minutes: int
) -> None:
    anchor = datetime(*day, tzinfo=UTC)
    assert anchor in strategies.ANCHORS
    assert zone in strategies.ZONES
    ahead = [(anchor + hours * HOUR).astimezone(ZoneInfo(zone)).utcoffset() or timedelta() for hours in (-24, 24)]
    assert ahead[1] - ahead[0] == timedelta(minutes=minutes)

    @given(strategies.worlds(anchor, capped=False), strategies.spots)
    @settings(SHORT, max_examples=4)
    def there(world: World, spot: Spot) -> None:
        case = world, replace(spot, timezone=zone), anchor
        agrees(case, 48, timedelta(minutes=2), anchor - 24 * HOUR)
        no_holes(case)

    there()


@given(cases())
@settings(SHORT, max_examples=12)
def test_caps_hold_in_every_hour(case: Case) -> None:
    caps_hold(case)


@given(cases(capped=False))
@SHORT
def test_shares_are_kept_in_every_loop(case: Case) -> None:
    shares_are_kept(case)


@given(cases())
@SHORT
def test_no_two_of_a_campaign_in_a_row(case: Case) -> None:
    no_two_in_a_row(case)


@given(cases())
@SHORT
def test_rotation_is_even(case: Case) -> None:
    rotation_is_even(case)


@given(cases())
@SHORT
def test_rotation_goes_on_from_day_to_day(case: Case) -> None:
    rotation_goes_on(case)


@pytest.mark.full
@pytest.mark.timeout(3600)
def test_all_of_it_in_thousands_of_worlds() -> None:
    """Some ten minutes on one core. Prints how many worlds there were in each zone, and around which days."""
    met: Counter[str] = Counter()

    @given(cases(capped=False), st.integers(0, 40), edits())
    @settings(SHORT, max_examples=2000)
    def each(case: Case, hours: int, edit: tuple[Case, World]) -> None:
        day = case[2].date().isoformat()
        met.update((case[1].timezone, day, f"{case[1].timezone} {day}", "all"))
        everything_holds(case, hours, edit)

    each()
    print("\nworlds:", *(f"{name} {count}" for name, count in sorted(met.items())), sep="\n  ")
    assert met.keys() >= {*strategies.ZONES, *(one.date().isoformat() for one in strategies.ANCHORS)}
    assert met.keys() >= {f"{zone} {date(*day)}" for zone, day, _ in CHANGES}


def everything_holds(case: Case, hours: int, edit: tuple[Case, World]) -> None:
    agrees(case, 48, timedelta(minutes=1), case[2] - timedelta(hours=6))
    agrees(case, 0.2, timedelta(seconds=1), case[2] + hours * HOUR)
    shares_are_kept(case)
    revision_tells(*edit)
    for one in (case, edit[0]):
        no_holes(one)
        caps_hold(one)
        no_two_in_a_row(one)
        rotation_is_even(one)
        rotation_goes_on(one)
