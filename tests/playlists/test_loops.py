"""A loop: shares of air time, spread, caps, rotation."""

from collections import Counter
from itertools import pairwise

import pytest

from playlists.loops import Loop, build, deck, spoken
from playlists.programme import CreativeFacts
from playlists.shares import LAST_RESORT, Card, Contender, divide, heard
from playlists.zones import HOUR_MS

VI = ("vi",)


def contender(
    name: str,
    weight: int = 1,
    *,
    seconds: int = 10,
    campaign: str = "",
    level: int = 1,
    cap: int | None = None,
    size: int = 1,
) -> Contender:
    cards = tuple(Card(f"{name}{place}", "vi", seconds * 1000) for place in range(size))
    return Contender(name, campaign or name, weight, level, cap, cards)


def air(loop: Loop) -> dict[str, float]:
    """Each placement's part of air time, in per cent."""
    time: Counter[str] = Counter()
    for entry in loop.entries:
        time[entry.placement_id] += entry.duration_ms
    return {name: round(part * 100 / loop.length_ms, 2) for name, part in sorted(time.items())}


def names(loop: Loop) -> str:
    return " ".join(entry.placement_id for entry in loop.entries)


def test_it_works() -> None:
    assert names(build((contender("a", 50), contender("b", 50)))) == "a b"


def test_weights_are_kept_exactly_where_they_can_be() -> None:
    assert air(build((contender("a", 70), contender("b", 20), contender("c", 10)))) == {"a": 70, "b": 20, "c": 10}


def test_weights_share_air_time_whatever_the_lengths() -> None:
    loop = build((contender("a", 50, seconds=60), contender("b", 30, seconds=7), contender("c", 20, seconds=13)))
    for name, part in {"a": 50, "b": 30, "c": 20}.items():
        assert air(loop)[name] == pytest.approx(part, rel=0.02)
    assert loop.short == ()


def test_plays_are_spread_evenly() -> None:
    assert names(build((contender("a", 4), contender("b", 1)))) == "a a b a a"


def test_a_loop_has_at_most_400_entries() -> None:
    loop = build(tuple(contender(f"p{n:02}", 100 if n else 1, seconds=5 + n) for n in range(30)))
    assert len(loop.entries) <= 400
    assert len(air(loop)) == 30


def test_more_placements_than_a_loop_holds_are_reported() -> None:
    loop = build(tuple(contender(f"p{n:03}") for n in range(450)))
    assert len(loop.entries) == 400
    assert Counter(one.reason for one in loop.short) == {"left_out": 50}


def test_a_rotation_too_long_for_the_loop_is_reported() -> None:
    loop = build((contender("a", 100), contender("b", 1, size=20)))
    assert [(one.placement_id, one.reason) for one in loop.short] == [("b", "rotation")]


def test_two_of_a_campaign_do_not_follow_each_other() -> None:
    rows = (contender("a", 25, campaign="x"), contender("b", 25, campaign="x"), contender("c", 50, campaign="y"))
    families = [entry.campaign_id for entry in build(rows).entries]
    assert all(one != two for one, two in pairwise([*families, families[0]]))


def test_where_it_cannot_be_avoided_the_others_stand_between() -> None:
    rows = (contender("a", 80, campaign="x"), contender("b", 10, campaign="y"), contender("c", 10, campaign="z"))
    families = "".join(str(entry.campaign_id) for entry in build(rows).entries)
    assert "yz" not in families
    assert "zy" not in families


def test_a_cap_leaves_its_air_time_to_the_others() -> None:
    loop = build((contender("a", 50), contender("b", 50, cap=6)))
    plays = [entry.placement_id for entry in loop.entries].count("b")
    assert plays * HOUR_MS <= 6 * loop.length_ms
    assert air(loop)["a"] > 95


def test_what_all_caps_leave_free_falls_to_the_next_level() -> None:
    rows = (contender("a", level=0, cap=6), contender("b", level=1), contender("z", level=LAST_RESORT))
    assert [one.placement_id for one in heard(rows)] == ["a", "b"]
    assert set(air(build(rows))) == {"a", "b"}


def test_a_capped_placement_alone_is_filled_up_with_the_fallback() -> None:
    loop = build((contender("a", cap=12), contender("z", level=LAST_RESORT)))
    assert 0 < air(loop)["a"] < 4


def test_the_higher_level_is_heard_alone() -> None:
    assert [one.placement_id for one in heard((contender("a", level=0), contender("b", level=1)))] == ["a"]


def test_shares_add_up_to_the_whole() -> None:
    rows = (contender("a", 60), contender("b", 30, cap=60, seconds=5), contender("c", 10))
    parts = divide(rows)
    assert parts[0] == 6 * parts[2]
    assert parts[1] / sum(parts) == pytest.approx(5 / 70)


def test_a_placement_that_has_not_played_may_begin_at_once() -> None:
    rows = (contender("a"), contender("b", cap=2))
    assert names(build(rows, frozenset(("b",)))).index("b") < names(build(rows)).index("b")


def test_a_deck_shows_each_creative_in_each_language() -> None:
    both = [CreativeFacts("a", 1000, ("vi", "en")), CreativeFacts("b", 1000, ("vi", "en"))]
    assert [(card.creative_id, card.language) for card in deck(both, ("vi", "en"))] == [
        ("a", "vi"),
        ("b", "en"),
        ("a", "en"),
        ("b", "vi"),
    ]


def test_a_deck_is_no_longer_than_it_must_be() -> None:
    assert len(deck([CreativeFacts("a", 1000, VI)], ("vi", "en", "ko"))) == 1


def test_a_language_that_is_missing_falls_to_the_next() -> None:
    assert spoken(CreativeFacts("a", 1000, ("en",)), ("vi", "ko"), 0) == "en"
    assert spoken(CreativeFacts("a", 1000, ("ko",)), ("vi", "ko"), 0) == "ko"


def test_the_same_contenders_make_the_same_loop() -> None:
    rows = tuple(contender(f"p{n}", n + 1, seconds=3 + n, size=n % 3 + 1) for n in range(9))
    first = build(rows)
    build.cache_clear()
    assert build(rows) == first


def test_where_all_must_wait_for_their_caps_somebody_else_plays() -> None:
    """Three that together fill the hour, none of which may begin at once: the filler does."""
    rows = (*(contender(name, cap=120, seconds=20, level=0) for name in "abc"), contender("z", level=LAST_RESORT))
    loop = build(rows)
    assert loop.entries[0].placement_id == "z"
    assert {entry.placement_id for entry in loop.entries} == {"a", "b", "c", "z"}
