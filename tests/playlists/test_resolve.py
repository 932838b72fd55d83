"""What one spot plays in a window."""

from datetime import UTC, datetime, timedelta

import pytest

from playlists.dayparts import Daypart, Hours
from playlists.programme import Fallback, Takeover
from playlists.resolve import resolve
from playlists.targets import Target
from tests.playlists.worlds import EVERYWHERE, MONDAY, NOON, campaign, creative, placement, spot, world

TWO_DAYS = timedelta(hours=48)


def test_it_works() -> None:
    programme = resolve(world(campaign("c", placement("p"))), spot(), NOON, NOON + TWO_DAYS)
    assert [(one.start, one.until) for one in programme.segments] == [(NOON, NOON + TWO_DAYS)]
    assert [entry.creative_id for entry in programme.segments[0].loop] == ["p"]


def test_an_empty_world_plays_the_built_in_fallback() -> None:
    programme = resolve(world(), spot(), NOON, NOON + TWO_DAYS)
    assert [entry.creative_id for one in programme.segments for entry in one.loop] == ["builtin"]
    assert programme.next_change is None


def test_segments_follow_each_other_without_a_hole() -> None:
    morning = placement("p", hours=Hours((Daypart(7 * 60, 9 * 60),)))
    segments = resolve(world(campaign("c", morning)), spot(), NOON, NOON + TWO_DAYS).segments
    assert [one.until for one in segments[:-1]] == [one.start for one in segments[1:]]
    assert (segments[0].start, segments[-1].until) == (NOON, NOON + TWO_DAYS)
    assert [one.loop[0].creative_id for one in segments] == ["builtin", "p", "builtin", "p", "builtin"]


def test_a_short_daypart_shows_another_creative_each_day() -> None:
    """One play a day: were the rotation begun anew each morning, the second creative would never be seen."""
    minute = placement("p", "a", "b", "c", hours=Hours((Daypart(7 * 60, 7 * 60 + 1),)))
    made = world(campaign("c", minute), creatives=[creative(name, 60) for name in "abc"])
    week = resolve(made, spot(), MONDAY, MONDAY + timedelta(days=7)).segments
    shown = [one.loop[0].creative_id for one in week if one.loop[0].campaign_id]
    assert shown == ["a", "b", "c", "a", "b", "c", "a"]


def test_nothing_plays_after_its_campaign_has_ended() -> None:
    short = campaign("c", placement("p"), ends_at=NOON + timedelta(hours=1))
    first, second = resolve(world(short), spot(), NOON, NOON + TWO_DAYS).segments
    assert first.until == NOON + timedelta(hours=1)
    assert second.loop[0].creative_id == "builtin"


def test_weights_share_air_time_not_plays() -> None:
    rows = (placement("long", weight=50), placement("short", weight=50))
    lengths = (creative("long", 30), creative("short", 10))
    loop = resolve(
        world(campaign("a", rows[0]), campaign("b", rows[1]), creatives=lengths), spot(), NOON, NOON + TWO_DAYS
    )
    names = [entry.creative_id for entry in loop.segments[0].loop]
    assert (names.count("long"), names.count("short")) == (1, 3)


def test_the_higher_level_plays_alone() -> None:
    rows = (placement("a", priority="important"), placement("b"), placement("c", priority="filler"))
    loop = resolve(world(campaign("x", *rows)), spot(), NOON, NOON + TWO_DAYS).segments[0].loop
    assert {entry.placement_id for entry in loop} == {"a"}


def test_a_takeover_is_exclusive_and_ends_by_itself() -> None:
    ends = NOON + timedelta(minutes=20)
    taken = Takeover("t", "flood", EVERYWHERE, NOON + timedelta(minutes=10), ends)
    programme = resolve(world(campaign("c", placement("p")), takeovers=(taken,)), spot(), NOON, NOON + TWO_DAYS)
    assert [{entry.creative_id for entry in one.loop} for one in programme.segments] == [{"p"}, {"flood"}, {"p"}]
    assert programme.takeover is not None
    assert (programme.takeover.id, programme.takeover.until) == ("t", ends)
    assert programme.takeover_at(ends) is None


def test_of_two_takeovers_the_one_that_started_later_rules() -> None:
    early = Takeover("t2", "early", EVERYWHERE, NOON, NOON + timedelta(hours=3))
    late = Takeover("t1", "late", EVERYWHERE, NOON + timedelta(hours=1), NOON + timedelta(hours=2))
    programme = resolve(world(takeovers=(late, early)), spot(), NOON, NOON + TWO_DAYS)
    assert [one.loop[0].creative_id for one in programme.segments] == ["early", "late", "early", "builtin"]


def test_a_district_never_plays_outside_itself() -> None:
    theirs = campaign("c", placement("p"), owner_path="/93/")
    elsewhere = spot(area_path="/79/79-1/")
    assert resolve(world(theirs), elsewhere, NOON, NOON + TWO_DAYS).segments[0].loop[0].creative_id == "builtin"


def test_the_nearest_fallback_is_taken() -> None:
    rules = (Fallback("area", "93", "province"), Fallback("area", "93-1", "commune"), Fallback("location", "x", "mall"))
    w = world(fallbacks=rules)
    shown = [
        resolve(w, one, NOON, NOON + TWO_DAYS).fallback.creative_id
        for one in (spot(), spot(location="x"), spot(area_path="/93/93-2/"), spot(area_path="/79/"))
    ]
    assert shown == ["commune", "mall", "province", "builtin"]


def test_a_withdrawn_creative_is_off_at_once() -> None:
    gone = creative("b", withdrawn_at=MONDAY)
    loop = resolve(world(campaign("c", placement("p", "a", "b")), creatives=(gone,)), spot(), NOON, NOON + TWO_DAYS)
    assert {entry.creative_id for entry in loop.segments[0].loop} == {"a"}


def test_languages_take_turns_by_the_location_s_mix() -> None:
    w = world(campaign("c", placement("p", "a")), creatives=(creative("a", languages=("vi", "en", "ko")),))
    loop = resolve(w, spot(languages=("vi", "en", "vi", "zh")), NOON, NOON + TWO_DAYS).segments[0].loop
    assert [entry.language for entry in loop] == ["vi", "en", "vi", "vi"]


def test_the_next_change_is_told_even_beyond_the_window() -> None:
    later = campaign("c", placement("p"), starts_at=MONDAY + timedelta(days=20))
    assert resolve(world(later), spot(), NOON, NOON + TWO_DAYS).next_change == MONDAY + timedelta(days=20)


def test_the_revision_does_not_depend_on_the_window_nor_on_names() -> None:
    first = world(campaign("c", placement("p"), title="One"))
    second = world(campaign("c", placement("p"), title="Two"))
    revisions = {
        resolve(w, spot(), at, at + TWO_DAYS).revision
        for w in (first, second)
        for at in (NOON, NOON + timedelta(days=40))
    }
    assert len(revisions) == 1


def test_the_revision_changes_with_what_is_played() -> None:
    other = world(campaign("c", placement("p", target=Target(tags=("vip",)))))
    first = resolve(world(campaign("c", placement("p"))), spot(), NOON, NOON + TWO_DAYS)
    assert first.revision != resolve(other, spot(), NOON, NOON + TWO_DAYS).revision


def test_an_empty_window_is_refused() -> None:
    with pytest.raises(ValueError):
        resolve(world(), spot(), NOON, NOON)


def test_hours_are_those_of_the_spot_s_own_zone() -> None:
    morning = placement("p", hours=Hours((Daypart(7 * 60, 9 * 60),)))
    there = spot(timezone="Europe/Paris")
    programme = resolve(world(campaign("c", morning)), there, NOON, NOON + TWO_DAYS)
    assert programme.segments[1].start == datetime(2026, 11, 23, 6, tzinfo=UTC)
